/** An estimate from above: no engine that backtracks takes more, and a longer text is never said to take less. */
import fc from 'fast-check'
import t from 'tap'
import { printScript } from '../../../../src/content/spamassassin/regex/print.ts'
import { stepsOf, stepTable } from '../../../../src/content/spamassassin/regex/work.ts'
import { search } from './backtracking.ts'
import { expressions, treeOf } from './expressions.ts'

const texts = fc.string({ unit: fc.constantFrom('a', 'a', 'b', 'c', '\xe9', ' '), maxLength: 14 })

t.test('a search takes no more steps than are said, and finds what RegExp finds', async t => {
  let bounded = 0
  let tight = 0
  fc.assert(
    fc.property(expressions, texts, (expression, text) => {
      const root = treeOf(expression)
      const most = stepsOf(root)(text.length)
      if (most > 1e6) return
      const { found, steps } = search(root, text, most)
      bounded++
      if (steps * 100 > most) tight++
      if (found !== new RegExp(printScript(root, 'value')).test(text))
        throw new Error('the engine of this test is wrong')
    }),
    { numRuns: 3_000, seed: 20_261_124 },
  )
  t.ok(bounded > 1_000, `${bounded} searches have a bound`)
  t.ok(tight > bounded / 4, `${tight} of them take more than a hundredth of it`)
})

t.test('the estimate grows with the text, and a table of it rounds up', async t => {
  fc.assert(
    fc.property(expressions, fc.nat(16_384), fc.nat(16_384), (expression, one, other) => {
      const [short, long] = one < other ? [one, other] : [other, one]
      const root = treeOf(expression)
      const [steps, table] = [stepsOf(root), stepTable(root, 16_384)]
      return steps(short) <= steps(long) && steps(long) <= table(long) && table(short) <= table(long)
    }),
    { numRuns: 500 },
  )
  t.equal(
    stepTable(treeOf('a'), 100)(1_000),
    Number.POSITIVE_INFINITY,
    'what is not in the table is not told',
  )
})

t.test('what the estimate says of the forms that matter', async t => {
  const rows: readonly (readonly [why: string, expression: string, power: number])[] = [
    ['a word is looked for at each place', 'word', 1],
    ['at the start alone: each other place is left at once', '^word', 1],
    ['a gap that ends where the word begins has one way', 'a\\s*b', 2],
    ['a gap that may hold the word has many', 'a.*b', 2],
    ['two of them multiply', 'a.*b.*c', 3],
    ['a lookahead behind a gap is tried at each of its ends', 'a*(?=.*c)b', 3],
    ['alternatives that begin apart are one', '(?:ab|cd)e', 1],
    ['ten alternatives in a row that begin alike are not', '(?:a|a.)*b', Number.POSITIVE_INFINITY],
    ['what can be empty is repeated without an end', '(?:a*b*)*c', Number.POSITIVE_INFINITY],
  ]
  for (const [why, expression, power] of rows) {
    const steps = stepsOf(treeOf(expression))
    const seen =
      steps(8_000) === Number.POSITIVE_INFINITY ? steps(8_000) : Math.log2(steps(8_000) / steps(4_000))
    t.equal(Math.round(seen), power, `${why}: ${expression}`)
  }
})
