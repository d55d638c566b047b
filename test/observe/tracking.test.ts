import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { createMessageIdSource } from '../../src/mail/message-id.ts'
import type { TrackingEvent } from '../../src/observe/event.ts'
import { sentenceOf } from '../../src/observe/story.ts'
import { traceOf } from '../../src/observe/trace.ts'
import { openTracking, trackingFile } from '../../src/observe/tracking.ts'

let now = 1_790_000_000_000
const clock = { now: () => now++ }
const nextId = createMessageIdSource(0, clock)

const open = (directory: string, thread = 0, sizes: { fileSize?: number; files?: number } = {}) =>
  openTracking({ directory, thread, fileSize: 2 ** 20, files: 4, clock, ...sizes })

const connected = (session: string, client = '192.0.2.1'): TrackingEvent => ({
  event: 'connected',
  session,
  zone: 'outside',
  listener: '127.0.0.1:25',
  client,
  port: 1234,
})

const accepted = (
  session: string,
  id: ReturnType<typeof nextId>,
  from: string,
  to: string,
): TrackingEvent => ({
  event: 'accepted',
  session,
  id,
  client: '192.0.2.1',
  helo: 'there',
  from,
  to: [to],
  size: 4_096,
  commit: 3,
})

t.test(
  'an id brings its session, its attempts and the notifications it caused, but not its neighbours',
  async t => {
    const directory = t.testdir()
    const tracking = open(directory)
    const [mine, other, notice] = [nextId(), nextId(), nextId()]
    tracking.track(connected('s1'))
    tracking.track(accepted('s1', other, 'a@x.test', 'b@y.test'))
    tracking.track(accepted('s1', mine, 'a@x.test', 'gone@y.test'))
    tracking.track({
      event: 'attempt',
      id: mine,
      domain: 'y.test',
      nextHop: '127.0.0.1:2526',
      outcomes: [{ to: 'gone@y.test', outcome: 'failed', reply: '550 5.1.1 No\r\n' }],
      milliseconds: 4,
    })
    tracking.track({ event: 'notified', id: mine, kind: 'failed', notification: notice, to: 'a@x.test' })
    tracking.track({ event: 'done', id: notice, seconds: 1 })
    await tracking.close()

    const story = (await traceOf(directory, mine)).events
    t.same(
      story.map(event => event.event),
      ['connected', 'accepted', 'attempt', 'notified', 'done'],
    )
    const byNotice = (await traceOf(directory, notice)).events
    t.equal(byNotice.length, 5, 'the notification leads to the message it is about')
    for (const event of story) t.notMatch(sentenceOf(event), /[\r\n]/, 'one line per event')
  },
)

t.test('an address is found in any case, in quotes, by domain, as sender and as recipient', async t => {
  const directory = t.testdir()
  const tracking = open(directory)
  tracking.track(accepted('s1', nextId(), '"a b"@x.test', 'Jo@y.test'))
  await tracking.close()
  for (const wanted of ['"A b"@x.test', 'jo@Y.test', '@y.test', '192.0.2.1', 's1'])
    t.equal((await traceOf(directory, wanted)).events.length, 1, wanted)
  t.equal((await traceOf(directory, 'o@y.test')).events.length, 0, 'but not by a part of it')
})

t.test('a refusal before any message is found by the address of the client', async t => {
  const directory = t.testdir()
  const tracking = open(directory, 3)
  tracking.track(connected('s9', '2001:db8::1'))
  tracking.track({
    event: 'refused',
    session: 's9',
    client: '2001:db8::1',
    stage: 'rcpt',
    reason: 'relay-denied',
    reply: '550 5.7.1 Relaying denied',
    to: 'x@elsewhere.test',
  })
  await tracking.close()
  const { events } = await traceOf(directory, '2001:db8::1')
  t.same(
    events.map(event => event.event),
    ['connected', 'refused'],
  )
  t.match(sentenceOf(events[1]!), /relay-denied: The client may not send to that domain/)
})

t.test('a line torn by a crash costs that line and no other', async t => {
  const directory = t.testdir()
  const first = open(directory)
  first.track(connected('s1'))
  await first.close()
  appendFileSync(trackingFile(directory, 0), '{"t":17,"thread":0,"event":"accep')
  const second = open(directory)
  second.track(connected('s2'))
  await second.close()
  t.equal((await traceOf(directory, '192.0.2.1')).events.length, 2)
})

t.test('text from outside cannot write a line of its own, nor escape into a terminal', async t => {
  const directory = t.testdir()
  const tracking = open(directory)
  const evil = 'x\n{"t":1,"event":"done"}\u2028{"t":2}\u001b[2J'
  tracking.track({ ...accepted('s1', nextId(), 'a@x.test', 'b@y.test'), helo: evil } as TrackingEvent)
  tracking.track({ event: 'authenticated', session: 's1', client: '192.0.2.1', user: evil })
  await tracking.close()
  t.equal(readFileSync(trackingFile(directory, 0), 'utf8').split('\n').length, 3)
  const { events } = await traceOf(directory, 's1')
  t.equal(events.length, 2)
  t.notMatch(sentenceOf(events[1]!), /[\p{Cc}\u2028]/u)
})

t.test('a full file is rotated, the oldest is dropped, and the story goes on over all of them', async t => {
  const directory = t.testdir()
  const tracking = open(directory, 0, { fileSize: 1_000, files: 3 })
  for (let index = 0; index < 40; index++) {
    tracking.track(connected(`s${index}`))
    await tracking.flush()
  }
  await tracking.close()
  t.same(readdirSync(directory).sort(), ['0.jsonl', '0.jsonl.1', '0.jsonl.2'])
  const { events } = await traceOf(directory, '192.0.2.1')
  t.ok(events.length > 10 && events.length < 40, `${events.length} events kept`)
  t.equal((events.at(-1) as { session?: string }).session, 's39')
  t.same(
    events.map(event => event.t),
    events.map(event => event.t).sort((left, right) => left - right),
  )
})

t.test('a burst is written in pieces and loses nothing', async t => {
  const directory = t.testdir()
  const tracking = open(directory, 0, { fileSize: 2 ** 30 })
  for (let index = 0; index < 5_000; index++) tracking.track(connected('s'))
  await tracking.close()
  t.equal(readFileSync(trackingFile(directory, 0), 'utf8').split('\n').length, 5_001)
  t.equal(tracking.lost(), 0)
})

t.test('a limit is told, not hidden', async t => {
  const directory = t.testdir()
  const tracking = open(directory)
  for (let index = 0; index < 5; index++) tracking.track(connected('s'))
  await tracking.close()
  const trace = await traceOf(directory, 's', 3)
  t.equal(trace.events.length, 3)
  t.ok(trace.more)
})
