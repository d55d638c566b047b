/** The score: what model and symbols add up to. */
import t from 'tap'
import { createFilter, withoutModel } from '#content/spam/filter.ts'
import type { SpamModel } from '#content/spam/model.ts'
import { evidence, type FoundSymbol, longestEvidence, mostEvidence } from '#content/spam/symbol.ts'
import { factsOf, mail } from './mails.ts'

const symbol = (name: string, weight: number, find: FoundSymbol['find']): FoundSymbol => ({
  name,
  weight,
  find,
  layer: 'header',
  sentence: `It is ${name}`,
  author: 'a test',
})
const symbols = [
  symbol('ALWAYS', 1.5, ({ header }) => [evidence('subject', header.subject)]),
  symbol('NEVER', 3, () => undefined),
  symbol('AGAINST', -0.5, () => []),
]
const modelOf = (logOdds: number) => ({ logOdds: () => logOdds }) as unknown as SpamModel
const message = factsOf(mail({}))
const odds = (logOdds: number) => 1 / (1 + Math.exp(-logOdds))

t.test('log-odds of the model and weights of what hits add up, in full precision', async t => {
  const { score, logOdds, hits, base, model } = createFilter({ symbols, model: modelOf(0.25) }).opinion(
    message,
  )
  t.equal(logOdds, 0.25 + 1.5 - 0.5)
  t.equal(score, odds(1.25))
  t.same([base, model], [0.25, true])
  t.match(hits, [
    { name: 'ALWAYS', weight: 1.5, evidence: [{ place: 'subject', text: 'Lunch on Tuesday' }] },
    { name: 'AGAINST', evidence: [] },
  ])
})

t.test('without a model symbols alone decide, and none of them alone makes a message spam', async t => {
  const { score, model } = createFilter({ symbols }).opinion(message)
  t.equal(score, odds(withoutModel + 1))
  t.notOk(model)
  t.ok(createFilter({ symbols: [symbol('MOST', 3, () => [])] }).opinion(message).score <= 0.5)
})

t.test('the score stays within 0 and 1 whatever the model says', async t => {
  for (const extreme of [-1e6, 1e6])
    t.equal(createFilter({ symbols, model: modelOf(extreme) }).opinion(message).score, extreme < 0 ? 0 : 1)
})

t.test('evidence is bounded, in number and length', async t => {
  const much = symbol('MUCH', 1, () => Array.from({ length: 99 }, () => evidence('text', 'x'.repeat(9_999))))
  const [hit] = createFilter({ symbols: [much] }).opinion(message).hits
  t.equal(hit!.evidence.length, mostEvidence)
  t.equal(hit!.evidence[0]!.text.length, longestEvidence + 1)
})
