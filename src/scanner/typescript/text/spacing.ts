/**
 * White space folded and characters without width dropped, as native/src/text/readable.h says.
 *
 * Promises: linear; runs of printable octets are copied in bulk; what comes out does not depend on the cuts, except for
 * where its pieces are cut; at most one character and one decision about white space is held back.
 */
import type { Faults } from '../sink.ts'

/** What line ends are in a text: they separate paragraphs, or are but white space (HTML). */
export type LineEnds = 'count' | 'are-spaces'

type Seen = 'visible' | 'space' | 'line-end' | 'paragraph' | 'invisible'

const bufferSize = 16_384

const plain = 0
const blank = 1
const lineEnd = 2
const control = 3
const special = 4

// What the first octet of a character says. Plain are also all octets in the middle of one: only characters that begin
// with one of the special octets need a closer look.
const kinds = new Uint8Array(256)
kinds.fill(control, 0, 0x20)
kinds[0x7f] = control
for (const c of [0x20, 0x09, 0x0b, 0x0c]) kinds[c] = blank
for (const c of [0x0a, 0x0d]) kinds[c] = lineEnd
for (const c of [0xc2, 0xcd, 0xd8, 0xe1, 0xe2, 0xe3, 0xef, 0xf3]) kinds[c] = special

const spaces = [
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
] as const
const invisibles = [
  [0x80, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xe0000, 0xe0fff],
] as const

const isAmong = (c: number, ranges: readonly (readonly [number, number])[]) =>
  ranges.some(([first, last]) => c >= first && c <= last)

/** What a reader sees of a character that is not in ASCII. */
function seen(c: number): Seen {
  if (isAmong(c, spaces)) return 'space'
  if (c === 0x85 || c === 0x2028) return 'line-end'
  if (c === 0x2029) return 'paragraph'
  return isAmong(c, invisibles) ? 'invisible' : 'visible'
}

const lengthFrom = (first: number) => (first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4)

function codePoint(octets: Uint8Array, at: number, length: number): number {
  const tail = (i: number) => octets[at + i]! & 0x3f
  if (length === 2) return ((octets[at]! & 0x1f) << 6) | tail(1)
  if (length === 3) return ((octets[at]! & 0x0f) << 12) | (tail(1) << 6) | tail(2)
  return ((octets[at]! & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3)
}

const replacement = Buffer.from('\ufffd')

export class Spacing {
  readonly #folded: (piece: Uint8Array) => void
  readonly #faults: Faults
  readonly #counts: boolean
  readonly #out = Buffer.allocUnsafe(bufferSize)
  #outSize = 0
  #handedOver = 0
  #space = false
  #lineEnds = 0
  #wasCr = false
  #invisible = false
  readonly #held = new Uint8Array(4)
  #heldSize = 0

  /** Folded text goes to `folded`; a piece is valid during the call. */
  constructor(folded: (piece: Uint8Array) => void, faults: Faults, lineEnds: LineEnds) {
    this.#folded = folded
    this.#faults = faults
    this.#counts = lineEnds === 'count'
  }

  /** Octets of folded text so far. */
  get size(): number {
    return this.#handedOver + this.#outSize
  }

  write(piece: Uint8Array): void {
    let at = this.#resume(piece)
    while (at < piece.length) {
      switch (kinds[piece[at]!]) {
        case plain:
          at = this.#run(piece, at)
          break
        case blank:
          this.#wasCr = false
          this.#space = true
          at++
          break
        case lineEnd:
          // CRLF is one line end.
          if (!this.#counts || (this.#wasCr && piece[at] === 0x0a)) this.space()
          else this.lineEnd()
          this.#wasCr = piece[at] === 0x0d
          at++
          break
        case control:
          this.#drop()
          at++
          break
        default:
          at = this.#special(piece, at)
      }
    }
  }

  /** White space that is not written but seen: between cells, at `<br>`, between blocks. */
  space(): void {
    this.#space = true
  }

  lineEnd(): void {
    this.#space = true
    if (this.#lineEnds < 2) this.#lineEnds++
  }

  block(): void {
    this.#space = true
    this.#lineEnds = 2
  }

  /** Hands over what is decided. */
  flush(): void {
    if (this.#outSize === 0) return
    this.#folded(this.#out.subarray(0, this.#outSize))
    this.#handedOver += this.#outSize
    this.#outSize = 0
  }

  /** The text is complete. */
  end(): void {
    if (this.#heldSize > 0) {
      // Cut off within a character, which valid UTF-8 is not.
      this.#settle()
      this.#append(replacement, 0, replacement.length)
      this.#heldSize = 0
    }
    this.flush()
  }

  /** The rest of a character whose beginning is held back. */
  #resume(piece: Uint8Array): number {
    let at = 0
    while (this.#heldSize > 0 && at < piece.length) {
      this.#held[this.#heldSize++] = piece[at++]!
      if (this.#heldSize < lengthFrom(this.#held[0]!)) continue
      this.#decide(this.#held, 0, this.#heldSize)
      this.#heldSize = 0
    }
    return at
  }

  /** Octets that are plain, with single spaces between. */
  #run(piece: Uint8Array, start: number): number {
    this.#settle()
    let at = start + 1
    let space = false
    for (; at < piece.length; at++) {
      const c = piece[at]!
      if (kinds[c] === plain) space = false
      else if (c === 0x20 && !space) space = true
      else break
    }
    // The space at the end may be the first of several.
    this.#append(piece, start, space ? at - 1 : at)
    if (space) this.#space = true
    return at
  }

  #special(piece: Uint8Array, at: number): number {
    const length = lengthFrom(piece[at]!)
    if (piece.length - at >= length) {
      this.#decide(piece, at, length)
      return at + length
    }
    for (let i = at; i < piece.length; i++) this.#held[this.#heldSize++] = piece[i]!
    return piece.length
  }

  #decide(octets: Uint8Array, at: number, length: number): void {
    const what = seen(codePoint(octets, at, length))
    if (what === 'visible') {
      this.#settle()
      this.#append(octets, at, at + length)
      return
    }
    this.#wasCr = false
    if (what === 'invisible') this.#drop()
    else if (what === 'space' || !this.#counts) this.space()
    else if (what === 'line-end') this.lineEnd()
    else this.block()
  }

  #drop(): void {
    this.#wasCr = false
    if (!this.#invisible) this.#faults.raise('invisible')
    this.#invisible = true
  }

  /** Writes the white space before what is written next. */
  #settle(): void {
    if (this.#space && this.size > 0) {
      if (this.#outSize === bufferSize) this.flush()
      this.#out[this.#outSize++] = this.#lineEnds > 1 ? 0x0a : 0x20
    }
    this.#space = this.#wasCr = false
    this.#lineEnds = 0
  }

  #append(octets: Uint8Array, start: number, end: number): void {
    while (start < end) {
      if (this.#outSize === bufferSize) this.flush()
      const size = Math.min(end - start, bufferSize - this.#outSize)
      this.#out.set(octets.subarray(start, start + size), this.#outSize)
      this.#outSize += size
      start += size
    }
  }
}
