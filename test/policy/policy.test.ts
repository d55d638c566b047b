import t from 'tap'
import { schema } from '#config/schema.ts'
import type { ScanResult } from '#mail/content.ts'
import type { Origin } from '#mail/envelope.ts'
import type { Verdict } from '#mail/verdict.ts'
import { createPolicy } from '#policy/policy.ts'
import { envelopeFor, opinionOf, scanned } from './mail.ts'

interface Case {
  readonly spam?: object
  readonly to?: readonly string[]
  readonly from?: Partial<Origin>
  readonly result?: ScanResult
}

const policyOf = (spam: object) => createPolicy(schema.parse({ spam }))

function judge({ spam = {}, to = ['jo@example.org'], from = {}, result = scanned(opinionOf(0.95)) }: Case) {
  return policyOf(spam).judge(envelopeFor(to, from), result)
}

const kindsOf = (judged: Case) => judge(judged)?.verdicts.map(({ kind }) => kind)

const four = {
  bands: [
    { from: 0.5, do: 'tag' },
    { from: 0.9, do: 'hold' },
    { from: 0.99, do: 'refuse' },
  ],
}

t.test('a band counts from its score on, and up to the next one', async t => {
  const at = (score: number) => kindsOf({ spam: four, result: scanned(opinionOf(score)) })![0]
  t.equal(at(0), 'pass')
  t.equal(at(0.499_999_999_999), 'pass')
  t.equal(at(0.5), 'tag')
  t.equal(at(0.9), 'hold')
  t.equal(at(0.989_999_999_999), 'hold')
  t.equal(at(0.99), 'refuse')
  t.equal(at(1), 'refuse')
})

t.test('by default spam of strangers is tagged, and nothing else happens to anybody', async t => {
  t.strictSame(kindsOf({}), ['tag'])
  t.strictSame(kindsOf({ result: scanned(opinionOf(1)) }), ['tag'])
  t.strictSame(kindsOf({ result: scanned(opinionOf(0.2)) }), ['pass'])
  t.strictSame(kindsOf({ from: { zone: 'inside' } }), undefined)
  t.strictSame(kindsOf({ from: { user: 'jo' } }), undefined)
  t.strictSame(kindsOf({ from: { certificate: 'ab' } }), undefined)
})

t.test('whose mail is judged is said by where it comes from', async t => {
  const spam = { judge: ['inside', 'authenticated'] }
  t.strictSame(kindsOf({ spam }), undefined)
  t.strictSame(kindsOf({ spam, from: { zone: 'inside' } }), ['tag'])
  t.strictSame(kindsOf({ spam, from: { user: 'jo' } }), ['tag'])
  t.strictSame(kindsOf({ spam: { judge: [] } }), undefined)
})

t.test('where nothing has an opinion nothing is judged', async t => {
  t.equal(policyOf(four).judge(envelopeFor(['jo@example.org']), undefined), undefined)
  t.equal(policyOf(four).judge(envelopeFor(['jo@example.org']), scanned()), undefined)
})

t.test('each recipient has the verdict of his own settings', async t => {
  const spam = {
    ...four,
    zones: { outside: { bands: [{ from: 0.9, do: 'discard' }] } },
    domains: { 'example.net': { bands: [{ from: 0.9, do: 'redirect' }], redirectTo: 'q@example.net' } },
    recipients: { 'abuse@example.net': { bands: [] } },
  }
  const to = ['jo@example.org', 'jo@example.net', 'ABUSE@example.net']
  t.strictSame(kindsOf({ spam, to }), ['discard', 'redirect', 'pass'])
})

t.test('a message is refused when all of its recipients refuse it', async t => {
  const spam = { bands: [{ from: 0.9, do: 'refuse' }] }
  t.strictSame(kindsOf({ spam, to: ['jo@example.org', 'al@example.org'] }), ['refuse', 'refuse'])
})

t.test('what one recipient would refuse and another takes is held for the first', async t => {
  const spam = {
    bands: [{ from: 0.9, do: 'refuse' }],
    recipients: { 'al@example.org': { bands: [{ from: 0.5, do: 'tag' }] } },
  }
  const { verdicts } = judge({ spam, to: ['jo@example.org', 'al@example.org'] })!
  t.match(verdicts, [{ kind: 'hold', because: 'others-accept', from: 0.9 }, { kind: 'tag' }])
})

t.test('a message that could not be scanned goes on, and its header says that nobody knows', async t => {
  const result = { kind: 'not-scanned', reason: 'scanner-failed' } as const
  const [verdict] = judge({ spam: { subject: '[SPAM]' }, result })!.verdicts
  t.strictSame(verdict, {
    kind: 'tag',
    because: 'not-scanned',
    mark: { fields: ['X-Sluice-Spam-Flag: UNKNOWN'] },
  })
})

t.test('what could not be scanned is put off for all recipients when it is for one', async t => {
  const result = { kind: 'not-scanned', reason: 'too-many-scans' } as const
  const to = ['jo@example.org', 'al@example.org']
  for (const unscanned of ['pass', 'hold', 'defer'])
    t.strictSame(kindsOf({ spam: { unscanned }, to, result }), [unscanned, unscanned])
  const spam = { unscanned: 'pass', recipients: { 'al@example.org': { unscanned: 'defer' } } }
  t.strictSame(kindsOf({ spam, to, result }), ['defer', 'defer'])
})

t.test('what is tagged has fields, and a prefix for its subject when one is set', async t => {
  const markOf = (verdict: Verdict | undefined) => verdict && 'mark' in verdict && verdict.mark
  const opinion = opinionOf(0.912_39, [{ name: 'A_B', weight: 1.2, sentence: 'something' }])
  const judged = (spam: object) => markOf(judge({ spam, result: scanned(opinion) })!.verdicts[0])
  t.strictSame(judged({ subject: '[SPAM]' }), {
    fields: ['X-Sluice-Spam-Flag: YES', 'X-Sluice-Spam-Score: 0.9123', 'X-Sluice-Spam-Symbols: A_B=+1.20'],
    subject: '[SPAM]',
  })
  t.strictSame(judged({ headers: ['score'] }), { fields: ['X-Sluice-Spam-Score: 0.9123'] })
})

t.test('who wants a score in all mail has it in what passes', async t => {
  const spam = { headersFor: 'judged', headers: ['flag'], subject: '[SPAM]' }
  t.strictSame(judge({ spam, result: scanned(opinionOf(0.1)) })!.verdicts, [
    { kind: 'pass', because: 'below-bands', mark: { fields: ['X-Sluice-Spam-Flag: NO'] } },
  ])
})

t.test('redirected mail names all for whom it was', async t => {
  const spam = { bands: [{ from: 0.5, do: 'redirect' }], redirectTo: 'q@example.org', headers: ['recipient'] }
  const to = ['jo@example.org', 'al@example.org']
  const { verdicts } = judge({ spam, to })!
  t.equal(verdicts[0], verdicts[1])
  t.match(verdicts[0], {
    kind: 'redirect',
    to: 'q@example.org',
    mark: { fields: ['X-Sluice-Spam-Recipient: <jo@example.org>, <al@example.org>'] },
  })
})

t.test('a reload counts from the next message on', async t => {
  const policy = policyOf({ bands: [] })
  const kind = () =>
    policy.judge(envelopeFor(['jo@example.org']), scanned(opinionOf(0.95)))!.verdicts[0]!.kind
  t.equal(kind(), 'pass')
  policy.reload(schema.parse({ spam: four }))
  t.equal(kind(), 'hold')
})
