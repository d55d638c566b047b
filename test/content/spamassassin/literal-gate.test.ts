/** A gate may let pass what cannot match, but never holds back what does. */
import fc from 'fast-check'
import t from 'tap'
import { LiteralGate, type Required } from '../../../src/content/spamassassin/literal-gate.ts'
import { printScript } from '../../../src/content/spamassassin/regex/print.ts'
import { requiredSequence } from '../../../src/content/spamassassin/regex/properties.ts'
import { expressions, treeOf } from './regex/expressions.ts'

function named(gate: LiteralGate, text: string): number[] {
  const found: number[] = []
  gate.pass(text, expression => found.push(expression))
  return found.sort((a, b) => a - b)
}

const literal = fc.string({ unit: fc.constantFrom(...'abc\xe9'), minLength: 1, maxLength: 4 })
const required = fc.array(fc.array(literal, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
const octets = fc.string({ unit: fc.constantFrom(...'aAbBcC\xe9\xc9 '), maxLength: 24 })
const long = fc.string({ unit: fc.constantFrom(...'aaaabbbBcA\xe9\xc9 '), maxLength: 40 })
/** Characters whose last eight bits are those of `c` and of nothing: an address may have such letters. */
const letters = fc.string({ unit: fc.constantFrom(...'aaabbbA\xe9\u0163\u4e00\u{1f600}'), maxLength: 40 })

/** As it is meant: the literals that end first, one row behind the other. */
function passes(rows: Required, text: string): boolean {
  let stage = 0
  for (let end = 1; end <= text.length; end++)
    if (stage < rows.length && rows[stage]!.some(word => text.slice(0, end).endsWith(word))) stage++
  return stage === rows.length
}

t.test('what has its literals in the text, row behind row, is named', async () => {
  fc.assert(
    fc.property(fc.array(required, { minLength: 1, maxLength: 12 }), octets, (all, text) => {
      const found = new Set(named(new LiteralGate(all), text))
      const lower = text.toLowerCase()
      return all.every((rows, index) => found.has(index) || !passes(rows, lower))
    }),
    { numRuns: 2_000 },
  )
})

t.test(
  'what has not even one literal of each row in the text is not named, and nobody is named twice',
  async () => {
    fc.assert(
      fc.property(fc.array(required, { minLength: 1, maxLength: 12 }), octets, (all, text) => {
        const found = named(new LiteralGate(all), text)
        const lower = text.toLowerCase()
        return (
          new Set(found).size === found.length &&
          found.every(index => all[index]!.every(row => row.some(word => lower.includes(word))))
        )
      }),
      { numRuns: 2_000 },
    )
  },
)

t.test('an expression that RegExp finds in a text is named, in whatever script the text is', async t => {
  let hits = 0
  fc.assert(
    fc.property(
      fc.array(expressions, { minLength: 1, maxLength: 6 }),
      fc.oneof(long, letters),
      (list, text) => {
        const roots = list.map(treeOf)
        const all = roots.map(requiredSequence)
        const found = new Set(named(new LiteralGate(all), text))
        return roots.every((root, index) => {
          if (all[index]!.length === 0 || !new RegExp(printScript(root, 'value')).test(text)) return true
          hits++
          return found.has(index)
        })
      },
    ),
    { numRuns: 1_500, seed: 20_261_124 },
  )
  t.ok(hits > 100, `${hits} expressions were found`)
})

t.test('order counts, and so does a gate that was used before', async t => {
  const gate = new LiteralGate([[['from'], ['to', 'until']], [['to'], ['from']], []])
  t.same(named(gate, 'From here UNTIL there'), [0])
  t.same(named(gate, 'until then, from now on'), [])
  t.same(named(gate, 'to and from'), [1])
  t.same(named(gate, 'to, from, to'), [0, 1])
  t.same(named(gate, ''), [])
})
