/**
 * Promise 6: no CR or LF from configuration, directory, DSN parameters or headers reaches an SMTP command.
 *
 * What happened elsewhere: nodemailer GHSA-c7w3-x93f-qmm8, where an envelope size with CRLF became commands.
 */
import fc from 'fast-check'
import t from 'tap'
import { type Command, hello, isUnsafe, mail, rcpt, type UnsafeArgument } from '#delivery/command.ts'
import { type Features, noFeatures } from '#delivery/features.ts'
import type { Envelope, Recipient } from '#mail/envelope.ts'
import { createTestClock, MemoryQueue } from '../delivery/memory-queue.ts'
import { startRig, toPort } from '../delivery/rig.ts'
import { startScript } from '../peers/scripted-server.ts'

const everything: Features = {
  ...noFeatures,
  dsn: true,
  smtputf8: true,
  requireTls: true,
  eightBitMime: true,
  size: Number.POSITIVE_INFINITY,
}
const queue = new MemoryQueue(createTestClock())

/** Types are for the compiler; here the values lie. */
const lying = <T>(value: unknown): T => value as T

const tricks = [
  'jo@example.com\r\nRCPT TO:<evil@example.net>',
  'jo@example.com\nDATA',
  'jo@example.com\rDATA',
  'jo@example.com\0',
  'jo@example.com> NOTIFY=NEVER',
  'jo@example.com>\r\nDATA\r\n',
  '"a\r\nDATA\r\n"@example.com',
  'jo@exam ple.com',
  'jo@example.com\u2028',
  'jo@example.com\u0085DATA',
  '<jo@example.com>',
]

/** One line, one CRLF at its end, and for MAIL and RCPT one path with known parameters. */
function isOneCommand(command: Command | UnsafeArgument): boolean {
  if (isUnsafe(command)) return true
  return /^[^\r\n\0]*\r\n$/.test(command)
}

t.test('an address that holds a line end or a bracket is no command', t => {
  for (const [number, trick] of tricks.entries()) {
    t.ok(isUnsafe(rcpt({ address: lying(trick) }, everything)), `trick ${number}`)
    t.ok(isUnsafe(mail(queue.envelope([], { reversePath: lying(trick) }), 1, everything)), `trick ${number}`)
  }
  t.end()
})

t.test('a host name from the configuration that holds a line end is no greeting', t => {
  for (const name of ['gate\r\nMAIL FROM:<>', 'gate example', 'gate\0', ''])
    t.ok(name === '' || isUnsafe(hello('EHLO', name)), JSON.stringify(name))
  t.end()
})

t.test('whatever an envelope says, MAIL and RCPT are one line each', t => {
  const text = fc.oneof(
    // Any UTF-16, lone surrogates too.
    fc.uint16Array({ maxLength: 40 }).map(units => String.fromCharCode(...units)),
    fc.uint8Array({ maxLength: 40 }).map(octets => String.fromCharCode(...octets)),
    fc.constantFrom(...tricks),
    fc.string().map(part => `${part}\r\nDATA\r\n${part}`),
  )
  fc.assert(
    fc.property(text, text, text, (address, id, original) => {
      const envelope: Envelope = queue.envelope([], {
        reversePath: lying(address),
        envelopeId: id,
        returnContent: 'full',
        body: '8BITMIME',
        smtputf8: true,
        requireTls: true,
      })
      const recipient: Recipient = {
        address: lying(address),
        originalRecipient: original,
        notify: ['success', 'failure'],
      }
      return isOneCommand(mail(envelope, 1, everything)) && isOneCommand(rcpt(recipient, everything))
    }),
    { numRuns: 1_000 },
  )
  t.end()
})

t.test('on the wire nothing of such a recipient is seen, and the others get their mail', async t => {
  const server = await startScript(t, [
    `S: 220 mx
    C: EHLO gate.example.net
    S: 250-mx
    S: 250-DSN
    S: 250 PIPELINING
    C: MAIL FROM:<sender@example.org> ENVID=x+0D+0ADATA
    C: RCPT TO:<jo@example.com> ORCPT=rfc822;jo+0D+0ADATA@example.com
    C: DATA
    S: 250 ok
    S: 250 ok
    S: 354 go
    C...
    S: 250 done`,
  ])
  const rig = startRig({ '*': toPort(server.port) })
  t.teardown(() => rig.stop())
  rig.queue.add(
    rig.queue.envelope([], {
      envelopeId: 'x\r\nDATA',
      recipients: [
        { address: lying('evil@example.com>\r\nDATA\r\n@example.com') },
        { address: lying('jo@example.com'), originalRecipient: 'rfc822;jo\r\nDATA@example.com' },
      ],
    }),
    'Subject: x\r\n\r\ny\r\n',
  )
  await rig.queue.settled(1)
  t.match(rig.queue.settlements[0]!.settlement.outcomes, [
    { outcome: 'failed', text: /^5\.1\.3 / },
    { recipient: 'jo@example.com', outcome: 'delivered' },
  ])
  t.same(server.errors, [])
})
