/** Texts as slots of words and pairs, as the features of a message give them, from a random language of its own. */
import { joinHashes } from '#scanner/features/hash.ts'

export type Random = () => number

/** Mulberry32: the same numbers from the same seed. */
export function randomOf(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Some words are in every text, most in few, as in a language (Zipf): of 20,000 words. */
const wordOf = (random: Random): number => Math.floor(20_000 ** random())

export const textOf = (random: Random, length = 200): number[] => Array.from({ length }, () => wordOf(random))

/** A copy with this share of its words changed, each for one that may be anything. */
export const changed = (text: readonly number[], share: number, random: Random): number[] =>
  text.map(word => (random() < share ? 1_000_000 + Math.floor(random() * 1e9) : word))

/** Words and neighbours, each slot once. */
export function slotsOf(words: readonly number[]): Uint32Array {
  const slots = new Set<number>()
  for (const [at, word] of words.entries()) {
    slots.add(joinHashes(1, word, 0) >>> 12)
    if (at > 0) slots.add(joinHashes(2, words[at - 1]!, word) >>> 12)
  }
  return Uint32Array.from(slots)
}
