/** How messages end, and who is told: retries, life, notifications. */
import t from 'tap'
import type { Envelope, Recipient } from '#mail/envelope.ts'
import { refuse } from '#mail/refusal.ts'
import { storageFull } from '#mail/replies.ts'
import type { Route } from '#mail/route.ts'
import { freePort } from '../peers/ready.ts'
import { startScript } from '../peers/scripted-server.ts'
import { startRig, toPort } from './rig.ts'

const hour = 3_600_000
const content = 'Subject: hi\r\nX-Secret: no\r\n\r\ntext\r\n'
const gone: Route = {
  kind: 'failed',
  permanent: true,
  reason: 'domain-unknown',
  text: '5.1.2 no such domain',
}
const unsure: Route = { kind: 'failed', permanent: false, reason: 'dns-failed', text: '4.4.3 DNS is down' }
const jo = (change: Partial<Recipient> = {}): Partial<Envelope> => ({
  recipients: [{ address: 'jo@example.com' as never, ...change }],
})

/** One message to one route, until it is settled once. */
async function once(route: Route, envelope: Partial<Envelope> = jo(), text = content) {
  const rig = startRig({ '*': route })
  rig.queue.add(rig.queue.envelope([], envelope), text)
  await rig.queue.settled(1)
  await rig.stop()
  return {
    rig,
    told: rig.queue.received.map(each => each.content.toString()),
    settlement: rig.queue.settlements[0]!.settlement,
  }
}

t.test('a route that fails for good goes back to the sender', async t => {
  const { rig, told, settlement } = await once(gone)
  t.match(settlement.outcomes, [{ outcome: 'failed', text: '5.1.2 no such domain' }])
  t.equal(told.length, 1)
  t.match(told[0], /Action: failed\r\nStatus: 5\.1\.2\r\n/)
  t.match(told[0], 'X-Secret: no')
  t.notMatch(told[0], 'text\r\n', 'only the header is returned')
  t.match(rig.queue.received[0]!.envelope, {
    reversePath: '',
    recipients: [{ address: 'sender@example.org', notify: 'never' }],
    origin: { zone: 'inside', clientAddress: 'local', protocol: 'local' },
  })
  t.match(rig.events, [{ event: 'notified', kind: 'failed' }, { event: 'attempt' }, { event: 'done' }])
})

t.test('RET=FULL returns the whole message', async t => {
  const { told } = await once(gone, { ...jo(), returnContent: 'full' })
  t.match(told[0], content)
})

t.test('a null reverse-path is never answered, and the loss is tracked', async t => {
  const { rig, told } = await once(gone, { ...jo(), reversePath: '' })
  t.same(told, [])
  t.match(rig.events, [
    { event: 'dropped', why: 'null-sender', to: ['jo@example.com'] },
    {},
    { event: 'done' },
  ])
})

t.test('NOTIFY=NEVER is obeyed', async t => {
  const { rig, told } = await once(gone, jo({ notify: 'never' }))
  t.same(told, [])
  t.match(rig.events, [{ event: 'dropped', why: 'notify-never' }, {}, { event: 'done' }])
})

t.test('NOTIFY=SUCCESS alone means no word of a failure', async t => {
  const { told } = await once(gone, jo({ notify: ['success'] }))
  t.same(told, [])
})

t.test('a notification that cannot be stored leaves the failure for later', async t => {
  const rig = startRig({ '*': gone })
  rig.queue.refusal = refuse('storage-full', storageFull)
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  await rig.queue.settled(1)
  await rig.stop()
  t.match(rig.queue.settlements[0]!.settlement, {
    outcomes: [{ outcome: 'deferred' }],
    countsAsAttempt: true,
  })
  t.equal(rig.queue.waiting.length, 1)
})

const greeting = 'S: 220 mx\nC: EHLO *\n'
const transaction =
  'C: MAIL *\nC: RCPT *\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nC...\nS: 250 2.0.0 queued\n'

t.test('a success that was asked for is told when the next hop tells none itself', async t => {
  const server = await startScript(t, [`${greeting}S: 250-mx\nS: 250 PIPELINING\n${transaction}`])
  const { told } = await once(toPort(server.port), jo({ notify: ['success'] }))
  t.match(told[0], /Action: relayed\r\nStatus: 2\.0\.0\r\nRemote-MTA: dns; 127\.0\.0\.1\r\n/)
})

t.test('a next hop with DSN tells for itself', async t => {
  const server = await startScript(t, [`${greeting}S: 250-mx\nS: 250-DSN\nS: 250 PIPELINING\n${transaction}`])
  const { told } = await once(toPort(server.port), jo({ notify: ['success'] }))
  t.same(told, [])
  t.match(server.lines, [/./, /./, /NOTIFY=SUCCESS/])
})

t.test('the capture mailbox is where mail is delivered', async t => {
  const { told } = await once({ kind: 'capture', directory: t.testdir() }, jo({ notify: ['success'] }))
  t.match(told[0], 'Action: delivered')
})

t.test('mail is tried by the schedule, the delay is told once, and its life ends', async t => {
  const rig = startRig(
    { '*': toPort(await freePort()) },
    { retry: [60_000, 300_000, 2 * hour], lifetime: 24 * hour },
  )
  t.teardown(() => rig.stop())
  const begin = rig.clock.now()
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  const attempts: number[] = []
  for (let count = 1; rig.queue.waiting.length > 0 || count === 1; count++) {
    await rig.queue.settled(count)
    await rig.quiet()
    attempts.push((rig.clock.now() - begin) / 60_000)
    const next = rig.queue.nextDueAt()
    if (next === undefined) break
    rig.clock.advance(next - rig.clock.now())
    rig.queue.wake()
  }
  t.same(attempts.slice(0, 5), [0, 1, 6, 126, 246])
  t.equal(attempts.at(-1), 24 * 60, 'the last try is at the end of life')
  const kinds = rig.events.flatMap(event => (event.event === 'notified' ? [event.kind] : []))
  t.same(kinds, ['delayed', 'failed'])
  const [delayed, failed] = rig.queue.received.map(each => each.content.toString())
  t.match(delayed, /Action: delayed\r\nStatus: 4\.4\.1\r\n/)
  t.match(delayed, 'Will-Retry-Until: Fri, 02 Jan 2026 00:00:00 +0000')
  t.match(failed, /Action: failed\r\nStatus: 4\.4\.7\r\n/)
})

t.test('mail that only waits for a dead next hop grows old all the same', async t => {
  const rig = startRig({ '*': toPort(await freePort()) }, { lifetime: 24 * hour })
  t.teardown(() => rig.stop())
  for (let count = 0; count < 60; count++)
    rig.queue.add(rig.queue.envelope([`jo${count}@example.com`]), content)
  await rig.queue.settled(1)
  await rig.quiet()
  const count = (kind: string) =>
    rig.events.filter(event => event.event === 'notified' && event.kind === kind).length
  const until = async (kind: string) => {
    rig.queue.wake()
    while (count(kind) < 60) await rig.queue.settled(rig.queue.settlements.length + 1)
    await rig.quiet()
  }
  rig.clock.advance(5 * hour)
  await until('delayed')
  rig.clock.advance(24 * hour)
  await until('failed')
  t.equal(rig.queue.waiting.length, 0)
})

t.test('trouble with DNS is asked once for all mail to the domain', async t => {
  const rig = startRig({ '*': unsure })
  t.teardown(() => rig.stop())
  for (let count = 0; count < 60; count++)
    rig.queue.add(rig.queue.envelope([`jo${count}@example.com`]), content)
  await rig.queue.settled(1)
  await rig.quiet()
  t.equal(rig.queue.waiting.length, 60)
  t.ok(rig.events.length <= 5, 'the rest is only postponed')
})

t.test('recipients of one message end each in their own way, in one notification', async t => {
  const server = await startScript(t, [
    `${greeting}S: 250-mx\nS: 250 PIPELINING\nC: MAIL *\nC: RCPT *\nC: RCPT *\nC: RCPT *\nC: DATA\nS: 250 ok\nS: 550 5.1.1 a\nS: 551 5.1.6 b\nS: 450 4.2.1 c\nS: 503 no\n`,
  ])
  const rig = startRig({ '*': toPort(server.port) })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['a@example.com', 'b@example.com', 'c@example.com']), content)
  await rig.queue.settled(1)
  t.equal(rig.queue.received.length, 1)
  const told = rig.queue.received[0]!.content.toString()
  t.match(told, /Final-Recipient: rfc822; a@example\.com\r\nAction: failed\r\nStatus: 5\.1\.1/)
  t.match(told, /Final-Recipient: rfc822; b@example\.com\r\nAction: failed\r\nStatus: 5\.1\.6/)
  t.notMatch(told, 'c@example.com')
  t.match(rig.queue.waiting, [{ recipients: [{ address: 'c@example.com' }], attempts: 1 }])
})
