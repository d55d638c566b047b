/**
 * Charsets of one octet a character: ASCII below 128 and a table above, which Node's TextDecoder tells (it follows the Encoding
 * Standard for these).
 */
import type { CharsetDecoder } from '#scanner/typescript/decoding/charset-decoder.ts'
import type { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'

/** The characters of the octets 128 to 255. */
export function upperHalf(name: string): Uint16Array {
  const octets = Uint8Array.from({ length: 128 }, (_, i) => 0x80 + i)
  const characters = new TextDecoder(name).decode(octets)
  return Uint16Array.from({ length: 128 }, (_, i) => characters.charCodeAt(i))
}

export class SingleByteDecoder implements CharsetDecoder {
  readonly #table: Uint16Array

  constructor(name: string) {
    this.#table = upperHalf(name)
  }

  decode(piece: Uint8Array, out: Utf8Writer): void {
    for (const octet of piece) {
      const character = octet < 0x80 ? octet : this.#table[octet - 0x80]!
      if (character === 0xfffd) out.putBroken()
      else out.put(character)
    }
  }

  finish(): void {}
}
