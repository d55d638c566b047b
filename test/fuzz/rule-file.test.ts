/** Whatever a rule file holds, every line and every rule has a verdict, and nothing throws or takes longer than its length. */
import fc from 'fast-check'
import t from 'tap'
import { readRules } from '../../src/content/spamassassin/read.ts'
import { buildRuleset } from '../../src/content/spamassassin/ruleset.ts'
import { breachOf, ruleFile, seeds } from './rule-file.ts'

t.test('seeds are read without a breach', async t => {
  for (const seed of seeds) t.equal(breachOf(seed), undefined)
})

t.test('files made of them are, too', async () => {
  fc.assert(
    fc.property(ruleFile, text => breachOf(text) === undefined),
    { numRuns: 1_500 },
  )
})

/** Milliseconds, the best of three: other work on the machine only adds. */
function cost(text: string): number {
  const runs = Array.from({ length: 3 }, () => {
    const start = performance.now()
    buildRuleset(readRules([{ path: 'x.cf', text }]))
    return performance.now() - start
  })
  return Math.min(...runs)
}

t.test('cost grows with the length, whatever is repeated', async t => {
  const rows: readonly (readonly [what: string, text: (count: number) => string])[] = [
    ['rules', count => Array.from({ length: count }, (_, n) => `body R${n} /word${n % 7}/`).join('\n')],
    [
      'metas in a chain',
      count => Array.from({ length: count }, (_, n) => `meta M${n} M${n + 1} || A`).join('\n'),
    ],
    [
      'alternatives',
      count =>
        Array.from({ length: count / 100 }, (_, n) => `body A${n} /${Array(100).fill('ab').join('|')}/`).join(
          '\n',
        ),
    ],
    ['open blocks', count => 'if 1\n'.repeat(count)],
    ['comments', count => '\\# #\n'.repeat(count)],
    ['words that name nothing', count => `meta A ${'B || '.repeat(count / 10)}C`],
  ]
  for (const [what, text] of rows) {
    cost(text(1_000))
    const [once, twice] = [cost(text(4_000)), cost(text(8_000))]
    t.ok(twice <= 4 * once + 20, `${what}: ${once.toFixed(1)} ms, twice as much: ${twice.toFixed(1)} ms`)
  }
})
