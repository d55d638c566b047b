/**
 * Charsets to UTF-8.
 *
 * Promises: what `native/src/decoding/charset.h` promises, octet for octet and flag for flag.
 */
import type { CharsetDecoder } from '#scanner/typescript/decoding/charset-decoder.ts'
import { type Charset, findCharset } from '#scanner/typescript/decoding/charset-label.ts'
import { MultiByteDecoder } from '#scanner/typescript/decoding/charset-multi-byte.ts'
import { SevenBitDecoder } from '#scanner/typescript/decoding/charset-seven-bit.ts'
import { SingleByteDecoder } from '#scanner/typescript/decoding/charset-single-byte.ts'
import { UndeclaredDecoder } from '#scanner/typescript/decoding/charset-undeclared.ts'
import { Utf8Decoder, Utf16Decoder } from '#scanner/typescript/decoding/charset-unicode.ts'
import { Utf7Decoder } from '#scanner/typescript/decoding/charset-utf7.ts'
import { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'
import type { Faults, Sink } from '#scanner/typescript/sink.ts'

/** What an unknown label is read as: every octet of it is a character. */
const fallback: Charset = { name: 'windows-1252', family: 'single-byte' }

export function isKnownCharset(label: string): boolean {
  return findCharset(label) !== undefined
}

/** A sink that decodes into `utf8` (and ends it). */
export function makeCharsetDecoder(label: string, utf8: Sink, faults: Faults): Sink {
  const charset = findCharset(label)
  if (!charset) faults.raise('charset-unknown')
  if (charset?.family === 'utf-7') faults.raise('charset-utf7')
  return new CharsetSink(makeDecoder(charset ?? fallback, faults), utf8, faults)
}

/** For short texts: header fields, encoded words, file names. Not clean when something became U+FFFD or the label is unknown. */
export function decodeCharset(
  label: string,
  octets: Uint8Array,
): { readonly utf8: Uint8Array; readonly clean: boolean } {
  const charset = findCharset(label)
  const pieces: Uint8Array[] = []
  const out = new Utf8Writer({ write: piece => pieces.push(Uint8Array.from(piece)), end() {} })
  const decoder = makeDecoder(charset ?? fallback, { raise() {} })
  decoder.decode(octets, out)
  decoder.finish(out)
  out.flush()
  const utf8 = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  return { utf8, clean: charset !== undefined && !out.broken }
}

function makeDecoder(charset: Charset, faults: Faults): CharsetDecoder {
  switch (charset.family) {
    case 'undeclared':
      return new UndeclaredDecoder(faults)
    case 'utf-8':
      return new Utf8Decoder()
    case 'utf-16le':
    case 'utf-16be':
      return new Utf16Decoder(charset.family === 'utf-16be')
    case 'utf-7':
      return new Utf7Decoder()
    case 'single-byte':
      return new SingleByteDecoder(charset.name)
    case 'multi-byte':
      return new MultiByteDecoder(charset.name)
    case 'hz':
    case 'iso-2022-kr':
    case 'iso-2022-cn':
      return new SevenBitDecoder(charset.family)
  }
}

class CharsetSink implements Sink {
  readonly #decoder: CharsetDecoder
  readonly #utf8: Sink
  readonly #faults: Faults
  readonly #out: Utf8Writer
  #raised = false

  constructor(decoder: CharsetDecoder, utf8: Sink, faults: Faults) {
    this.#decoder = decoder
    this.#utf8 = utf8
    this.#faults = faults
    this.#out = new Utf8Writer(utf8)
  }

  write(piece: Uint8Array): void {
    this.#decoder.decode(piece, this.#out)
    this.#settle()
  }

  end(): void {
    this.#decoder.finish(this.#out)
    this.#settle()
    this.#utf8.end()
  }

  #settle(): void {
    this.#out.flush()
    if (this.#out.broken && !this.#raised) this.#faults.raise('charset-broken')
    this.#raised = this.#out.broken
  }
}
