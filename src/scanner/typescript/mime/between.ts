/**
 * What stands in a multipart outside its parts: the preamble before the first boundary, the epilogue behind the last.
 * No program that knows MIME shows it (RFC 2046 §5.1.1), and every program that does not know it does.
 *
 * Promises: what `native/src/mime/between.h` promises: the preamble is zone `source` of the multipart, the epilogue its zone
 * `hidden`; a preamble is suspicious that looks like the header or the encoded body of a part, an epilogue when it is more
 * than white space.
 */
import { makeCharsetDecoder } from '#scanner/typescript/decoding/charset.ts'
import { bufferOf, lower } from '#scanner/typescript/mime/octets.ts'
import { PartFaults, type Tables } from '#scanner/typescript/mime/tables.ts'
import type { Sink, ZoneStreams } from '#scanner/typescript/sink.ts'

/** Base64 is written in lines of 60 to 76. */
const lookedAt = 60

/** A line of a preamble, of which the first octets are known, that is not written for people. */
const suspicious = /^(content-|mime-version|--[^ \t\r\n]|begin [0-9]{3}[\s\S]|[a-z0-9+/]{60}$)/

export class Between {
  readonly #zones: ZoneStreams
  readonly #faults: PartFaults
  readonly #epilogue: boolean
  #decoder: Sink | undefined
  /** The beginning of the line, latin1. */
  #line = ''
  #lineAt = 0

  constructor(tables: Tables, zoneStreams: ZoneStreams, part: number, epilogue: boolean) {
    this.#zones = zoneStreams
    this.#faults = new PartFaults(tables)
    this.#faults.part = part
    this.#epilogue = epilogue
  }

  write(octets: Uint8Array, offset: number): void {
    const piece = bufferOf(octets)
    if (!this.#epilogue) this.#look(piece, offset)
    let blank = 0
    if (this.#epilogue && this.#decoder === undefined) {
      while (blank < piece.length && ' \t\r\n'.includes(String.fromCharCode(piece[blank]!))) blank += 1
      if (blank === piece.length) return
      this.#faults.raise('epilogue', offset + blank)
    }
    if (piece.length === 0) return
    this.#decoder ??= makeCharsetDecoder('', this.#sink(), this.#faults)
    this.#decoder.write(piece.subarray(blank))
  }

  finish(): void {
    this.#judgeLine()
    this.#decoder?.end()
    this.#zones.end(this.#epilogue ? 'hidden' : 'source', this.#faults.part)
  }

  #sink(): Sink {
    const zone = this.#epilogue ? 'hidden' : 'source'
    return { write: piece => this.#zones.write(zone, this.#faults.part, piece), end() {} }
  }

  #look(piece: Buffer, offset: number): void {
    let at = 0
    while (at < piece.length) {
      const newline = piece.indexOf(0x0a, at)
      const end = newline < 0 ? piece.length : newline
      if (this.#line === '') this.#lineAt = offset + at
      this.#line += piece.toString('latin1', at, Math.min(end, at + lookedAt - this.#line.length))
      if (newline < 0) return
      this.#judgeLine()
      at = end + 1
    }
  }

  #judgeLine(): void {
    if (suspicious.test(lower(this.#line))) this.#faults.raise('preamble', this.#lineAt)
    this.#line = ''
  }
}
