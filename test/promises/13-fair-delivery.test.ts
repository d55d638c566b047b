/**
 * Promise 13, second half: delivery is fair; one dead destination does not delay the others.
 *
 * Real spool, real sockets. The dead ones are dead in each way there is: nobody listens; accepts and says nothing; greets
 * and says nothing; takes the envelope and says nothing; says its greeting one octet at a time. Each has a thousand
 * messages that came first. What is measured is that all others arrive while the dead ones are still hoped for.
 */
import { join } from 'node:path'
import t from 'tap'
import { startDelivery } from '#delivery/delivery.ts'
import { createMessageIdSource } from '#mail/message-id.ts'
import { isRefusal } from '#mail/refusal.ts'
import type { Route } from '#mail/route.ts'
import type { TrackingEvent } from '#observe/event.ts'
import { openSpool } from '#spool/spool.ts'
import { createTestClock, MemoryQueue } from '../delivery/memory-queue.ts'
import { testSettings, toPort } from '../delivery/rig.ts'
import { freePort, until } from '../peers/ready.ts'
import { startScript } from '../peers/scripted-server.ts'
import { startSink } from '../peers/smtp-sink.ts'

const content = Buffer.from('Subject: hi\r\n\r\ntext\r\n')
const alive = 200

t.test('five dead destinations with a thousand messages each delay nobody', async t => {
  const greeted = 'S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250 PIPELINING\n'
  const silent = await startScript(t, ['SILENCE'])
  const mute = await startScript(t, ['S: 220 mx\nSILENCE'])
  const stuck = await startScript(t, [
    `${greeted}C: MAIL *\nC: RCPT *\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nC...\nSILENCE`,
  ])
  const drip = await startScript(t, ['S| 220-\nDRIP 100'])
  const ports = [await freePort(), silent.port, mute.port, stuck.port, drip.port]
  const sink = await startSink(t)

  const clock = { now: Date.now }
  const nextId = createMessageIdSource(0, clock)
  const spool = await openSpool({
    directory: join(t.testdir(), 'spool'),
    thread: 0,
    clock,
    segmentSize: 16 * 2 ** 20,
    inlineSize: 2 ** 20,
    memory: 32 * 2 ** 20,
    minimumFree: 0,
  })
  const make = new MemoryQueue(createTestClock(Date.now()))
  const accept = async (to: string) => {
    const id = nextId()
    const writer = spool.open(id)
    await writer.write(content)
    const receipt = await spool.accept(make.envelope([to], { id, receivedAt: clock.now() }), writer)
    if (isRefusal(receipt)) throw new Error(receipt.detail)
  }
  for (const dead of ports.keys())
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => accept(`jo${index}@dead${dead}.example`)))
  await Promise.all(Array.from({ length: alive }, (_, index) => accept(`jo@alive${index % 50}.example`)))

  const events: TrackingEvent[] = []
  const arrived = Promise.withResolvers<void>()
  let done = 0
  const routes = new Map(ports.map((port, index): [string, Route] => [`dead${index}.example`, toPort(port)]))
  const delivery = startDelivery({
    queue: spool,
    intake: spool,
    router: { route: async domain => routes.get(domain) ?? toPort(sink.port) },
    settings: { ...testSettings, concurrency: 20 },
    nextId,
    track: event => {
      events.push(event)
      if (event.event === 'done' && ++done === alive) arrived.resolve()
    },
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => t.fail('an error was logged') },
    hostname: 'gate.example.net',
  })
  const begun = performance.now()
  await arrived.promise
  const milliseconds = performance.now() - begun
  // The dead ones have deadlines of 5 s in this test: nothing waited for the first of them.
  t.ok(milliseconds < 4_500, `all others arrived in ${Math.round(milliseconds)} ms`)
  const tried = events.filter(event => event.event === 'attempt' && event.domain.startsWith('dead')).length
  t.ok(tried <= 50, `${tried} of 5,000 dead jobs were tried meanwhile`)
  await delivery.stop(0)
  // Delivered messages leave the queue with the commit that follows.
  await until('the queue to hold the dead ones alone', () => spool.totals().messages <= 5_000)
  t.equal(spool.totals().messages, 5_000, 'and none of them is lost')
  await spool.close()
})
