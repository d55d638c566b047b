/** The native readers and those in TypeScript say the same of any text, however it is cut. */
import fc from 'fast-check'
import t from 'tap'
import { type Kind, read, readNative } from '../../scanner/typescript/text/reading.ts'
import { cuts, html, linkLimits, plainText } from '../../scanner/typescript/text/soup.ts'

const runs = Number(process.env.TEXT_RUNS ?? 1_500)

const skip = typeof readNative === 'string' ? readNative : false

const agrees = (kind: Kind, soup: fc.Arbitrary<string[]>) =>
  fc.assert(
    fc.property(soup, cuts, cuts, linkLimits, (parts, one, other, linkLimit) => {
      if (typeof readNative === 'string') return
      const text = parts.join('')
      const whole = JSON.stringify(read(kind, text, { linkLimit }), null, 1)
      const native = JSON.stringify(readNative(kind, text, { cuts: one, linkLimit }), null, 1)
      const pieces = JSON.stringify(read(kind, text, { cuts: other, linkLimit }), null, 1)
      if (native !== whole) throw new Error(`native ${native}\ntypescript ${whole}`)
      if (pieces !== whole) throw new Error(`in pieces ${pieces}\nwhole ${whole}`)
    }),
    { numRuns: runs },
  )

t.test('both readers say the same of plain text, however it is cut', { skip }, async () => {
  agrees('plain', plainText)
})

t.test('both readers say the same of HTML, however broken and however cut', { skip }, async () => {
  agrees('html', html)
})

t.test('both readers say the same of plain text that is read as HTML', { skip }, async () => {
  agrees('html', plainText)
})
