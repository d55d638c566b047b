/**
 * UTF-8 and UTF-16.
 *
 * Promises: what is not UTF-8 becomes U+FFFD once per "maximal subpart" (Unicode §3.9, as in the Encoding Standard); a byte
 * order mark at the beginning is dropped, and of UTF-16 it says the order, whatever the label said (RFC 2781 §3.2).
 */
import { isUtf8 } from 'node:buffer'
import type { CharsetDecoder } from '#scanner/typescript/decoding/charset-decoder.ts'
import type { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'
import { Utf16Units } from '#scanner/typescript/decoding/utf16-units.ts'

const mark = Buffer.from([0xef, 0xbb, 0xbf])

/** What the second octet may be, by the first (Unicode table 3-7); undefined for what begins no character. */
function leadOf(first: number): readonly [size: number, least: number, most: number] | undefined {
  if (first >= 0xc2 && first <= 0xdf) return [2, 0x80, 0xbf]
  if (first === 0xe0) return [3, 0xa0, 0xbf]
  if (first === 0xed) return [3, 0x80, 0x9f]
  if (first >= 0xe1 && first <= 0xef) return [3, 0x80, 0xbf]
  if (first === 0xf0) return [4, 0x90, 0xbf]
  if (first >= 0xf1 && first <= 0xf3) return [4, 0x80, 0xbf]
  if (first === 0xf4) return [4, 0x80, 0x8f]
  return undefined
}
const leads = Array.from({ length: 256 }, (_, octet) => leadOf(octet))

/** The longest valid beginning; `cut` octets more begin a character whose rest is missing. */
export function utf8Prefix(text: Uint8Array): { readonly valid: number; readonly cut: number } {
  let at = 0
  while (at < text.length) {
    if (text[at]! < 0x80) {
      at += 1
      continue
    }
    const { size, wanted } = extentAt(text, at)
    if (wanted === 0) return { valid: at, cut: 0 }
    if (size < wanted) return { valid: at, cut: size }
    at += size
  }
  return { valid: at, cut: 0 }
}

/** How many octets at `at` belong together: a character of `wanted`, the beginning of one, or (wanted 0) one error. */
function extentAt(text: Uint8Array, at: number): { readonly size: number; readonly wanted: number } {
  const lead = leads[text[at]!]
  if (!lead) return { size: 1, wanted: 0 }
  const [wanted, least, most] = lead
  for (let i = 1; i < wanted; i++) {
    const octet = text[at + i]
    if (octet === undefined) return { size: i, wanted }
    if (octet < (i === 1 ? least : 0x80) || octet > (i === 1 ? most : 0xbf)) return { size: i, wanted: 0 }
  }
  return { size: wanted, wanted }
}

export class Utf8Decoder implements CharsetDecoder {
  #held: Uint8Array = new Uint8Array()
  #begun = false

  decode(piece: Uint8Array, out: Utf8Writer): void {
    const text = this.#held.length > 0 ? Buffer.concat([this.#held, piece]) : piece
    this.#held = new Uint8Array()
    if (isUtf8(text)) {
      this.#putValid(text, out)
      return
    }
    let at = 0
    while (at < text.length) {
      const rest = text.subarray(at)
      const { valid, cut } = utf8Prefix(rest)
      this.#putValid(rest.subarray(0, valid), out)
      at += valid
      if (cut > 0) {
        this.#held = Uint8Array.from(rest.subarray(valid))
        return
      }
      if (at < text.length) at += this.#putError(text, at, out)
    }
  }

  finish(out: Utf8Writer): void {
    if (this.#held.length > 0) this.#putError(this.#held, 0, out)
    this.#held = new Uint8Array()
  }

  #putError(text: Uint8Array, at: number, out: Utf8Writer): number {
    this.#begun = true
    out.putBroken()
    return extentAt(text, at).size
  }

  #putValid(text: Uint8Array, out: Utf8Writer): void {
    if (text.length === 0) return
    out.putText(this.#begun ? text : withoutMark(text))
    this.#begun = true
  }
}

/** Without the byte order mark, if it begins with one. */
export function withoutMark(text: Uint8Array): Uint8Array {
  return mark.equals(text.subarray(0, mark.length)) ? text.subarray(mark.length) : text
}

export class Utf16Decoder implements CharsetDecoder {
  readonly #units = new Utf16Units()
  #bigEndian: boolean
  #half = -1

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian
  }

  decode(piece: Uint8Array, out: Utf8Writer): void {
    for (const octet of piece) {
      if (this.#half < 0) {
        this.#half = octet
        continue
      }
      this.#takeUnit(this.#bigEndian ? (this.#half << 8) | octet : this.#half | (octet << 8), out)
      this.#half = -1
    }
  }

  finish(out: Utf8Writer): void {
    this.#units.end(out)
    if (this.#half >= 0) out.putBroken()
    this.#half = -1
  }

  #takeUnit(unit: number, out: Utf8Writer): void {
    const swapped = unit === 0xfffe && !this.#units.begun
    if (swapped) this.#bigEndian = !this.#bigEndian
    this.#units.take(swapped ? 0xfeff : unit, out)
  }
}
