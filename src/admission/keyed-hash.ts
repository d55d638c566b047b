/**
 * HalfSipHash-2-4 with 64 bits of output (Aumasson and Bernstein), over 32-bit words.
 *
 * Promises: who does not know the key cannot choose addresses that fall on the same places of a shared table. The key is
 * drawn at every start and never leaves memory. Needs no 64-bit arithmetic, which JavaScript has only as objects.
 * Leaves out: octets that do not fill a word; nothing here has any.
 */
import { randomBytes } from 'node:crypto'

export interface HashKey {
  readonly low: number
  readonly high: number
}

/** 64 bits as two signed words. */
export interface Hash {
  readonly low: number
  readonly high: number
}

export function createHashKey(): HashKey {
  const bytes = randomBytes(8)
  return { low: bytes.readInt32LE(0), high: bytes.readInt32LE(4) }
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits))

export function hashWords(key: HashKey, words: readonly number[]): Hash {
  const state: State = [key.low, key.high ^ 0xee, 0x6c796765 ^ key.low, 0x74656462 ^ key.high]
  for (const word of words) absorb(state, word)
  absorb(state, (words.length * 4) << 24)
  state[2] ^= 0xee
  for (let round = 0; round < 4; round++) mix(state)
  const low = state[1] ^ state[3]
  state[1] ^= 0xdd
  for (let round = 0; round < 4; round++) mix(state)
  return { low, high: state[1] ^ state[3] }
}

type State = [number, number, number, number]

function absorb(state: State, word: number): void {
  state[3] ^= word
  mix(state)
  mix(state)
  state[0] ^= word
}

function mix(state: State): void {
  let [a, b, c, d] = state
  a = (a + b) | 0
  b = rotate(b, 5) ^ a
  a = rotate(a, 16)
  c = (c + d) | 0
  d = rotate(d, 8) ^ c
  a = (a + d) | 0
  d = rotate(d, 7) ^ a
  c = (c + b) | 0
  b = rotate(b, 13) ^ c
  c = rotate(c, 16)
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
}
