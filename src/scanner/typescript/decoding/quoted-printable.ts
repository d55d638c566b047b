/**
 * Quoted-printable undone (RFC 2045 §6.7).
 *
 * Promises: what `native/src/decoding/quoted_printable.h` promises, octet for octet and flag for flag.
 */
import type { Faults, Sink, TransferDecoder } from '#scanner/typescript/sink.ts'

const capacity = 24 * 1024
/** White space that is held back until it is known whether a line end follows. */
const longestBlank = 1_000

const equals = 0x3d
const cr = 0x0d
const lf = 0x0a

const isBlank = (octet: number): boolean => octet === 0x20 || octet === 0x09

/** Of a hexadecimal digit of either case; -1 for anything else. */
function hex(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const letter = octet | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1
}

export class QuotedPrintableDecoder implements TransferDecoder {
  readonly #sink: Sink
  readonly #faults: Faults
  readonly #buffer = new Uint8Array(capacity)
  /** Decoded octets; those before `#fixed` are no white space that a line end could remove. */
  #filled = 0
  #fixed = 0
  #inEscape = false
  #escapeOffset = 0
  /** What followed the `=` so far. */
  readonly #held: number[] = []
  #raised = false

  constructor(sink: Sink, faults: Faults) {
    this.#sink = sink
    this.#faults = faults
  }

  decode(piece: Uint8Array, offset: number): void {
    let at = 0
    while (at < piece.length) {
      const octet = piece[at]!
      if (this.#inEscape) {
        if (this.#takeEscape(octet)) at += 1
        continue
      }
      at += 1
      if (octet === equals) {
        this.#inEscape = true
        this.#escapeOffset = offset + at - 1
      } else if (octet === lf) {
        this.#takeLineEnd()
      } else {
        this.#put(octet)
      }
    }
    this.#flush(this.#removable(this.#crAtEnd()))
  }

  finish(_offset: number): void {
    if (this.#inEscape && this.#held.length > 0 && hex(this.#held[0]!) >= 0) this.#refuseEscape()
    this.#inEscape = false
    this.#held.length = 0
    this.#filled = this.#removable(0)
    this.#flush(this.#filled)
  }

  #takeLineEnd(): void {
    const withCr = this.#crAtEnd()
    this.#filled = this.#removable(withCr)
    if (withCr > 0) this.#put(cr)
    this.#put(lf)
  }

  #crAtEnd(): number {
    return this.#filled > this.#fixed && this.#buffer[this.#filled - 1] === cr ? 1 : 0
  }

  /** Where the white space begins that a line end now (behind `withCr` octets of it) would remove: RFC 2045 §6.7 rule 3. */
  #removable(withCr: number): number {
    let at = this.#filled - withCr
    const least = Math.max(this.#fixed, at - longestBlank)
    while (at > least && isBlank(this.#buffer[at - 1]!)) at -= 1
    return at
  }

  /** One octet behind `=`; false when it is not part of the escape and has to be read again. */
  #takeEscape(octet: number): boolean {
    const held = this.#held
    const first = held.length > 0 ? held[0]! : 0x20
    const blankSoFar = isBlank(first)
    const afterCr = held.length > 0 && held[held.length - 1] === cr
    if (octet === lf && (afterCr || blankSoFar)) {
      this.#endEscape()
      return true
    }
    if (!afterCr && blankSoFar && (octet === cr || (isBlank(octet) && held.length < longestBlank))) {
      held.push(octet)
      return true
    }
    if (hex(octet) >= 0 && held.length === 0) {
      held.push(octet)
      return true
    }
    if (hex(octet) >= 0 && held.length === 1 && hex(first) >= 0) {
      this.#put((hex(first) << 4) | hex(octet))
      this.#endEscape()
      return true
    }
    this.#refuseEscape()
    return false
  }

  #endEscape(): void {
    this.#inEscape = false
    this.#held.length = 0
    this.#fixed = this.#filled
  }

  #refuseEscape(): void {
    if (!this.#raised) this.#faults.raise('qp-escape', this.#escapeOffset)
    this.#raised = true
    this.#inEscape = false
    this.#put(equals)
    for (const octet of this.#held) this.#put(octet)
    this.#held.length = 0
  }

  #put(octet: number): void {
    if (this.#filled === capacity) this.#flush(this.#removable(this.#crAtEnd()))
    this.#buffer[this.#filled] = octet
    this.#filled += 1
  }

  #flush(size: number): void {
    if (size > 0) this.#sink.write(this.#buffer.subarray(0, size))
    this.#buffer.copyWithin(0, size, this.#filled)
    this.#filled -= size
    this.#fixed = Math.max(0, this.#fixed - size)
  }
}
