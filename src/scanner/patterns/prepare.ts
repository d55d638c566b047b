/**
 * From a list of patterns to a set that scanners can open, with a report of what came of each pattern.
 *
 * Promises: what was compiled before is taken from the cache; compiling happens in a child process under limits and can be
 * cancelled; a pattern that cannot be looked for is refused by number and reason, and the others are there; callers that
 * want the same at the same time share one compile. For the TypeScript engine there is no child and no cache.
 * README.md beside this file tells the whole way.
 */
import { createHash } from 'node:crypto'
import { addonPath, loadNative, type NativeCore } from '#scanner/native.ts'
import type { Pattern } from '#scanner/pattern.ts'
import { readCache } from './cache.ts'
import { compileNative, type Selection } from './compile.ts'
import { fileFormat, writePatternFile } from './file.ts'
import {
  defaultPatternLimits,
  type PatternLimits,
  type PatternProgress,
  type PatternReport,
} from './report.ts'
import { openPatterns, type PreparedSet } from './set.ts'
import { shareWork } from './share.ts'
import { openTypescriptPatterns, reportTypescriptPatterns } from './typescript.ts'

export interface PrepareOptions {
  /** `native` where it loads, when absent. */
  readonly engine?: 'native' | 'typescript'
  /** Another addon than that of set-up. */
  readonly addon?: string
  /** Directory of compiled patterns; nothing is kept without one. It must belong to the account that runs Sluice. */
  readonly cache?: string
  readonly limits?: Partial<PatternLimits>
  /** Expensive expressions are reported in any case; with this they are not looked for either. */
  readonly leaveOutExpensive?: boolean
  /** Leaves out more, by what the trial of each has found; the TypeScript engine tries nothing, and leaves out nothing. */
  readonly selection?: Selection
  readonly signal?: AbortSignal
  onProgress?(progress: PatternProgress): void
  /** A sentence for the log, about what makes no difference to the set, such as a cache that is not writable. */
  onTrouble?(sentence: string): void
}

export type Prepared =
  | { readonly kind: 'ready'; readonly set: PreparedSet; readonly report: PatternReport }
  | { readonly kind: 'failed'; readonly reason: string }

export async function preparePatterns(
  patterns: readonly Pattern[],
  options: PrepareOptions = {},
): Promise<Prepared> {
  const started = performance.now()
  const loaded = options.engine === 'typescript' ? undefined : loadNative(options.addon)
  if (loaded !== undefined && 'core' in loaded) return prepareNative(loaded.core, patterns, options, started)
  if (options.engine === 'native' && loaded !== undefined && 'reason' in loaded)
    return { kind: 'failed', reason: loaded.reason }
  return prepareTypescript(patterns, started)
}

function prepareTypescript(patterns: readonly Pattern[], started: number): Prepared {
  const key = digest(['typescript', patterns])
  const report = reportTypescriptPatterns(patterns, started)
  const octets = writePatternFile(
    { key, engine: 'typescript', confirmed: [], report },
    patterns,
    new Uint8Array(),
  )
  return open(octets, undefined, report)
}

async function prepareNative(
  core: NativeCore,
  patterns: readonly Pattern[],
  options: PrepareOptions,
  started: number,
): Promise<Prepared> {
  const limits = { ...defaultPatternLimits, ...options.limits }
  const identity = [fileFormat, core.platform(), limits, options.leaveOutExpensive === true]
  const { selection } = options
  const key = digest([identity, patterns, ...(selection === undefined ? [] : [selection.name])])
  if (options.cache !== undefined) {
    const cached = await readCache(options.cache, key)
    const report = cached && {
      ...cached.file.head.report,
      source: 'cache' as const,
      milliseconds: since(started),
    }
    const prepared = report && open(cached.octets, core, report)
    if (prepared?.kind === 'ready') return prepared
  }
  const compiled = await shareWork(key, options, wish =>
    compileNative({
      key,
      identity,
      patterns,
      limits,
      addon: options.addon ?? addonPath,
      ...(selection && { selection }),
      ...wish,
    }),
  )
  if (compiled === 'cancelled') return { kind: 'failed', reason: 'compiling was cancelled' }
  if (compiled.kind === 'failed') return compiled
  return open(compiled.octets, core, { ...compiled.report, milliseconds: since(started) })
}

function open(octets: Uint8Array, core: NativeCore | undefined, report: PatternReport): Prepared {
  const opened = openPatterns({ octets }, core, openTypescriptPatterns)
  return opened.kind === 'open'
    ? { kind: 'ready', set: opened.set, report }
    : { kind: 'failed', reason: opened.reason }
}

const since = (started: number): number => Math.round(performance.now() - started)

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 40)
