/**
 * Characters of octets, the letters that are the same when case does not matter, and what words are made of.
 *
 * Promises: the same as `native/src/matching/{utf8,caseless,words}`, but for characters that one of the two libraries of
 * Unicode does not know yet. Letters of ASCII are the same as each other only (the Kelvin sign is no k); any other letter is
 * the same as those with the same lower case of their upper case (simple mappings).
 */

/** An octet that belongs to no character is this and its value; no literal has it. */
export const noCharacter = 0x11_0000

/** Octets to characters, one by one, across pieces. */
export class CharacterReader {
  #point = 0
  #missing = 0
  readonly #octets: number[] = []
  readonly #take: (point: number, length: number) => void

  /** `take` gets each character and its octets; what is not UTF-8 (RFC 3629) octet by octet. */
  constructor(take: (point: number, length: number) => void) {
    this.#take = take
  }

  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; at++) {
      const octet = piece[at]!
      if (this.#missing === 0 && octet < 0x80) this.#take(octet, 1)
      else if (this.#missing > 0 && (octet & 0xc0) === 0x80) this.#continue(octet)
      else this.#begin(octet)
    }
  }

  /** The record ends: what is unfinished is no character. */
  end(): void {
    this.#giveUp()
  }

  /** Forgets what is unfinished. */
  reset(): void {
    this.#missing = 0
    this.#octets.length = 0
  }

  #begin(octet: number): void {
    this.#giveUp()
    const length = lengthOf(octet)
    if (length < 2) {
      this.#take(length === 1 ? octet : noCharacter + octet, 1)
      return
    }
    this.#octets.push(octet)
    this.#missing = length - 1
    this.#point = octet & (0x7f >> length)
  }

  #continue(octet: number): void {
    this.#octets.push(octet)
    this.#point = (this.#point << 6) | (octet & 0x3f)
    if (--this.#missing > 0) return
    const { length } = this.#octets
    if (!isCharacter(this.#point, length)) {
      this.#giveUp()
      return
    }
    this.#octets.length = 0
    this.#take(this.#point, length)
  }

  #giveUp(): void {
    this.#missing = 0
    for (const octet of this.#octets.splice(0)) this.#take(noCharacter + octet, 1)
  }
}

/** The least code point of so many octets. */
const least = [0, 0, 0x80, 0x800, 0x1_0000]

/** No surrogates, nothing in more octets than needed (RFC 3629 §3). */
const isCharacter = (point: number, length: number): boolean =>
  point >= least[length]! && point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff)

function lengthOf(lead: number): number {
  if (lead < 0x80) return 1
  if (lead < 0xc2) return 0
  if (lead < 0xe0) return 2
  if (lead < 0xf0) return 3
  return lead < 0xf5 ? 4 : 0
}

/** The only code point of a string, or the other when it has several. */
function onlyPoint(text: string, otherwise: number): number {
  const point = text.codePointAt(0)!
  return String.fromCodePoint(point) === text ? point : otherwise
}

/** What all letters have in common that are the same when case does not matter. */
export function caseClass(point: number): number {
  if (point < 0x80) return point >= 0x41 && point <= 0x5a ? point + 0x20 : point
  if (point > 0x1_ffff) return point
  const upper = onlyPoint(String.fromCodePoint(point).toUpperCase(), point)
  const lower = onlyPoint(String.fromCodePoint(upper).toLowerCase(), upper)
  return lower < 0x80 ? point : lower
}

const wordCharacter = /^[\p{L}\p{N}\p{M}_]$/u

export const isWordCharacter = (point: number): boolean =>
  point < noCharacter && wordCharacter.test(String.fromCodePoint(point))

/** `caseClass` and `isWordCharacter` for texts, in which the same characters come again and again. */
export class CharacterTable {
  readonly #classes = new Uint32Array(0x2_0000)
  /** 0: not known yet; 1: no; 2: yes. */
  readonly #words = new Uint8Array(noCharacter)

  caseClass(point: number): number {
    if (point >= this.#classes.length) return point
    const known = this.#classes[point]!
    if (known !== 0) return known
    const found = caseClass(point)
    this.#classes[point] = found
    return found
  }

  isWordCharacter(point: number): boolean {
    if (point >= noCharacter) return false
    if (this.#words[point] === 0) this.#words[point] = isWordCharacter(point) ? 2 : 1
    return this.#words[point] === 2
  }
}
