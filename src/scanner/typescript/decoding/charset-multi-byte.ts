/**
 * Charsets of several octets a character, as the Encoding Standard has them.
 *
 * Promises: a broken lead octet never takes the ASCII behind it along. Leaves out: Node's TextDecoder, which has these from ICU
 * and differs: no windows-949 in euc-kr, no HKSCS in big5, and its own idea of what is broken.
 */
import { createMultibyteDecoder } from '@exodus/bytes/multi-byte.js'
import type { CharsetDecoder } from '#scanner/typescript/decoding/charset-decoder.ts'
import type { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'

export class MultiByteDecoder implements CharsetDecoder {
  readonly #decode: (octets: Uint8Array, stream?: boolean) => string

  constructor(name: string) {
    this.#decode = createMultibyteDecoder(name, true)
  }

  decode(piece: Uint8Array, out: Utf8Writer): void {
    out.putString(this.#decode(piece, true))
  }

  finish(out: Utf8Writer): void {
    out.putString(this.#decode(new Uint8Array()))
  }
}
