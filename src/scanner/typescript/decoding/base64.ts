/**
 * Base64 undone (RFC 2045 §6.8).
 *
 * Promises: what `native/src/decoding/base64.h` promises, octet for octet and flag for flag.
 */
import type { FlagName } from '#scanner/flag.ts'
import type { Faults, Sink, TransferDecoder } from '#scanner/typescript/sink.ts'

const capacity = 24 * 1024
const blank = 64
const foreign = 65
const equals = 0x3d

const values = new Uint8Array(256).fill(foreign)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i
for (const octet of [0x20, 0x09, 0x0d, 0x0a]) values[octet] = blank

export class Base64Decoder implements TransferDecoder {
  readonly #sink: Sink
  readonly #faults: Faults
  readonly #raised = new Set<FlagName>()
  readonly #buffer = new Uint8Array(capacity)
  #filled = 0
  #group = 0
  #count = 0
  /** How many `=` the closed group may still have; behind padding the next group is flagged. */
  #owed = 0
  #padded = false

  constructor(sink: Sink, faults: Faults) {
    this.#sink = sink
    this.#faults = faults
  }

  decode(piece: Uint8Array, offset: number): void {
    let at = 0
    while (at < piece.length) {
      if (this.#count === 0 && !this.#padded) at = this.#takeGroups(piece, at)
      if (at === piece.length) break
      if (this.#filled + 3 > capacity) this.#flush()
      this.#take(piece[at]!, offset + at)
      at += 1
    }
    this.#flush()
  }

  finish(offset: number): void {
    if (this.#filled + 2 > capacity) this.#flush()
    if (this.#count > 0 || this.#owed > 0) this.#raise('base64-length', offset)
    this.#putRest()
    this.#owed = 0
    this.#flush()
  }

  /** Whole groups as long as they come; the rest is taken one by one. */
  #takeGroups(piece: Uint8Array, from: number): number {
    const buffer = this.#buffer
    let filled = this.#filled
    let at = from
    while (at + 4 <= piece.length && filled + 3 <= capacity) {
      const first = values[piece[at]!]!
      if (first === blank) {
        at += 1
        continue
      }
      const second = values[piece[at + 1]!]!
      const third = values[piece[at + 2]!]!
      const fourth = values[piece[at + 3]!]!
      if (first >= blank || second >= blank || third >= blank || fourth >= blank) break
      buffer[filled] = (first << 2) | (second >> 4)
      buffer[filled + 1] = (second << 4) | (third >> 2)
      buffer[filled + 2] = (third << 6) | fourth
      filled += 3
      at += 4
    }
    this.#filled = filled
    return at
  }

  #take(octet: number, offset: number): void {
    const value = values[octet]!
    if (octet === equals) {
      this.#takePadding(offset)
      return
    }
    if (value === blank) return
    if (value === foreign) {
      this.#raise('base64-character', offset)
      return
    }
    if (this.#padded) this.#raise('base64-padding', offset)
    this.#padded = false
    this.#owed = 0
    this.#group = (this.#group << 6) | value
    this.#count += 1
    if (this.#count < 4) return
    this.#put(this.#group >> 16)
    this.#put(this.#group >> 8)
    this.#put(this.#group)
    this.#count = 0
    this.#group = 0
  }

  #takePadding(offset: number): void {
    if (this.#padded && this.#owed > 0) {
      this.#owed -= 1
      return
    }
    if (this.#padded || this.#count < 2) {
      this.#raise('base64-character', offset)
      return
    }
    this.#padded = true
    this.#owed = 3 - this.#count
    this.#putRest()
  }

  /** The full octets of an open group. */
  #putRest(): void {
    if (this.#count === 3) {
      this.#put(this.#group >> 10)
      this.#put(this.#group >> 2)
    } else if (this.#count === 2) {
      this.#put(this.#group >> 4)
    }
    this.#count = 0
    this.#group = 0
  }

  #put(octet: number): void {
    this.#buffer[this.#filled] = octet
    this.#filled += 1
  }

  #raise(flag: FlagName, offset: number): void {
    if (this.#raised.has(flag)) return
    this.#raised.add(flag)
    this.#faults.raise(flag, offset)
  }

  #flush(): void {
    if (this.#filled > 0) this.#sink.write(this.#buffer.subarray(0, this.#filled))
    this.#filled = 0
  }
}
