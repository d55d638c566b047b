/**
 * However a message is cut into pieces, the tables are the same. Runs on every scanner there is.
 */
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { flagNames } from '#scanner/flag.ts'
import { flagColumns, partColumns } from '#scanner/layout.ts'
import { difference, scan } from '../difference.ts'
import { availableEngines } from '../engines.ts'
import { cuts, message } from '../messages.ts'

const { engines, absent } = availableEngines()
for (const sentence of absent) t.comment(sentence)

for (const engine of engines) {
  const scanner = engine.open({})

  t.test(`${engine.name}: random cuts give the tables of the whole`, async t => {
    const property = fc.property(message, cuts, (message, cut) => {
      const whole = scan(scanner, message)
      const found = difference(whole, scan(scanner, message, cut(message.length)))
      if (found !== undefined) throw new Error(`- whole, + in pieces\n${found}`)
    })
    fc.assert(property, { numRuns: 300 })
    t.pass()
  })

  t.test(
    `${engine.name}: in brief a scan says what the tables say, and leaves nothing to the next`,
    async t => {
      const property = fc.property(message, cuts, (message, cut) => {
        const tables = scan(scanner, message)
        const ends = [...cut(message.length), message.length]
        ends.forEach((end, index) => void scanner.write(message.subarray(ends[index - 1] ?? 0, end)))
        const raised = tables.flags.filter((_, cell) => cell % flagColumns.length === 0)
        const brief = {
          size: message.length,
          parts: tables.parts.length / partColumns.length,
          flags: flagNames.filter((_, flag) => raised.includes(flag)),
        }
        deepStrictEqual(scanner.endInBrief(), brief)
      })
      fc.assert(property, { numRuns: 200 })
      t.pass()
    },
  )

  t.test(`${engine.name}: a message that was abandoned leaves nothing to the next`, async t => {
    const property = fc.property(message, message, (abandoned, message) => {
      const fresh = scan(engine.open({}), message)
      scanner.write(abandoned)
      scanner.abandon()
      const found = difference(fresh, scan(scanner, message))
      if (found !== undefined) throw new Error(`- fresh, + after another\n${found}`)
    })
    fc.assert(property, { numRuns: 100 })
    t.pass()
  })

  t.test(`${engine.name}: small limits hold, are flagged, and do not depend on the cuts`, async t => {
    const limits = { depth: 1, parts: 3, fields: 4, header: 200, links: 2, link: 12, kept: 64, matches: 2 }
    const small = engine.open({ limits })
    const property = fc.property(message, cuts, (message, cut) => {
      const whole = scan(small, message)
      const found = difference(whole, scan(small, message, cut(message.length)))
      if (found !== undefined) throw new Error(`- whole, + in pieces\n${found}`)
    })
    fc.assert(property, { numRuns: 150 })
    t.pass()
  })
}
