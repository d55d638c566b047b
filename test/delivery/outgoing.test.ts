/** What a next hop gets of a message that is marked, and of one whose sender wrote our fields himself. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Address } from '#mail/address.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { Treatment } from '#mail/treatment.ts'
import { startScript } from '../peers/scripted-server.ts'
import { startRig, toPort } from './rig.ts'

const tag: Treatment = { kind: 'tag', mark: { fields: ['X-Sluice-Spam-Flag: YES'], subject: '[SPAM]' } }
const to = (...recipients: [string, number?][]): Pick<Envelope, 'recipients'> => ({
  recipients: recipients.map(([address, treatment]) => ({
    address: address as Address,
    ...(treatment !== undefined && { treatment }),
  })),
})

const hello = `
  S: 220 mx ready
  C: EHLO gate.example.net
  S: 250-mx
  S: 250-PIPELINING`

async function deliver(
  t: Test,
  script: string,
  content: string | readonly string[],
  envelope: Partial<Envelope>,
) {
  const server = await startScript(t, [script])
  const rig = startRig({ '*': toPort(server.port) })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['jo@example.com'], envelope), content)
  await rig.queue.settled(1)
  t.match(rig.queue.settlements[0]!.settlement.outcomes, [{ outcome: 'delivered' }])
  return server.contents
}

const stored = 'Received: x\r\nX-Sluice-Spam-Flag: NO\r\nSubject: hi\r\n\r\n.dot\r\n'
const marked = 'X-Sluice-Spam-Flag: YES\r\nReceived: x\r\nSubject: [SPAM] hi\r\n\r\n.dot\r\n'

t.test('SIZE says the size of what is sent, and dots are still doubled', async t => {
  const contents = await deliver(
    t,
    `${hello}
    S: 250 SIZE 1000
    C: MAIL FROM:<sender@example.org> SIZE=${marked.length}
    C: RCPT TO:<jo@example.com>
    C: DATA
    S: 250 ok
    S: 250 ok
    S: 354 go
    C...
    S: 250 2.0.0 queued`,
    stored,
    { ...to(['jo@example.com', 0]), treatments: [tag] },
  )
  t.same(contents, [marked.replace('\r\n.dot', '\r\n..dot')])
})

t.test('BDAT says as many octets as come, wherever the content is cut', async t => {
  for (const cut of [1, 12, 24, 60, stored.length - 6, stored.length - 1]) {
    const contents = await deliver(
      t,
      `${hello}
      S: 250 CHUNKING
      C: MAIL FROM:<sender@example.org>
      C: RCPT TO:<jo@example.com>
      C: BDAT ${marked.length} LAST
      C#
      S: 250 ok
      S: 250 ok
      S: 250 done`,
      [stored.slice(0, cut), stored.slice(cut)],
      { ...to(['jo@example.com', 0]), treatments: [tag] },
    )
    t.same(contents, [marked], `cut at ${cut}`)
  }
})

t.test('a field of ours that a stranger wrote goes no further, also in mail that passes', async t => {
  const script = `${hello}
    S: 250 8BITMIME
    C: MAIL FROM:<sender@example.org>
    C: RCPT TO:<jo@example.com>
    C: DATA
    S: 250 ok
    S: 250 ok
    S: 354 go
    C...
    S: 250 fine`
  const contents = await deliver(t, script, stored, {})
  t.same(contents, ['Received: x\r\nSubject: hi\r\n\r\n..dot\r\n'])
})

t.test('who is tagged and who is not get copies of their own, and their mailbox a file for each', async t => {
  const directory = join(t.testdir(), 'capture')
  const rig = startRig({ '*': { kind: 'capture', directory } })
  t.teardown(() => rig.stop())
  const recipients = to(['jo@example.com', 0], ['al@example.com'], ['mo@example.com', 0])
  rig.queue.add(rig.queue.envelope([], { ...recipients, treatments: [tag] }), 'Subject: hi\r\n\r\nbody\r\n')
  await rig.queue.settled(2)
  const files = readdirSync(join(directory, 'new')).map(name =>
    readFileSync(join(directory, 'new', name), 'latin1').replace(/^Return-Path.*\r\n/, ''),
  )
  t.same(files.sort(), [
    'Delivered-To: al@example.com\r\nSubject: hi\r\n\r\nbody\r\n',
    'Delivered-To: jo@example.com\r\nDelivered-To: mo@example.com\r\nX-Sluice-Spam-Flag: YES\r\nSubject: [SPAM] hi\r\n\r\nbody\r\n',
  ])
})

t.test('a notification tells its sender nothing of our fields', async t => {
  const rig = startRig({
    '*': { kind: 'failed', permanent: true, reason: 'domain-unknown', text: '5.1.2 unknown' },
  })
  t.teardown(() => rig.stop())
  rig.queue.add(
    rig.queue.envelope([], { ...to(['jo@example.com', 0]), treatments: [tag], returnContent: 'full' }),
    'Subject: hi\r\n\r\nbody\r\n',
  )
  await rig.queue.settled(1)
  const told = rig.queue.received[0]!.content.toString()
  t.match(told, 'Subject: hi')
  t.notMatch(told, 'X-Sluice')
  t.notMatch(told, '[SPAM]')
})
