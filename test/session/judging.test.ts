/** What a client is told of a verdict, and what of it reaches the spool. The opinion is given; the policy is the real one. */
import t from 'tap'
import { schema } from '#config/schema.ts'
import type { ContentScanning, ScanResult } from '#mail/content.ts'
import { createPolicy } from '#policy/policy.ts'
import { opinionOf, scanned } from '../policy/mail.ts'
import { lines, type Talk, talk, world } from './fakes.ts'

const symbols = [{ name: 'ADVANCE_FEE', weight: 2.5, sentence: 'somebody promises money' }]

/** A session in which every message has this score. */
function judging(spam: object, score: number | ScanResult = 0.95): Talk {
  const result = typeof score === 'number' ? scanned(opinionOf(score, symbols)) : score
  const content: ContentScanning = { open: () => ({ take() {}, finish: () => result, abandon() {} }) }
  const from = world()
  return talk({ ...from, host: { ...from.host, content, judging: createPolicy(schema.parse({ spam })) } })
}

const opening = (...to: string[]) =>
  lines('EHLO c.example', 'MAIL FROM:<a@c.example>', ...to.map(each => `RCPT TO:<${each}>`))
const message = 'Subject: x\r\n\r\nbody\r\n'

async function sends(it: Talk, ...to: string[]): Promise<string> {
  await it.say(opening(...to))
  await it.say('DATA\r\n')
  return it.say(`${message}.\r\n`)
}

const band = (action: string, more: object = {}) => ({ bands: [{ from: 0.9, do: action }], ...more })
const storyOf = (it: Talk) => it.events.slice(-3).map(({ event }) => event)

t.test('a refusal is bland and names the message; the story says why; the session goes on', async t => {
  const it = judging(band('refuse'))
  const answer = await sends(it, 'b@example.test')
  t.match(answer, /^550 5\.7\.1 Message refused; reference [0-9a-z]{13}\r\n$/)
  const [id] = /[0-9a-z]{13}/.exec(answer)!
  t.strictSame(storyOf(it), ['scanned', 'judged', 'refused'])
  t.match(it.events.at(-1), {
    event: 'refused',
    stage: 'data',
    reason: 'spam-score',
    id,
    to: 'b@example.test',
    detail: 'refuse: the score is in that band (0.9500, from 0.9), ADVANCE_FEE +2.50',
  })
  t.equal(it.intake.stored.length, 0)
  t.equal(it.intake.abandoned, 1, 'nothing of it is kept')
  t.match(await it.say(lines('MAIL FROM:<a@c.example>', 'NOOP')), /^250 2\.1\.0 .*\r\n250 2\.0\.0 OK\r\n$/)
})

t.test('the last chunk of BDAT is refused as the end of DATA is', async t => {
  const it = judging(band('refuse'))
  await it.say(opening('b@example.test'))
  await it.say(`BDAT 5\r\n${message.slice(0, 5)}`)
  const answer = await it.say(`BDAT ${message.length - 5} LAST\r\n${message.slice(5)}`)
  t.match(answer, /^550 5\.7\.1 Message refused; reference /)
  t.match(await it.say(lines('MAIL FROM:<a@c.example>')), /^250 /, 'the transaction is over')
})

t.test('what could not be scanned is put off when that is asked for', async t => {
  const it = judging({ unscanned: 'defer' }, { kind: 'not-scanned', reason: 'too-many-scans' })
  t.equal(await sends(it, 'b@example.test'), '451 4.7.1 Message cannot be taken now; try again later\r\n')
  t.match(it.events.at(-1), {
    event: 'refused',
    reason: 'not-scanned',
    detail: 'defer: the message could not be scanned',
  })
  t.equal(it.intake.abandoned, 1)
})

t.test('what is accepted has its treatment in the envelope that goes to the disk', async t => {
  for (const [action, treatment] of [
    [
      'tag',
      {
        kind: 'tag',
        mark: { fields: ['X-Sluice-Spam-Flag: YES', /^X-Sluice-Spam-Score: /, /^X-Sluice-Spam-Symbols: /] },
      },
    ],
    ['hold', { kind: 'hold', why: 'hold: the score is in that band (0.9500, from 0.9)' }],
    ['discard', { kind: 'discard', why: 'discard: the score is in that band (0.9500, from 0.9)' }],
    ['redirect', { kind: 'redirect', from: ['b@example.test'] }],
  ] as const) {
    const it = judging(band(action, { redirectTo: 'q@example.test' }))
    t.match(await sends(it, 'b@example.test'), /^250 2\.0\.0 /, action)
    const [stored] = it.intake.stored
    t.match(stored!.envelope.treatments, [treatment])
    t.equal(stored!.envelope.recipients[0]!.treatment, 0)
    t.notMatch(stored!.content, 'X-Sluice', 'what is stored is what came')
    t.strictSame(storyOf(it), ['scanned', 'judged', 'accepted'])
    t.match(it.events.at(-1), { event: 'accepted', to: ['b@example.test'] }, 'as its sender was told')
  }
})

t.test('recipients who differ each get what was decided for them, in one message', async t => {
  const it = judging({
    bands: [{ from: 0.9, do: 'refuse' }],
    recipients: { 'c@example.test': { bands: [] }, 'd@example.test': { bands: [{ from: 0.5, do: 'tag' }] } },
  })
  t.match(await sends(it, 'b@example.test', 'c@example.test', 'd@example.test'), /^250 /)
  const [{ envelope }] = it.intake.stored as [(typeof it.intake.stored)[number]]
  t.strictSame(
    envelope.recipients.map(({ treatment }) => treatment && envelope.treatments?.[treatment]?.kind),
    [0, undefined, 'tag'],
  )
  t.match(it.events.at(-2), {
    event: 'judged',
    score: 0.95,
    verdicts: [
      { kind: 'hold', because: 'others-accept', from: 0.9, to: ['b@example.test'] },
      { kind: 'pass', because: 'below-bands', to: ['c@example.test'] },
      { kind: 'tag', because: 'band', from: 0.5, to: ['d@example.test'] },
    ],
  })
})

t.test('what passes goes to the disk with the envelope that came', async t => {
  const it = judging(band('hold'), 0.1)
  t.match(await sends(it, 'b@example.test'), /^250 /)
  t.equal(it.intake.stored[0]!.envelope.treatments, undefined)
})

t.test('an exception of the policy costs one message, and nothing of it stays', async t => {
  const from = world()
  const judge = () => {
    throw new Error('a fault of ours')
  }
  const it = talk({ ...from, host: { ...from.host, judging: { judge } } })
  t.equal(await sends(it, 'b@example.test'), '451 4.3.0 Internal error; try again later\r\n')
  t.equal(it.intake.abandoned, 1)
  t.equal(it.complaints.length, 1)
  t.match(await it.say(lines('MAIL FROM:<a@c.example>')), /^250 /)
})
