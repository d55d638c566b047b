/**
 * Each expression is compiled and measured alone, in a child process, before it may stand beside others: one that takes
 * the child down, by time or by memory, is known by its number, and the others go on in the next child.
 *
 * Promises: every expression has a trial afterwards, or the whole has an end with a reason; it ends in bounded time.
 */
import type { Pattern, RegexPattern } from '#scanner/pattern.ts'
import { type ChildReport, type RunningChild, runCompileChild } from './child.ts'
import type { Ledger, Trial } from './ledger.ts'
import type { PatternLimits } from './report.ts'

export interface TrialOptions {
  readonly addon: string
  readonly limits: PatternLimits
  readonly ledger: Ledger
  readonly signal?: AbortSignal | undefined
  /** By performance.now(). */
  readonly deadline: number
  onProgress(done: number, total: number): void
}

export type Trials =
  | { readonly kind: 'tried'; readonly trials: ReadonlyMap<number, Trial> }
  | { readonly kind: 'failed'; readonly reason: string }

/** Regular expressions only: literals are quick to compile and to look for. */
export async function tryPatterns(patterns: readonly Pattern[], options: TrialOptions): Promise<Trials> {
  const expressions = new Map<number, RegexPattern>()
  patterns.forEach((pattern, index) => {
    if (pattern.kind === 'regex' && pattern.zones.length > 0) expressions.set(index, pattern)
  })
  const trials = new Map<number, Trial>()
  for (const [index, expression] of expressions) {
    const known = options.ledger.get(expression)
    if (known !== undefined) trials.set(index, known)
  }
  const keep = (index: number, trial: Trial): void => {
    trials.set(index, trial)
    options.ledger.set(expressions.get(index)!, trial)
    options.onProgress(trials.size, expressions.size)
  }
  options.onProgress(trials.size, expressions.size)
  while (trials.size < expressions.size) {
    const alone = [...expressions.keys()].filter(index => !trials.has(index))
    const failure = await tryInOneChild(patterns, alone, keep, options)
    if (failure !== undefined) return { kind: 'failed', reason: failure }
  }
  return { kind: 'tried', trials }
}

/** Ends when all are tried, or behind one that took the child down. A sentence when it cannot go on. */
async function tryInOneChild(
  patterns: readonly Pattern[],
  alone: readonly number[],
  keep: (index: number, trial: Trial) => void,
  { addon, limits, deadline, signal }: TrialOptions,
): Promise<string | undefined> {
  const time = deadline - performance.now()
  if (time <= 0) return `compiling took longer than ${limits.all / 1_000} s`
  let current: number | undefined
  let begun = 0
  let clock: NodeJS.Timeout | undefined
  /** On a busy machine the clock runs on while the child waits: only what it had counts against an expression. */
  const watch = (child: RunningChild): void => {
    const left = limits.each - (child.processorTime() - begun)
    if (left <= 0) child.stop()
    else clock = setTimeout(watch, Math.max(left, shortestWait), child)
  }
  const onReport = (report: ChildReport, child: RunningChild): void => {
    clearTimeout(clock)
    if (report.at === 'trying') {
      current = report.pattern
      begun = child.processorTime()
      clock = setTimeout(watch, limits.each, child)
    } else if (report.at === 'tried') {
      const { at: _, pattern, ...trial } = report
      current = undefined
      keep(pattern, noMemory.test(trial.reason) ? { ...trial, reason: tooMuchMemory(limits) } : trial)
    }
  }
  const suspicious = Math.min(limits.ordinary, limits.hostile) / 2
  const job = { addon, patterns, alone, memory: limits.memory, suspicious }
  const end = await runCompileChild({ job, time, signal, onReport })
  clearTimeout(clock)
  if (end.kind === 'done') return undefined
  if (end.kind === 'cancelled') return 'compiling was cancelled'
  if (performance.now() >= deadline) return `compiling took longer than ${limits.all / 1_000} s`
  if (current === undefined) return end.kind === 'died' ? end.reason : 'the compiling process was stopped'
  const why = end.kind === 'died' ? end.reason : `it took longer than ${limits.each / 1_000} s`
  const compile = Math.round(performance.now() - begun)
  keep(current, {
    handling: 'refused',
    reason: `cannot be compiled: ${why}`,
    compile,
    size: 0,
    ...unmeasured,
  })
  return undefined
}

/** Milliseconds. */
const shortestWait = 20

/** Hyperscan's words, and the addon's. */
const noMemory = /allocate memory|not enough memory/i

const tooMuchMemory = ({ memory }: PatternLimits): string =>
  `cannot be compiled: it took more than ${Math.round(memory / 2 ** 20)} MiB of memory`

const unmeasured = { ordinary: 0, hostile: 0, slowest: '' }
