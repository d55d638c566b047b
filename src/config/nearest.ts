/**
 * "Did you mean": the candidate that a word was probably meant to be.
 */

/**
 * Edit distance with transpositions (optimal string alignment), or `limit + 1` when it is larger. Words are cut to 64
 * characters first, so the cost is bounded.
 */
export function distance(a: string, b: string, limit: number): number {
  const [left, right] = [a.slice(0, 64), b.slice(0, 64)]
  if (Math.abs(left.length - right.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1]
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      if (swapped) best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = previous
    previous = row
  }
  return Math.min(previous[right.length]!, limit + 1)
}

/** Case, hyphens and underscores do not count: `message-size` is `messageSize`. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '')

/** `warning` and `warn`, `log` and `logging`. */
const begins = (word: string, candidate: string): boolean =>
  word !== candidate &&
  Math.min(word.length, candidate.length) >= 3 &&
  (word.startsWith(candidate) || candidate.startsWith(word))

/** The nearest candidate, when it is near enough that the suggestion helps more than it misleads. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.min(3, Math.floor(word.length / 3)))
  let best: { readonly candidate: string; readonly distance: number } | undefined
  for (const candidate of candidates) {
    const found = begins(plain(word), plain(candidate)) ? 1 : distance(plain(word), plain(candidate), limit)
    if (found <= limit && (best === undefined || found < best.distance)) best = { candidate, distance: found }
  }
  return best?.candidate
}
