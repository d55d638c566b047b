/**
 * Patterns to the octets of a set, by way of the native compiler: each expression alone first, then all together.
 *
 * Promises: only what was tried alone stands beside others; the result is in the cache when there is one; every failure is
 * a sentence.
 */
import { readFile } from 'node:fs/promises'
import type { Pattern } from '#scanner/pattern.ts'
import { writeCache } from './cache.ts'
import { type ChildVerdict, runCompileChild } from './child.ts'
import { writePatternFile } from './file.ts'
import { findExpensive, type Judgement, judgePatterns } from './judge.ts'
import { openLedger, type Trial } from './ledger.ts'
import type { PatternLimits, PatternReport } from './report.ts'
import type { Wish } from './share.ts'
import { tryPatterns } from './trial.ts'

/** Which patterns of a list are not looked for, beside those that are refused or too expensive. */
export interface Selection {
  /** The same name gives the same choice, for the same patterns and trials. */
  readonly name: string
  /** By number, with a sentence without its full stop. Literals have no trial. */
  leaveOut(trials: ReadonlyMap<number, Trial>): ReadonlyMap<number, string>
}

export interface NativeCompileOptions extends Wish {
  readonly key: string
  /** What a compiled image depends on beside the patterns. */
  readonly identity: readonly unknown[]
  readonly patterns: readonly Pattern[]
  readonly limits: PatternLimits
  readonly addon: string
  readonly selection?: Selection
}

export type NativeCompiled =
  | { readonly kind: 'compiled'; readonly octets: Uint8Array; readonly report: PatternReport }
  | { readonly kind: 'failed'; readonly reason: string }

/** The compiler may find out only then that one must be confirmed, which changes where it may be looked for. */
const mostRounds = 3

export async function compileNative(options: NativeCompileOptions): Promise<NativeCompiled> {
  const { patterns, limits, cache, identity, key } = options
  const started = performance.now()
  const deadline = started + limits.all
  const ledger = await openLedger(cache, identity)
  const onProgress = (done: number, total: number): void =>
    options.onProgress?.({ phase: 'try', done, total })
  const tried = await tryPatterns(patterns, { ...options, ledger, deadline, onProgress })
  await ledger.save()
  if (tried.kind === 'failed') return tried
  const expensive = findExpensive(tried.trials, limits, options.leaveOutExpensive === true)
  const unselected = options.selection?.leaveOut(tried.trials) ?? new Map<number, string>()
  const leftOut = new Set([
    ...expensive.filter(each => each.leftOut).map(each => each.pattern),
    ...unselected.keys(),
  ])
  const whole = await compileWhole(options, tried.trials, leftOut, deadline)
  if ('reason' in whole) return { kind: 'failed', reason: whole.reason }
  const { judgement, image } = whole
  const report: PatternReport = {
    engine: 'native',
    patterns: patterns.length,
    confirmed: [...judgement.confirmed.keys()],
    refused: judgement.refused,
    expensive,
    ...(unselected.size > 0 && {
      unselected: [...unselected].map(([pattern, reason]) => ({ pattern, reason })),
    }),
    source: 'compiled',
    milliseconds: Math.round(performance.now() - started),
    size: image.length,
  }
  const head = { key, engine: 'native' as const, confirmed: [...judgement.confirmed], report }
  const octets = writePatternFile(head, patterns, image)
  const trouble = cache === undefined ? undefined : await writeCache(cache, key, octets)
  if (trouble !== undefined) options.onTrouble?.(trouble)
  return { kind: 'compiled', octets, report }
}

type Whole = { readonly judgement: Judgement; readonly image: Uint8Array } | { readonly reason: string }

async function compileWhole(
  options: NativeCompileOptions,
  known: ReadonlyMap<number, ChildVerdict>,
  leftOut: ReadonlySet<number>,
  deadline: number,
): Promise<Whole> {
  const total = options.patterns.length
  let verdicts: ReadonlyMap<number, ChildVerdict> = known
  let judgement = judgePatterns(options.patterns, index => verdicts.get(index), leftOut)
  for (let round = 0; round < mostRounds; round++) {
    options.onProgress?.({ phase: 'compile', done: 0, total })
    const compiled = await compileOnce(options, judgement.given, deadline)
    if ('reason' in compiled) return compiled
    verdicts = together(verdicts, compiled.verdicts)
    const before = judgement
    judgement = judgePatterns(options.patterns, index => verdicts.get(index), leftOut)
    if (sameZones(before, judgement)) {
      options.onProgress?.({ phase: 'compile', done: total, total })
      return { judgement, image: compiled.image }
    }
  }
  return { reason: 'the compiler does not come to an end about which patterns it can do' }
}

/** A pattern that looks nowhere counts as direct for the compiler: what was known before is worse, and stays. */
function together(
  known: ReadonlyMap<number, ChildVerdict>,
  now: readonly ChildVerdict[],
): ReadonlyMap<number, ChildVerdict> {
  const merged = new Map(known)
  now.forEach((verdict, index) => {
    if (verdict.handling !== 'direct')
      merged.set(index, known.get(index)?.handling === 'refused' ? known.get(index)! : verdict)
  })
  return merged
}

const sameZones = (a: Judgement, b: Judgement): boolean =>
  a.given.every((pattern, index) => pattern.zones.length === b.given[index]!.zones.length)

async function compileOnce(
  { addon, limits, signal }: NativeCompileOptions,
  patterns: readonly Pattern[],
  deadline: number,
): Promise<
  { readonly image: Uint8Array; readonly verdicts: readonly ChildVerdict[] } | { readonly reason: string }
> {
  let image: Uint8Array | undefined
  let said: { readonly refusal: string; readonly verdicts: readonly ChildVerdict[] } | undefined
  const end = await runCompileChild({
    job: { addon, patterns, memory: limits.memory, suspicious: 0 },
    time: Math.max(1, deadline - performance.now()),
    signal,
    onReport(report) {
      if (report.at === 'compiled') said = report
    },
    async onImage(path) {
      if (said?.refusal === '') image = await readFile(path)
    },
  })
  if (end.kind === 'cancelled') return { reason: 'compiling was cancelled' }
  if (end.kind === 'died') return { reason: `all patterns together cannot be compiled: ${end.reason}` }
  if (said === undefined || image === undefined)
    return {
      reason: `all patterns together cannot be compiled: ${said?.refusal ?? 'the compiler said nothing'}`,
    }
  return { image, verdicts: said.verdicts }
}
