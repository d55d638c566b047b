/** Runs of printable octets, copied in blocks, against their definition. */
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { loadComponents } from '../../scanner/components.ts'

interface Components {
  copyPrintable(octets: Buffer, vector: boolean): Buffer
}

const loaded = loadComponents()
const native = loaded as unknown as Components
const skip = typeof loaded === 'string' ? loaded : false

/** Runs as long as blocks and longer, and what ends them: two spaces, controls, octets above 127. */
const run = fc.tuple(
  fc.constantFrom('a', 'a ', '~', ' ', '\u0000', '\n', '\u007f', '\u0080', '\u00ff'),
  fc.nat(70),
)
const text = fc
  .array(run, { maxLength: 5 })
  .map(runs => Buffer.from(runs.map(([octets, times]) => octets.repeat(times)).join(''), 'latin1'))

t.test('a run ends at what is no printable ASCII, and at the second of two spaces', { skip }, async t => {
  fc.assert(
    fc.property(text, fc.boolean(), (octets, vector) => {
      const [expected] = /^(?:[!-~]|(?<! ) )*/.exec(octets.toString('latin1'))!
      deepStrictEqual(native.copyPrintable(octets, vector).toString('latin1'), expected)
    }),
    { numRuns: 3_000 },
  )
  t.pass()
})
