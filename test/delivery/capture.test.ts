import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createCapture } from '#delivery/capture.ts'
import { CorruptContent } from '#mail/queue.ts'
import { createTestClock, MemoryQueue } from './memory-queue.ts'
import { startRig } from './rig.ts'

const content = 'Subject: hello\r\n\r\nfirst\r\n.second\r\nlast without line end'

t.test('the capture mailbox is a Maildir with the content octet for octet', async t => {
  const directory = join(t.testdir(), 'capture')
  const rig = startRig({ '*': { kind: 'capture', directory } })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['jo@example.com', 'mo@example.com']), content)
  await rig.queue.settled(1)
  t.same(readdirSync(directory).sort(), ['cur', 'new', 'tmp'])
  t.same(readdirSync(join(directory, 'tmp')), [])
  const [name] = readdirSync(join(directory, 'new'))
  t.match(name, /^\d+\.[0-9a-z]{13}_[0-9a-f]{12}\.sluice$/)
  t.equal(
    readFileSync(join(directory, 'new', name!), 'latin1'),
    'Return-Path: <sender@example.org>\r\n' +
      'Delivered-To: jo@example.com\r\nDelivered-To: mo@example.com\r\n' +
      content,
  )
  t.match(rig.events, [{ event: 'attempt', nextHop: 'capture' }, { event: 'done' }])
})

t.test('a message that is delivered again after a crash replaces its own file', async t => {
  const directory = join(t.testdir(), 'capture')
  const capture = createCapture(directory)
  const queue = new MemoryQueue(createTestClock())
  queue.add(queue.envelope(['jo@example.com']), content)
  const [job] = queue.waiting
  await Promise.all([capture.store(job!)])
  await capture.store(job!)
  t.equal(readdirSync(join(directory, 'new')).length, 1)
})

t.test('recipients in two domains get a file each', async t => {
  const directory = join(t.testdir(), 'capture')
  const rig = startRig({ '*': { kind: 'capture', directory } })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['jo@example.com', 'jo@../../etc/passwd']), content)
  await rig.queue.settled(2)
  t.equal(readdirSync(join(directory, 'new')).length, 2, 'no file name comes from an address')
})

t.test('a disk that fails leaves nothing behind and defers the mail', async t => {
  const directory = t.testdir({ capture: 'a file where the Maildir should be' })
  const rig = startRig(
    { '*': { kind: 'capture', directory: join(directory, 'capture') } },
    {},
    { quiet: true },
  )
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  await rig.queue.settled(1)
  t.match(rig.queue.settlements[0]!.settlement, { outcomes: [{ outcome: 'deferred', text: /^4\.3\.0 / }] })
})

t.test(
  'content that is damaged on disk is reported to its sender, and no half of it is delivered',
  async t => {
    const directory = join(t.testdir(), 'capture')
    const rig = startRig({ '*': { kind: 'capture', directory } }, {}, { quiet: true })
    t.teardown(() => rig.stop())
    rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
    const [job] = rig.queue.waiting
    Object.assign(job!, {
      *content() {
        yield Buffer.from('Subject: x\r\n\r\nhalf')
        throw new CorruptContent('CRC')
      },
    })
    await rig.queue.settled(1)
    t.match(rig.queue.settlements[0]!.settlement.outcomes, [{ outcome: 'failed', text: /^5\.3\.0 / }])
    t.same(readdirSync(join(directory, 'new')), [])
    t.same(readdirSync(join(directory, 'tmp')), [])
    t.equal(rig.queue.received.length, 1, 'the sender is told')
    t.notMatch(rig.queue.received[0]!.content.toString(), 'half')
  },
)
