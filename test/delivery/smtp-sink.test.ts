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
