/**
 * A sketch of the words of a message: a few numbers that are mostly the same for texts that are mostly the same.
 *
 * One-permutation MinHash (Li, Owen, Zhang 2012; empty bins filled by rotation, Shrivastava and Li 2014): the slots of words
 * and pairs are hashed with a key, each hash falls into one of 36 bins, and of each bin the smallest counts. Two texts agree
 * in a bin with the probability of their Jaccard similarity. Three bins together are a band, by which a like sketch is
 * found; four bits of every bin are kept, by which it is told whether it is one.
 *
 * Promises: linear in the slots, no allocation; who does not know the key cannot make a text that is like another without
 * saying the same. Leaves out: texts of fewer than `leastSlots`, in which a polite formula would be most of the message.
 */

/** Of bins: twelve bands of three. */
export const bins = 36
export const bands = 12
const rows = bins / bands
/** Words in which four bits of each bin stand. */
export const sketchWords = Math.ceil(bins / 8)
/** Words and pairs; some 30 words of running text. */
export const leastSlots = 64
/** Agreeing bins, of which 1 in 16 agree by chance, from which on two sketches are alike: a similarity of about 0.47. */
export const leastAlike = 18

export interface SketchKey {
  readonly first: number
  readonly second: number
}

export interface Sketch {
  /** A keyed hash of each band. */
  readonly bands: Int32Array
  readonly bits: Int32Array
}

const empty = 0xffff_ffff

/** MurmurHash3's last step: every bit of the result depends on every bit of the number. */
export function scramble(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** For one thread: the sketch is valid until the next one is made. */
export class Sketcher {
  readonly #key: SketchKey
  readonly #least = new Uint32Array(bins)
  readonly #sketch: Sketch = { bands: new Int32Array(bands), bits: new Int32Array(sketchWords) }

  constructor(key: SketchKey) {
    this.#key = key
  }

  /** undefined for a text that is too short. Called per message. */
  sketch(slots: Uint32Array): Sketch | undefined {
    if (slots.length < leastSlots) return undefined
    this.#throwIntoBins(slots)
    this.#fillEmptyBins()
    this.#joinBands()
    return this.#sketch
  }

  #throwIntoBins(slots: Uint32Array): void {
    const { first, second } = this.#key
    const least = this.#least.fill(empty)
    for (let index = 0; index < slots.length; index++) {
      const hash = scramble(Math.imul(slots[index]! ^ first, 0x9e3779b1) ^ second)
      // The upper part of the number chooses the bin: hash · 36 / 2^32, in whole numbers that fit.
      const bin = ((hash >>> 16) * bins) >>> 16
      if (hash < least[bin]!) least[bin] = hash
    }
  }

  /** From the next bin that has something, changed by how far away it is. 64 slots leave hardly all bins empty. */
  #fillEmptyBins(): void {
    const least = this.#least
    let [source, distance] = [0, 0]
    while (source < bins && least[source] === empty) source++
    const first = source % bins
    source = first
    for (let step = bins - 1; step > 0; step--) {
      const bin = (first + step) % bins
      if (least[bin] !== empty) [source, distance] = [bin, 0]
      else least[bin] = scramble(least[source]! + Math.imul(++distance, 0x9e3779b1))
    }
  }

  #joinBands(): void {
    const least = this.#least
    const { bands: joined, bits } = this.#sketch
    bits.fill(0)
    for (let bin = 0; bin < bins; bin++) {
      const word = bin >>> 3
      bits[word] = bits[word]! | ((least[bin]! & 15) << ((bin & 7) * 4))
    }
    for (let band = 0; band < bands; band++) {
      let hash = band + 1
      for (let row = 0; row < rows; row++)
        hash = scramble(Math.imul(hash, 0x9e3779b1) ^ least[band * rows + row]!)
      joined[band] = hash
    }
  }
}

/** Bins in which two sketches agree, those by chance included. Stands at an offset in `other`. */
export function agreeing({ bits }: Sketch, other: Int32Array, at: number): number {
  let differing = 0
  for (let word = 0; word < sketchWords; word++) {
    let bit = bits[word]! ^ other[at + word]!
    bit |= bit >>> 1
    bit |= bit >>> 2
    bit &= 0x1111_1111
    // At most eight ones, each in a nibble of its own: their sum ends up in the uppermost.
    differing += Math.imul(bit, 0x1111_1111) >>> 28
  }
  return bins - differing
}
