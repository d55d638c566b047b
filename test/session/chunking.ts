/** Octets that matter to SMTP, and ways to cut them into chunks. */
import fc from 'fast-check'

/** Text made of the octets that a reader of lines can stumble over. */
export const awkwardText = (maxLength = 60): fc.Arbitrary<string> =>
  fc
    .array(
      fc.constantFrom(
        '\r',
        '\n',
        '\r\n',
        '.',
        '\r\n.',
        '\r\n.\r\n',
        '\0',
        'a',
        'bc',
        ' ',
        '\t',
        '\xe9',
        'Received: x',
      ),
      { maxLength },
    )
    .map(parts => parts.join(''))

/** Any octets, the awkward ones more often, as latin1 text. */
export const anyText = (maxLength = 30): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 9, 10, 13, 32, 34, 60, 62, 92, 127)),
      {
        maxLength,
      },
    )
    .map(octets => String.fromCharCode(...octets))

/** Cut points as fractions, so that one shrinks independently of the text. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  maxLength: 8,
})

/** Each chunk has memory of its own: readers may write into it. */
export function cut(octets: string | Buffer, at: readonly number[]): Buffer[] {
  const whole = typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets
  const offsets = [...new Set([0, ...at.map(part => Math.floor(part * whole.length)), whole.length])].sort(
    (a, b) => a - b,
  )
  return offsets.slice(1).map((end, index) => Buffer.from(whole.subarray(offsets[index], end)))
}

/** One octet per chunk. */
export const perOctet = (octets: string): Buffer[] => [...octets].map(octet => Buffer.from(octet, 'latin1'))

/** In two chunks, in every way. */
export const everyPair = (octets: string): Buffer[][] =>
  Array.from({ length: Math.max(octets.length - 1, 0) }, (_, index) => [
    Buffer.from(octets.slice(0, index + 1), 'latin1'),
    Buffer.from(octets.slice(index + 1), 'latin1'),
  ])

/** Takes pieces of content and shows them as latin1 text. */
export class Collector {
  text = ''
  pieces = 0
  take(piece: Buffer): void {
    this.text += piece.toString('latin1')
    this.pieces++
  }
}
