/**
 * UTF-7 (RFC 2152).
 *
 * Promises: any ASCII character stands for itself outside base64, even those that RFC 2152 would have encoded: that is what
 * others read. Octets above 127, a `+` that nothing follows, lonely surrogates and bits left over become U+FFFD.
 */
import type { CharsetDecoder } from '#scanner/typescript/decoding/charset-decoder.ts'
import type { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'
import { Utf16Units } from '#scanner/typescript/decoding/utf16-units.ts'

const plus = 0x2b
const minus = 0x2d

const values = new Int8Array(256).fill(-1)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i

export class Utf7Decoder implements CharsetDecoder {
  readonly #units = new Utf16Units()
  #state: 'direct' | 'plus' | 'base64' = 'direct'
  #bits = 0
  #bitCount = 0

  decode(piece: Uint8Array, out: Utf8Writer): void {
    for (const octet of piece) {
      if (this.#state === 'direct') this.#takeDirect(octet, out)
      else this.#takeShifted(octet, out)
    }
  }

  finish(out: Utf8Writer): void {
    if (this.#state !== 'direct') this.#leave(out)
  }

  #takeDirect(octet: number, out: Utf8Writer): void {
    if (octet === plus) {
      this.#state = 'plus'
      return
    }
    this.#units.end(out)
    if (octet < 0x80) out.put(octet)
    else out.putBroken()
  }

  #takeShifted(octet: number, out: Utf8Writer): void {
    const value = values[octet]!
    if (value >= 0) {
      this.#takeSextet(value, out)
      return
    }
    if (this.#state === 'plus' && octet === minus) {
      this.#state = 'direct'
      this.#units.end(out)
      out.put(plus)
      return
    }
    this.#leave(out)
    if (octet !== minus) this.#takeDirect(octet, out)
  }

  #takeSextet(value: number, out: Utf8Writer): void {
    this.#state = 'base64'
    this.#bits = (this.#bits << 6) | value
    this.#bitCount += 6
    if (this.#bitCount < 16) return
    this.#bitCount -= 16
    this.#units.take(this.#bits >> this.#bitCount, out)
    this.#bits &= (1 << this.#bitCount) - 1
  }

  /** Base64 is over: what is left is less than a sextet, and zero. */
  #leave(out: Utf8Writer): void {
    this.#units.end(out)
    if (this.#state === 'plus' || this.#bitCount >= 6 || this.#bits !== 0) out.putBroken()
    this.#state = 'direct'
    this.#bits = 0
    this.#bitCount = 0
  }
}
