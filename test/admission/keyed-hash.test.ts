import t from 'tap'
import { createHashKey, hashWords } from '../../src/admission/keyed-hash.ts'

/** Vectors of the reference implementation (CC0) for inputs that fill words: octets 00, 01, 02 … under key 00…07. */
const vectors: readonly (readonly [words: number, hash: string])[] = [
  [0, '218d1f59b9b83cc8'],
  [1, 'd5e78a175be52ea1'],
  [2, 'edfee820bce4858c'],
  [3, '7bc71f9faef5c799'],
  [4, '7336aad25f7bf3b5'],
  [5, '1bf52b0a6feea7db'],
]
const key = { low: 0x03020100, high: 0x07060504 }
const input = Array.from({ length: 5 }, (_, word) => 0x03020100 + word * 0x04040404)

t.test('the hash is HalfSipHash-2-4 as published', async t => {
  for (const [words, expected] of vectors) {
    const { low, high } = hashWords(key, input.slice(0, words))
    const octets = Buffer.alloc(8)
    octets.writeInt32LE(low, 0)
    octets.writeInt32LE(high, 4)
    t.equal(octets.toString('hex'), expected, `${words} words`)
  }
})

t.test('every start has a key of its own, and other places for the same address', async t => {
  const [one, two] = [createHashKey(), createHashKey()]
  t.notSame(one, two)
  t.notSame(hashWords(one, [32, 0x0a000001]), hashWords(two, [32, 0x0a000001]))
})
