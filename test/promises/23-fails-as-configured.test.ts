/**
 * Promise 23: a scanner that is dead fails as configured, never silently open. Scanning and policy are the real ones; the
 * scanner throws at the end of each message.
 */
import t from 'tap'
import { schema } from '#config/schema.ts'
import { createPolicy } from '#policy/policy.ts'
import type { Scanner } from '#scanner/scanner.ts'
import { engineOf, scanningWith } from '../content/rig.ts'
import { lines, talk, world } from '../session/fakes.ts'

const crash = () => {
  throw new Error('dead')
}
const dead: Scanner = { write() {}, end: crash, endInBrief: crash, abandon() {} }

/** A message through a session whose scanner is dead. */
async function sent(spam: object) {
  const { scanning } = await scanningWith(engineOf(() => dead))
  const from = world()
  const judging = createPolicy(schema.parse({ spam }))
  const it = talk({ ...from, host: { ...from.host, content: scanning, judging } })
  await it.say(lines('EHLO c.example', 'MAIL FROM:<a@c.example>', 'RCPT TO:<b@example.test>', 'DATA'))
  const answer = await it.say('Subject: x\r\n\r\nbody\r\n.\r\n')
  const envelope = it.intake.stored[0]?.envelope
  return { answer, events: it.events, treatment: envelope?.treatments?.[0], stored: envelope !== undefined }
}

const rows: readonly (readonly [unscanned: string, answer: RegExp, treatment: unknown])[] = [
  ['pass', /^250 /, undefined],
  ['tag', /^250 /, { kind: 'tag', mark: { fields: ['X-Sluice-Spam-Flag: UNKNOWN'] } }],
  ['hold', /^250 /, { kind: 'hold', why: 'hold: the message could not be scanned' }],
  ['defer', /^451 4\.7\.1 /, undefined],
]

for (const [unscanned, answer, treatment] of rows)
  t.test(`a message that a dead scanner did not see: ${unscanned}`, async t => {
    const got = await sent({ unscanned })
    t.match(got.answer, answer)
    t.strictSame(got.treatment, treatment)
    t.equal(got.stored, unscanned !== 'defer')
    t.match(
      got.events.filter(({ event }) => event === 'not-scanned' || event === 'judged'),
      [
        { event: 'not-scanned', reason: 'scanner-failed' },
        { event: 'judged', verdicts: [{ kind: unscanned, because: 'not-scanned' }] },
      ],
      'and it is told',
    )
  })

t.test('without a word in the configuration it arrives and says that nobody knows', async t => {
  const { answer, treatment } = await sent({})
  t.match(answer, /^250 /)
  t.match(treatment, { kind: 'tag', mark: { fields: ['X-Sluice-Spam-Flag: UNKNOWN'] } })
})
