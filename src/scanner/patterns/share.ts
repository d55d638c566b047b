/**
 * Work that several callers want at the same time is done once.
 *
 * Owner: the process. An entry lives as long as its work; between calls there is nothing.
 * Promises: each caller hears of the progress and can give up alone; the work is cancelled when nobody waits for it any more.
 */
import type { PatternProgress } from './report.ts'

/** What a caller wants of the work, beside its result. */
export interface Wish {
  readonly cache?: string | undefined
  readonly leaveOutExpensive?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  onProgress?(progress: PatternProgress): void
  onTrouble?(sentence: string): void
}

interface Flight {
  readonly result: Promise<unknown>
  readonly abort: AbortController
  readonly waiting: Set<Wish>
}

const flights = new Map<string, Flight>()

/** Calls of the same key must be for the same work. The first caller's `cache` counts. */
export async function shareWork<Result>(
  key: string,
  wish: Wish,
  work: (shared: Wish) => Promise<Result>,
): Promise<Result | 'cancelled'> {
  if (wish.signal?.aborted) return 'cancelled'
  const flight = flights.get(key) ?? start(key, wish, work)
  flight.waiting.add(wish)
  const leave = new Promise<'cancelled'>(resolve => {
    wish.signal?.addEventListener('abort', () => resolve('cancelled'), { once: true })
  })
  try {
    return await Promise.race([flight.result as Promise<Result>, leave])
  } finally {
    flight.waiting.delete(wish)
    if (flight.waiting.size === 0) {
      flight.abort.abort()
      // Whoever comes now must not wait for what was cancelled.
      if (flights.get(key) === flight) flights.delete(key)
    }
  }
}

function start<Result>(key: string, wish: Wish, work: (shared: Wish) => Promise<Result>): Flight {
  const abort = new AbortController()
  const waiting = new Set<Wish>()
  const result = work({
    cache: wish.cache,
    leaveOutExpensive: wish.leaveOutExpensive,
    signal: abort.signal,
    onProgress: progress => {
      for (const each of waiting) each.onProgress?.(progress)
    },
    onTrouble: sentence => {
      for (const each of waiting) each.onTrouble?.(sentence)
    },
  })
  // A caller that gave up does not look at the result; that is no unhandled rejection.
  result.catch(() => {})
  const flight = { result, abort, waiting }
  flights.set(key, flight)
  return flight
}
