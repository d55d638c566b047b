/**
 * The discipline of lines: bare CR, bare LF, NUL, lines too long, octets above 127.
 *
 * Promises: what `native/src/mime/lines.h` promises; every octet of the message passes here once, in order. A delimiter line
 * is judged with the part that it ends.
 */
import type { Tables } from '#scanner/typescript/mime/tables.ts'

export interface Wanted {
  /** Stop before a line that begins with "--", or with white space and "--". */
  readonly dashes: boolean
  /** Octets above 127 are a fault (RFC 2045 §6.2: 7bit). */
  readonly eightBit: boolean
}

const longest = 998 // RFC 5322 §2.1.1
const cr = 0x0d
const lf = 0x0a
const space = 0x20
const tab = 0x09
const dash = 0x2d

/** Whether "--" begins at `at`, with or without white space before it, or may begin there when more comes. */
export function dashesAt(piece: Uint8Array, at: number): boolean {
  let dashes = at
  while (piece[dashes] === space || piece[dashes] === tab) dashes += 1
  if (dashes === piece.length) return dashes > at
  return piece[dashes] === dash && (dashes + 1 === piece.length || piece[dashes + 1] === dash)
}

export class Lines {
  readonly #tables: Tables
  #afterCr = false
  #lineStart = 0

  constructor(tables: Tables) {
    this.#tables = tables
  }

  /**
   * Examines octets of `part` that stand at `offset`; returns how many: all, or up to a line start where `dashesAt` finds
   * dashes, or the piece ends too early to tell.
   */
  examine(piece: Uint8Array, offset: number, part: number, wanted: Wanted): number {
    for (let i = 0; i < piece.length; i += 1) {
      const octet = piece[i]!
      if (octet > cr && !this.#afterCr && octet < 0x80) continue
      if (octet === lf) {
        this.#endLine(offset + i, part)
        if (wanted.dashes && dashesAt(piece, i + 1)) return i + 1
        continue
      }
      if (this.#afterCr) this.#tables.raise(part, 'bare-cr', offset + i - 1)
      this.#afterCr = octet === cr
      if (octet === 0) this.#tables.raise(part, 'nul', offset + i)
      if (octet > 0x7f && wanted.eightBit) this.#tables.raise(part, 'encoding-8bit', offset + i)
    }
    return piece.length
  }

  /** The message ended at `offset`. */
  finish(offset: number, part: number): void {
    if (this.#afterCr) this.#tables.raise(part, 'bare-cr', offset - 1)
    if (offset - this.#lineStart > longest) this.#tables.raise(part, 'long-line', this.#lineStart)
  }

  reset(): void {
    this.#afterCr = false
    this.#lineStart = 0
  }

  /** `at` is the place of the LF. */
  #endLine(at: number, part: number): void {
    if (!this.#afterCr) this.#tables.raise(part, 'bare-lf', at)
    if (at - this.#lineStart > longest + (this.#afterCr ? 1 : 0))
      this.#tables.raise(part, 'long-line', this.#lineStart)
    this.#afterCr = false
    this.#lineStart = at + 1
  }
}
