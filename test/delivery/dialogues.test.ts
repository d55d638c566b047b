/**
 * The client against servers that follow a script: each phase, each way to say no.
 */
import t from 'tap'
import type { DeliverySettings } from '#delivery/delivery.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { RecipientOutcome } from '#mail/queue.ts'
import { startScript } from '../peers/scripted-server.ts'
import { startRig, toPort } from './rig.ts'

const content = 'Subject: hi\r\n\r\n.dot\r\n'
const hello = `
  S: 220 mx ready
  C: EHLO gate.example.net
  S: 250-mx
  S: 250-PIPELINING
  S: 250 ENHANCEDSTATUSCODES`

interface Given {
  readonly title: string
  readonly scripts: readonly string[]
  readonly to?: readonly string[]
  readonly content?: string
  readonly envelope?: Partial<Envelope>
  readonly settings?: Partial<DeliverySettings>
  readonly protocol?: 'smtp' | 'lmtp'
  readonly outcomes: readonly Partial<RecipientOutcome | { text: string | RegExp }>[]
  readonly contents?: readonly string[]
}

const dialogues: readonly Given[] = [
  {
    title: 'with PIPELINING envelope and DATA go in one flush, and dots are doubled',
    scripts: [
      `${hello}
      C: MAIL FROM:<sender@example.org>
      C: RCPT TO:<jo@example.com>
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 354 go
      C...
      S: 250 2.0.0 queued`,
    ],
    outcomes: [{ outcome: 'delivered', text: '250 2.0.0 queued' }],
    contents: ['Subject: hi\r\n\r\n..dot\r\n'],
  },
  {
    title: 'without PIPELINING each command waits for its reply, after HELO where EHLO is unknown',
    scripts: [
      `S: 220 mx
      C: EHLO *
      S: 502 what?
      C: HELO gate.example.net
      S: 250 hi
      C: MAIL FROM:<sender@example.org>
      S: 250 ok
      C: RCPT TO:<jo@example.com>
      S: 250 ok
      C: DATA
      S: 354 go
      C...
      S: 250 fine`,
    ],
    outcomes: [{ outcome: 'delivered', text: '250 fine' }],
  },
  {
    title: 'with CHUNKING small mail needs one flush, dots as they are and no line end added',
    scripts: [
      `S: 220 mx
      C: EHLO *
      S: 250-mx
      S: 250-PIPELINING
      S: 250-SIZE 1000
      S: 250-8BITMIME
      S: 250 CHUNKING
      C: MAIL FROM:<sender@example.org> SIZE=20 BODY=8BITMIME
      C: RCPT TO:<jo@example.com>
      C: BDAT 20 LAST
      C#
      S: 250 ok
      S: 250 ok
      S: 250 done`,
    ],
    envelope: { body: '8BITMIME' },
    content: '.dot\r\nno line end \xe9',
    outcomes: [{ outcome: 'delivered', text: '250 done' }],
    contents: ['.dot\r\nno line end \xc3\xa9'],
  },
  {
    title: 'each recipient has its own fate',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:<a@example.com>
      C: RCPT TO:<b@example.com>
      C: RCPT TO:<c@example.com>
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 450 4.2.1 later
      S: 550-5.1.1 no
      S: 550 5.1.1 such user
      S: 354 go
      C...
      S: 250 done`,
    ],
    to: ['a@example.com', 'b@example.com', 'c@example.com'],
    outcomes: [
      { recipient: 'b@example.com' as never, outcome: 'deferred', text: '450 4.2.1 later' },
      { recipient: 'c@example.com' as never, outcome: 'failed', text: '550 5.1.1 no 5.1.1 such user' },
      { recipient: 'a@example.com' as never, outcome: 'delivered', text: '250 done' },
    ],
  },
  {
    title: 'LMTP gives a final reply for each accepted recipient',
    protocol: 'lmtp',
    scripts: [
      `S: 220 mx
      C: LHLO gate.example.net
      S: 250-mx
      S: 250 PIPELINING
      C: MAIL FROM:*
      C: RCPT TO:<a@example.com>
      C: RCPT TO:<b@example.com>
      C: RCPT TO:<c@example.com>
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 550 no
      S: 250 ok
      S: 354 go
      C...
      S: 250 stored
      S: 452 4.2.2 over quota`,
    ],
    to: ['a@example.com', 'b@example.com', 'c@example.com'],
    outcomes: [
      { recipient: 'b@example.com' as never, outcome: 'failed' },
      { recipient: 'a@example.com' as never, outcome: 'delivered', text: '250 stored' },
      { recipient: 'c@example.com' as never, outcome: 'deferred', text: '452 4.2.2 over quota' },
    ],
  },
  {
    title: 'recipients beyond what the server takes at once follow in a second transaction',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:<a@example.com>
      C: RCPT TO:<b@example.com>
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 452 4.5.3 too many recipients
      S: 354 go
      C...
      S: 250 one
      C: MAIL FROM:*
      C: RCPT TO:<b@example.com>
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 354 go
      C...
      S: 250 two`,
    ],
    to: ['a@example.com', 'b@example.com'],
    outcomes: [{ text: '250 one' }, { text: '250 two' }],
  },
  {
    title: 'MAIL refused means all refused, and the empty message ends a DATA that was granted all the same',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:*
      C: DATA
      S: 550 5.7.1 not you
      S: 503 mail first
      S: 354 go
      C: .
      S: 554 nothing
      C: QUIT`,
    ],
    outcomes: [{ outcome: 'failed', text: '550 5.7.1 not you' }],
  },
  {
    title: 'all recipients refused: their replies count, not the one to DATA',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:*
      C: DATA
      S: 250 ok
      S: 551 5.1.6 moved
      S: 503 no recipients
      C: QUIT`,
    ],
    outcomes: [{ outcome: 'failed', text: '551 5.1.6 moved' }],
  },
  {
    title: 'DATA refused for now',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:*
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 451 4.3.0 disk`,
    ],
    outcomes: [{ outcome: 'deferred', text: '451 4.3.0 disk' }],
  },
  {
    title: 'the content refused for good',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:*
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 354 go
      C...
      S: 554 5.6.0 spam`,
    ],
    outcomes: [{ outcome: 'failed', text: '554 5.6.0 spam' }],
  },
  {
    title: '421 in the middle defers what was not answered and ends the connection',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:*
      C: DATA
      S: 250 ok
      S: 421 4.3.2 going down
      SILENCE`,
    ],
    outcomes: [{ outcome: 'deferred', text: '421 4.3.2 going down' }],
  },
  {
    title: 'a connection lost after the end of data defers, and says that it may arrive twice',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:*
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 354 go
      C...
      BREAK`,
    ],
    outcomes: [{ outcome: 'deferred', text: /^4\.4\.2 .*may arrive twice/ }],
  },
  {
    title: 'a greeting of 554 is a host that fails, not mail that fails',
    scripts: ['S: 554 no mail here\nC: QUIT'],
    outcomes: [{ outcome: 'deferred', text: /^4\.3\.2 .*554 no mail here/ }],
  },
  {
    title: 'a server that says nothing costs its deadline and no more',
    scripts: ['SILENCE'],
    settings: { deadlines: { connect: 200, greeting: 200, command: 200, data: 200 } },
    outcomes: [{ outcome: 'deferred', text: /^4\.4\.2 timed out/ }],
  },
  {
    title: 'a reply that trickles in does not stretch the deadline',
    scripts: ['S| 220-welcome\\r\\n220-\nDRIP 25'],
    settings: { deadlines: { connect: 200, greeting: 200, command: 200, data: 200 } },
    outcomes: [{ outcome: 'deferred', text: /^4\.4\.2 timed out/ }],
  },
  {
    title: 'a server that talks without being asked is left',
    scripts: [`${hello}\nS: 250 surprise\nSILENCE`],
    outcomes: [{ outcome: 'deferred', text: /broke the protocol: a reply to no command/ }],
  },
  {
    title: 'a reply that never ends is cut off',
    scripts: [`S: 220 mx\nC: EHLO *\n${'S: 250-more\n'.repeat(500)}SILENCE`],
    outcomes: [{ outcome: 'deferred', text: /broke the protocol: a reply has too many lines/ }],
  },
  {
    title: 'a line that never ends is cut off',
    scripts: [`S| 220 ${'a'.repeat(100_000)}\nSILENCE`],
    outcomes: [{ outcome: 'deferred', text: /broke the protocol: a reply line is too long/ }],
  },
  {
    title: 'a reply with two codes is no reply',
    scripts: [`S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 550 no\nSILENCE`],
    outcomes: [{ outcome: 'deferred', text: /broke the protocol: the codes of one reply differ/ }],
  },
  {
    title: 'controls in a reply reach no log and no notification',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:*
      C: DATA
      S| 550 5.7.1 a\\x1b[31m\\0\\x07b\\xff\\r\\n
      S: 503 no
      S: 503 no`,
    ],
    outcomes: [{ outcome: 'failed', text: '550 5.7.1 a?[31m??b?' }],
  },
  {
    title: 'a message larger than SIZE is not even begun',
    scripts: [`S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250 SIZE 10\nC: QUIT`],
    outcomes: [{ outcome: 'failed', text: /^5\.3\.4 / }],
  },
  {
    title: 'SMTPUTF8 that is needed and not offered fails',
    scripts: [`${hello}\nC: QUIT`],
    envelope: { smtputf8: true },
    to: ['jörg@example.com'],
    outcomes: [{ outcome: 'failed', text: /^5\.6\.7 / }],
  },
  {
    title: 'SMTPUTF8 that was asked for without need is no obstacle',
    scripts: [
      `${hello}
      C: MAIL FROM:<sender@example.org>
      C: RCPT TO:<jo@example.com>
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 354 go
      C...
      S: 250 fine`,
    ],
    envelope: { smtputf8: true },
    outcomes: [{ outcome: 'delivered' }],
  },
  {
    title: 'DSN parameters are handed on, encoded',
    scripts: [
      `S: 220 mx
      C: EHLO *
      S: 250-mx
      S: 250-PIPELINING
      S: 250 DSN
      C: MAIL FROM:<sender@example.org> RET=HDRS ENVID=a+2Bb+20c
      C: RCPT TO:<jo@example.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;jo+2Bx@example.net
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 354 go
      C...
      S: 250 fine`,
    ],
    envelope: {
      returnContent: 'headers',
      envelopeId: 'a+b c',
      recipients: [
        {
          address: 'jo@example.com' as never,
          notify: ['success', 'failure'],
          originalRecipient: 'rfc822;jo+x@example.net',
        },
      ],
    },
    outcomes: [{ outcome: 'delivered' }],
  },
  {
    title: 'an early final reply in the middle of the content is taken, and the connection left',
    scripts: [
      `${hello}
      C: MAIL FROM:*
      C: RCPT TO:*
      C: DATA
      S: 250 ok
      S: 250 ok
      S: 354 go
      C+
      S: 552 5.3.4 too big
      SILENCE`,
    ],
    content: `${'x'.repeat(998)}\r\n`.repeat(4_000),
    outcomes: [{ outcome: 'failed', text: '552 5.3.4 too big' }],
  },
]

for (const { title, scripts, to, envelope, settings, protocol, outcomes, contents, ...rest } of dialogues)
  t.test(title, async t => {
    const server = await startScript(t, scripts)
    const rig = startRig({ '*': toPort(server.port, protocol) }, settings)
    t.teardown(() => rig.stop())
    rig.queue.add(rig.queue.envelope(to ?? ['jo@example.com'], envelope), rest.content ?? content)
    await rig.queue.settled(1)
    t.match(rig.queue.settlements[0]!.settlement.outcomes, outcomes)
    t.equal(rig.queue.settlements[0]!.settlement.outcomes.length, outcomes.length)
    if (contents !== undefined) t.same(server.contents, contents)
    await rig.stop()
    t.same(server.errors, [])
  })
