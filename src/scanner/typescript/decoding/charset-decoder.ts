import type { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'

/**
 * One charset being decoded. What makeCharsetDecoder puts around it: flags, and the end.
 *
 * Promises: what is written does not depend on where pieces are cut; what is held back between pieces is bounded.
 */
export interface CharsetDecoder {
  decode(piece: Uint8Array, out: Utf8Writer): void
  finish(out: Utf8Writer): void
}
