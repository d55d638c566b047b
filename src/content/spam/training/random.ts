/**
 * Numbers that look random and are the same at every run (xorshift32, Marsaglia 2003).
 */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.floor(((state >>> 0) / 2 ** 32) * below)
  }
}

/** Fisher and Yates. */
export function shuffle(list: Uint32Array, length: number, random: (below: number) => number): void {
  for (let last = length - 1; last > 0; last--) {
    const other = random(last + 1)
    const kept = list[last]!
    list[last] = list[other]!
    list[other] = kept
  }
}
