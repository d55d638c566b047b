/**
 * The patterns in force, and how others take their place while mail is scanned.
 *
 * Promises: new patterns are compiled beside the scanning threads; then each thread loads them (the first one loads, the
 * others share) and opens its next scanners with them, while open scanners keep theirs. A compile that fails changes
 * nothing and says why. Of two replacements the later one wins, and the earlier one is cancelled.
 * Leaves out: how a set reaches a thread: the owner of the thread posts `shared` of the set and calls
 * `openPatternsInSteps` there.
 */
import type { Pattern } from '#scanner/pattern.ts'
import { type Prepared, type PrepareOptions, preparePatterns } from './prepare.ts'
import type { PatternReport } from './report.ts'
import type { PreparedSet } from './set.ts'

export interface PatternsInForce {
  readonly set: PreparedSet
  readonly report: PatternReport
}

export type Replaced =
  | { readonly kind: 'replaced'; readonly report: PatternReport }
  /** The old patterns stay in force. */
  | { readonly kind: 'kept'; readonly reason: string }

export interface PatternStore {
  /** undefined before the first replacement. */
  current(): PatternsInForce | undefined
  replace(patterns: readonly Pattern[], options?: StoreOptions): Promise<Replaced>
  /** Called with each set that comes into force; returns what ends that. */
  subscribe(listener: (inForce: PatternsInForce) => void): () => void
  /** Cancels what is being compiled, and gives back the memory of the set in force. */
  close(): void
}

export type StoreOptions = Pick<PrepareOptions, 'signal' | 'onProgress'>

export function createPatternStore(options: Omit<PrepareOptions, 'signal' | 'onProgress'>): PatternStore {
  const listeners = new Set<(inForce: PatternsInForce) => void>()
  let current: PatternsInForce | undefined
  let latest: AbortController | undefined

  const put = ({ set, report }: Extract<Prepared, { kind: 'ready' }>): Replaced => {
    const before = current
    current = { set, report }
    for (const listener of listeners) listener(current)
    // Scanners that are open hold the database, not the set.
    before?.set.release()
    return { kind: 'replaced', report }
  }

  return {
    current: () => current,
    async replace(patterns, { signal, onProgress } = {}) {
      latest?.abort()
      const own = new AbortController()
      latest = own
      const either = signal === undefined ? own.signal : AbortSignal.any([own.signal, signal])
      const prepared = await preparePatterns(patterns, {
        ...options,
        signal: either,
        ...(onProgress !== undefined && { onProgress }),
      })
      if (prepared.kind === 'failed') return { kind: 'kept', reason: prepared.reason }
      if (!own.signal.aborted) return put(prepared)
      prepared.set.release()
      return { kind: 'kept', reason: 'other patterns took their place meanwhile' }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      latest?.abort()
      latest = undefined
      current?.set.release()
      current = undefined
    },
  }
}
