/** What is said of an expression is true of each of its matches. */
import fc from 'fast-check'
import t from 'tap'
import { printScript } from '../../../../src/content/spamassassin/regex/print.ts'
import { requiredLiterals, requiredSequence } from '../../../../src/content/spamassassin/regex/properties.ts'
import { expressions, treeOf } from './expressions.ts'

const texts = fc.string({ unit: fc.constantFrom(...'aaaabbbBcA\xe9\xc9 '), maxLength: 40 })

/** Where one of the literals ends, at `from` or behind; the first such place. */
function endOf(literals: readonly string[], text: string, from: number): number {
  const ends = literals.map(literal => {
    const at = text.indexOf(literal, from)
    return at < 0 ? Number.POSITIVE_INFINITY : at + literal.length
  })
  return Math.min(...ends)
}

t.test('what is required stands in every match, row behind row', async t => {
  let matches = 0
  fc.assert(
    fc.property(expressions, texts, (expression, text) => {
      const root = treeOf(expression)
      const rows = requiredSequence(root)
      const found = new RegExp(printScript(root, 'value')).exec(text)
      if (found === null || rows.length === 0) return true
      matches++
      // A lookahead may see beyond the match, but nothing of it is required.
      const match = found[0].toLowerCase()
      return rows.reduce((from, row) => endOf(row, match, from), 0) <= match.length
    }),
    { numRuns: 6_000, seed: 20_261_124 },
  )
  t.ok(matches > 150, `${matches} matches were looked at`)
})

t.test('rows are the words of an expression in their order', async t => {
  const rows: readonly (readonly [why: string, expression: string, rows: readonly (readonly string[])[]])[] =
    [
      ['words with gaps', 'from\\s+here.*to', [['from'], ['here'], ['to']]],
      ['alternatives are one row', '(?:dear|hello) friend', [['dear', 'hello'], [' friend']]],
      ['what may be missing is not required', 'a?bc(?:de)*', [['bc']]],
      ['a lookahead requires nothing of the match', 'ab(?=cd)', [['ab']]],
      ['letters of one case are lowered, as the text is', 'ABC', [['abc']]],
      ['a single octet is taken where there is nothing better', 'a\\d', [['a']]],
      ['and left out where there is', 'a\\dbc', [['bc']]],
      ['the best four, in their order', 'ab.cd.ef.gh.hijk', [['ab'], ['cd'], ['ef'], ['hijk']]],
      ['nothing', '\\w+', []],
    ]
  for (const [why, expression, expected] of rows) t.same(requiredSequence(treeOf(expression)), expected, why)
  t.same(requiredLiterals(treeOf('ab.hijk')), ['hijk'], 'and where one row is asked for, the best')
})
