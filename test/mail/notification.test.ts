import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import type { Envelope } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import { type NotificationSubject, notificationOf, statusOf } from '#mail/notification.ts'

const envelope: Envelope = {
  id: '6dqdpn8000000' as MessageId,
  reversePath: 'sender@example.org' as never,
  recipients: [],
  body: '7BIT',
  smtputf8: false,
  requireTls: false,
  origin: {
    zone: 'outside',
    listener: '127.0.0.1:25',
    clientAddress: '192.0.2.1',
    clientPort: 1,
    helo: 'x',
    protocol: 'ESMTP',
    session: 's',
  },
  receivedAt: Date.UTC(2026, 0, 1),
}

const subject = (change: Partial<NotificationSubject> = {}): NotificationSubject => ({
  kind: 'failed',
  id: '6dqdpn8000001' as MessageId,
  hostname: 'gate.example.net',
  boundary: '=_boundary',
  now: Date.UTC(2026, 0, 2),
  envelope,
  recipients: [
    {
      recipient: { address: 'jo@example.com' as never, originalRecipient: 'rfc822;jo@alias.example' },
      action: 'failed',
      text: '550 5.1.1 No such user',
      remote: 'mx.example.com',
    },
  ],
  returned: { kind: 'headers', bytes: Buffer.from('Subject: hello\r\nFrom: me\r\n') },
  ...change,
})

/** Python's own parser: content types of all parts, and the fields of message/delivery-status. */
function parsed(content: Uint8Array): {
  types: string[]
  fields: [string, string][][]
  header: Record<string, string>
  defects: string[]
} {
  const script = `
import sys, json, email, email.policy
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
status = [p for p in m.walk() if p.get_content_type() in ('message/delivery-status',)]
fields = [[(k, str(v)) for k, v in block.items()] for s in status for block in s.get_payload()]
print(json.dumps({'types': [p.get_content_type() for p in m.walk()], 'fields': fields,
  'header': {k: str(v) for k, v in m.items()}, 'defects': [repr(d) for p in m.walk() for d in p.defects]}))`
  return JSON.parse(execFileSync('python3', ['-c', script], { input: content }).toString())
}

t.test('a notification is a multipart/report that others can read', t => {
  const { content, envelope: own } = notificationOf(
    subject({ envelope: { ...envelope, envelopeId: 'QQ314159' } }),
  )!
  const { types, fields, header, defects } = parsed(content)
  t.same(defects, [])
  t.equal(types[0], 'multipart/report')
  t.ok(
    types.includes('text/plain') &&
      types.includes('message/delivery-status') &&
      types.includes('text/rfc822-headers'),
  )
  t.same(fields[0], [
    ['Original-Envelope-Id', 'QQ314159'],
    ['Reporting-MTA', 'dns; gate.example.net'],
    ['Arrival-Date', 'Thu, 01 Jan 2026 00:00:00 +0000'],
  ])
  t.same(fields[1], [
    ['Original-Recipient', 'rfc822; jo@alias.example'],
    ['Final-Recipient', 'rfc822; jo@example.com'],
    ['Action', 'failed'],
    ['Status', '5.1.1'],
    ['Remote-MTA', 'dns; mx.example.com'],
    ['Diagnostic-Code', 'smtp; 550 5.1.1 No such user'],
  ])
  t.equal(header['Auto-Submitted'], 'auto-replied')
  t.equal(own.reversePath, '')
  t.end()
})

t.test('a message from the null path gives none', t => {
  t.equal(notificationOf(subject({ envelope: { ...envelope, reversePath: '' } })), undefined)
  t.end()
})

t.test('UTF-8 forms are used where SMTPUTF8 was, and only where they must be', t => {
  const utf8 = { ...envelope, smtputf8: true }
  const jörg = {
    recipient: { address: 'jörg@example.com' as never },
    action: 'failed' as const,
    text: '550 5.1.1 kein Jörg',
  }
  const made = notificationOf(subject({ envelope: utf8, recipients: [jörg] }))!
  const text = Buffer.from(made.content).toString()
  t.equal(made.envelope.smtputf8, true)
  t.match(text, 'message/global-delivery-status')
  t.match(text, 'Final-Recipient: utf-8; jörg@example.com')
  t.match(text, 'message/global-headers')
  const plain = notificationOf(subject({ envelope: utf8 }))!
  t.equal(plain.envelope.smtputf8, false)
  t.match(Buffer.from(plain.content).toString(), 'message/delivery-status')
  t.end()
})

t.test('8-bit content is returned as it is, and said to be', t => {
  const bytes = Buffer.from('Subject: x\r\n\r\nJ\xf6rg\r\n', 'latin1')
  const { content, envelope: own } = notificationOf(subject({ returned: { kind: 'full', bytes } }))!
  t.ok(Buffer.from(content).includes(bytes))
  t.equal(own.body, '8BITMIME')
  t.match(Buffer.from(content).toString('latin1'), /message\/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n/)
  t.end()
})

/** Any UTF-16, lone surrogates too. */
const anyText = fc.uint16Array({ maxLength: 400 }).map(units => String.fromCharCode(...units))

t.test('no text from outside makes a line, a field or a part of its own', t => {
  fc.assert(
    fc.property(anyText, fc.boolean(), (text, smtputf8) => {
      const hostile = `${text}\r\nX-Evil: yes\n--=_boundary\r\n`
      const { content } = notificationOf(
        subject({
          envelope: { ...envelope, smtputf8, envelopeId: hostile },
          recipients: [
            {
              recipient: { address: 'jo@example.com' as never, originalRecipient: `rfc822;${hostile}` },
              action: 'failed',
              text: hostile,
              remote: hostile,
            },
          ],
          returned: undefined,
        }),
      )!
      const lines = Buffer.from(content).toString('latin1').split('\r\n')
      return (
        lines.every(line => !/^X-Evil|[\r\n\0\x1b]/.test(line) && line.length <= 998) &&
        lines.filter(line => line === '--=_boundary').length === 2
      ) // the text part and the status part
    }),
    { numRuns: 80 },
  )
  t.end()
})

t.test('the status is the one that was given, when it fits', t => {
  for (const [text, action, status] of [
    ['550 5.1.1 no', 'failed', '5.1.1'],
    ['550 no', 'failed', '5.0.0'],
    ['550 4.1.1 mixed', 'failed', '4.1.1'],
    ['450 4.2.1 later', 'delayed', '4.2.1'],
    ['4.4.1 cannot connect', 'delayed', '4.4.1'],
    ['250 2.1.5 ok', 'relayed', '2.1.5'],
    ['250 fine', 'delivered', '2.0.0'],
    ['550 5.1.1.1 odd', 'failed', '5.0.0'],
    ['see 5.1.1 there', 'failed', '5.0.0'],
  ] as const)
    t.equal(statusOf(text, action), status, text)
  t.end()
})
