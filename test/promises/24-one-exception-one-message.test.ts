/**
 * Promise 24, the session's half: an exception in one message is 451 for that one; the session goes on, the others do not
 * notice. (That a dead thread is replaced is the engine's half.)
 */
import t from 'tap'
import type { Scanner } from '../../src/scanner/scanner.ts'
import { engineOf, scanningWith } from '../content/rig.ts'
import { type Talk, talk, type World, world } from '../session/fakes.ts'

const open = 'MAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n'
const crash = (): never => {
  throw new Error('crashed')
}

interface Row {
  readonly where: string
  /** Breaks something; returns how to mend it. */
  break(it: World): () => void
  /** Answer to the message that is hit. */
  readonly answers: RegExp
}

const patched = <T extends object, K extends keyof T>(target: T, key: K, value: T[K]): (() => void) => {
  const before = target[key]
  target[key] = value
  return () => {
    target[key] = before
  }
}

const rows: Row[] = [
  {
    where: 'admission of the sender',
    break: it => patched(it.admission, 'sender', crash),
    answers: /^451 4\.3\.0 [^\n]*\r\n503 [^\n]*\r\n503 /,
  },
  {
    where: 'admission of a recipient',
    break: it => patched(it.admission, 'recipient', crash),
    answers: /^250 [^\n]*\r\n451 4\.3\.0 [^\n]*\r\n503 /,
  },
  {
    where: 'opening the content',
    break: it => patched(it.intake, 'open', crash),
    answers: /^250 [^\n]*\r\n250 [^\n]*\r\n451 4\.3\.0 /,
  },
  {
    where: 'writing the content',
    break(it) {
      const { intake } = it
      const honest = intake.open.bind(intake)
      return patched(intake, 'open', id => ({ ...honest(id), write: crash }))
    },
    answers: /354 [^\n]*\r\n451 4\.3\.0 /,
  },
  {
    where: 'writing the content later',
    break(it) {
      const { intake } = it
      const honest = intake.open.bind(intake)
      return patched(intake, 'open', id => ({ ...honest(id), write: async () => crash() }))
    },
    answers: /354 [^\n]*\r\n451 4\.3\.0 /,
  },
  {
    where: 'the intake, at once',
    break: it => patched(it.intake, 'accept', crash),
    answers: /354 [^\n]*\r\n451 4\.3\.0 /,
  },
  {
    where: 'the intake, later',
    break: it => patched(it.intake, 'accept', async () => crash()),
    answers: /354 [^\n]*\r\n451 4\.3\.0 /,
  },
]

async function deliver(it: Talk): Promise<string> {
  const opening = await it.say(open)
  return opening.includes('\r\n354 ') ? opening + (await it.say('hello\r\n.\r\n')) : opening
}

for (const row of rows)
  t.test(`an exception in ${row.where} costs one message`, async t => {
    const shared = world()
    const [hit, other] = [talk(shared), talk(shared)]
    for (const { say } of [hit, other]) await say('EHLO client.example\r\n')
    await other.say(open)
    const mend = row.break(shared)
    t.match(await deliver(hit), row.answers)
    t.ok(shared.complaints.length > 0, 'the log has it')
    t.match(
      shared.events.find(event => event.event === 'refused'),
      { reason: 'internal-error' },
    )
    mend()
    t.match(await other.say('hello\r\n.\r\n'), /^250 2\.0\.0 Accepted/, 'another session goes on')
    await hit.say('RSET\r\n')
    t.match(await deliver(hit), /\r\n250 2\.0\.0 Accepted/, 'and so does this one')
    for (const { session } of [hit, other]) session.closed()
    t.equal(shared.intake.stored.length, 2)
  })

t.test('a directory that fails is a temporary failure of AUTH, not a wrong password', async t => {
  const it = world()
  const broken = talk(
    { ...it, host: { ...it.host, authenticate: async () => crash() } },
    { tls: { version: 'TLSv1.3', cipher: 'x' }, tlsMode: 'implicit' },
  )
  await broken.say('EHLO client.example\r\n')
  t.match(await broken.say('AUTH PLAIN AGpvAHNlY3JldA==\r\n'), /^454 4\.7\.0 /)
  t.match(await broken.say('NOOP\r\n'), /^250 /)
})

const idle: Scanner = { write() {}, end: crash, endInBrief: crash, abandon() {} }
const scanners: readonly (readonly [where: string, open: () => Scanner])[] = [
  ['opening a scanner', crash],
  ['a scanner, within the content', () => ({ ...idle, write: crash })],
  ['a scanner, at the end', () => idle],
]

for (const [where, scanner] of scanners)
  t.test(`an exception in ${where} costs a report and no message`, async t => {
    const { scanning, complaints } = await scanningWith(engineOf(scanner))
    const from = world()
    const shared = { ...from, host: { ...from.host, content: scanning } }
    const [hit, other] = [talk(shared), talk(shared)]
    for (const { say } of [hit, other]) await say('EHLO client.example\r\n')
    await other.say(open)
    t.match(await deliver(hit), /354 [^\n]*\r\n250 2\.0\.0 Accepted/)
    t.match(await other.say('hello\r\n.\r\n'), /^250 2\.0\.0 Accepted/, 'another session goes on')
    t.match(await deliver(hit), /250 2\.0\.0 Accepted/, 'and so does this one')
    t.equal(shared.intake.stored.length, 3)
    t.equal(complaints.length, 3, 'the log has it')
    const told = shared.events.filter(({ event }) => event === 'not-scanned')
    t.equal(told.length, 3)
    t.match(told[0], { session: 'test1', reason: 'scanner-failed' })
    t.match(scanning.scanners(), { out: 0, idle: 0 }, 'no scanner is used again')
  })
