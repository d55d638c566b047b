/** Delivery to Postfix's smtp-sink, which is told to misbehave in all the ways that it knows. */
import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startSink } from '../peers/smtp-sink.ts'
import { startRig, toPort } from './rig.ts'

const content = 'Subject: hello\r\n\r\nfirst\r\n.second\r\n..third\r\n'

t.test('a message reaches the next hop', async t => {
  const directory = t.testdir()
  chmodSync(directory, 0o777)
  const sink = await startSink(t, ['-d', join(directory, '%M.')])
  const rig = startRig({ '*': toPort(sink.port) })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['jo@example.com', 'mo@example.com']), content)
  await rig.queue.settled(1)
  const outcomes = rig.queue.settlements[0]!.settlement.outcomes
  t.match(outcomes, [
    { recipient: 'jo@example.com', outcome: 'delivered', text: '250 2.0.0 Ok' },
    { recipient: 'mo@example.com', outcome: 'delivered', text: '250 2.0.0 Ok' },
  ])
  await rig.stop()
  const message = readFileSync(join(directory, readdirSync(directory)[0]!), 'utf8')
  t.match(message, 'X-Mail-Args: <sender@example.org>')
  t.match(message, 'X-Rcpt-Args: <mo@example.com>')
  t.ok(message.includes('first\n.second\n..third\n'), 'dots arrive as they were')
  t.match(rig.events, [{ event: 'attempt' }, { event: 'done' }])
})

t.test('a thousand messages need few connections', async t => {
  const sink = await startSink(t)
  const rig = startRig({ '*': toPort(sink.port) })
  t.teardown(() => rig.stop())
  for (let index = 0; index < 1_000; index++)
    rig.queue.add(rig.queue.envelope([`jo${index}@example${index % 10}.com`]), content)
  await rig.queue.settled(1_000)
  t.ok(rig.queue.settlements.every(({ settlement }) => settlement.outcomes[0]!.outcome === 'delivered'))
  t.ok(rig.delivery.status().destinations[0]!.idle <= 20)
})

const faults: readonly (readonly [title: string, flags: readonly string[], outcome: object])[] = [
  ['hangs up at EHLO', ['-q', 'ehlo'], { outcome: 'deferred' }],
  ['hangs up at MAIL', ['-q', 'mail'], { outcome: 'deferred', text: /^4\.4\.2 / }],
  ['hangs up at RCPT', ['-q', 'rcpt'], { outcome: 'deferred', text: /^4\.4\.2 / }],
  ['hangs up at DATA', ['-q', 'data'], { outcome: 'deferred', text: /^4\.4\.2 / }],
  ['hangs up after the content', ['-q', '.'], { outcome: 'deferred', text: /may arrive twice/ }],
  ['defers MAIL', ['-r', 'mail'], { outcome: 'deferred', text: /^450 4\.3\.0 / }],
  ['defers RCPT', ['-r', 'rcpt'], { outcome: 'deferred', text: /^450 4\.3\.0 / }],
  ['defers DATA', ['-r', 'data'], { outcome: 'deferred', text: /^450 4\.3\.0 / }],
  ['defers the content', ['-r', '.'], { outcome: 'deferred', text: /^450 4\.3\.0 / }],
  ['refuses EHLO and knows HELO', ['-f', 'ehlo'], { outcome: 'delivered' }],
  ['refuses MAIL', ['-f', 'mail'], { outcome: 'failed', text: /^500 5\.3\.0 / }],
  ['refuses RCPT', ['-f', 'rcpt'], { outcome: 'failed', text: /^500 5\.3\.0 / }],
  ['refuses DATA', ['-f', 'data'], { outcome: 'failed', text: /^500 5\.3\.0 / }],
  ['refuses the content', ['-f', '.'], { outcome: 'failed', text: /^500 5\.3\.0 / }],
  ['offers no PIPELINING', ['-p'], { outcome: 'delivered' }],
  ['knows no ESMTP', ['-e'], { outcome: 'delivered' }],
  ['aborts in the middle of the content', ['-A', '0'], {}],
]

for (const [title, flags, expected] of faults)
  t.test(`a next hop that ${title}`, async t => {
    const sink = await startSink(t, flags)
    const rig = startRig({ '*': toPort(sink.port) })
    t.teardown(() => rig.stop(0))
    rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
    await rig.queue.settled(1)
    t.match(rig.queue.settlements[0]!.settlement.outcomes, [{ recipient: 'jo@example.com', ...expected }])
  })

t.test('LMTP to smtp-sink', async t => {
  const sink = await startSink(t, ['-L'])
  const rig = startRig({ '*': toPort(sink.port, 'lmtp') })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['jo@example.com', 'mo@example.com']), content)
  await rig.queue.settled(1)
  t.match(rig.queue.settlements[0]!.settlement.outcomes, [{ outcome: 'delivered' }, { outcome: 'delivered' }])
})
