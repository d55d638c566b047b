/**
 * Transfer encodings undone (RFC 2045 §6): base64, quoted-printable, and nothing at all.
 *
 * Promises: what `native/src/decoding/transfer.h` promises.
 */
import type { Encoding } from '#scanner/layout.ts'
import { Base64Decoder } from '#scanner/typescript/decoding/base64.ts'
import { QuotedPrintableDecoder } from '#scanner/typescript/decoding/quoted-printable.ts'
import type { Faults, Sink, TransferDecoder } from '#scanner/typescript/sink.ts'

/** Identity, uuencode and unknown pass everything through. */
export function makeTransferDecoder(encoding: Encoding, sink: Sink, faults: Faults): TransferDecoder {
  if (encoding === 'base64') return new Base64Decoder(sink, faults)
  if (encoding === 'quoted-printable') return new QuotedPrintableDecoder(sink, faults)
  return { decode: piece => sink.write(piece), finish() {} }
}
