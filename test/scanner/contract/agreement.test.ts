/**
 * The native scanner and the TypeScript one say the same of every message, octet for octet.
 */
import fc from 'fast-check'
import t from 'tap'
import { difference, scan } from '../difference.ts'
import { availableEngines } from '../engines.ts'
import { damagedMail, fragments, structuredMail } from '../messages.ts'

const { engines, absent } = availableEngines()
for (const sentence of absent) t.comment(sentence)
const [native, typescript] = engines

const kinds = { 'mail as programs write it': structuredMail, 'damaged mail': damagedMail, fragments }

for (const [kind, arbitrary] of Object.entries(kinds))
  t.test(
    `both scanners agree on ${kind}`,
    { skip: typescript === undefined && 'there is one scanner only' },
    async t => {
      const [ours, theirs] = [native!.open({}), typescript!.open({})]
      const property = fc.property(arbitrary, message => {
        const found = difference(scan(ours, message), scan(theirs, message))
        if (found !== undefined) throw new Error(`- ${native!.name}, + ${typescript!.name}\n${found}`)
      })
      fc.assert(property, { numRuns: 300 })
      t.pass()
    },
  )
