/** Twice the octets cost about twice the time, also where the sender means ill. */
import t from 'tap'
import type { Decoders } from './decoders.ts'
import { cutAt, decoders } from './decoders.ts'

const bodies: readonly [
  why: string,
  decode: (decoder: Decoders, pieces: Buffer[]) => void,
  pattern: string,
][] = [
  ['base64, a space behind every character', (d, p) => d.decodeTransfer('base64', p, 0), 'Q '],
  ['base64, padding everywhere', (d, p) => d.decodeTransfer('base64', p, 0), 'QQ=='],
  ['quoted-printable, escapes that are none', (d, p) => d.decodeTransfer('quoted-printable', p, 0), '='],
  ['quoted-printable, white space without end', (d, p) => d.decodeTransfer('quoted-printable', p, 0), ' '],
  [
    'quoted-printable, escapes that wait for their line end',
    (d, p) => d.decodeTransfer('quoted-printable', p, 0),
    `=${' '.repeat(999)}`,
  ],
  ['uuencode, a file in every line', (d, p) => d.splitUuencode(p), 'begin 644 skip\n'],
  ['uuencode, the beginning of a file in every line', (d, p) => d.splitUuencode(p), 'begi\n'],
  ['UTF-8, nothing valid', (d, p) => d.decodeText('utf-8', p), '\xff'],
  ['UTF-8, characters without their end', (d, p) => d.decodeText('utf-8', p), '\xf0\x9f\x98'],
  ['no charset, octets above 127 without a line end', (d, p) => d.decodeText('', p), '\xe9'],
  ['ISO-2022-JP, escapes that are none', (d, p) => d.decodeText('iso-2022-jp', p), '\x1b$'],
  ['gb18030, four octets that are none', (d, p) => d.decodeText('gb18030', p), '\x81\x30\x81<'],
  ['UTF-7, a shift in every second octet', (d, p) => d.decodeText('utf-7', p), '+A'],
]

/** On the processor: what others take from it does not count. */
function milliseconds(work: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const begun = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(begun)
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}

/** Whether one of several measurements says so: quadratic would be 16 times in each; the clock gets its grain. */
function isLinear(small: () => void, large: () => void): readonly [linear: boolean, figures: string] {
  let figures = ''
  for (let i = 0; i < 5; i++) {
    const [once, four] = [milliseconds(small), milliseconds(large)]
    figures = `${once.toFixed(2)} ms, four times the size ${four.toFixed(2)} ms`
    if (four <= 9 * once + 5) return [true, figures]
  }
  return [false, figures]
}

const pieces = (size: number, pattern: string): Buffer[] =>
  cutAt(
    Buffer.alloc(size, pattern, 'latin1'),
    Array.from({ length: size / 4_096 }, (_, i) => i * 4_096),
  )

for (const decoder of decoders) {
  const size = 65_536
  t.test(`${decoder.language}: the cost grows with the size, not faster`, async t => {
    for (const [why, decode, pattern] of bodies) {
      const [small, large] = [pieces(size, pattern), pieces(size * 4, pattern)]
      const [linear, figures] = isLinear(
        () => decode(decoder, small),
        () => decode(decoder, large),
      )
      t.ok(linear, `${why}: ${figures}`)
    }
  })
}
