/**
 * Honest mail that carries spam: somebody forwards it, complains of it, or a server gives it back. It is ham, and a filter that
 * judges it by what it carries loses reports of abuse and notices of failed delivery.
 */
import { textsOf } from './rewrite.ts'

export const carrierKinds = ['forwarded', 'quoted', 'report', 'bounce'] as const
export type CarrierKind = (typeof carrierKinds)[number]

interface Covering {
  readonly subject: string
  readonly from: string
  readonly type: string
  readonly body: string
}

const boundary = '=_carried_0815'

const mailOf = ({ subject, from, type, body }: Covering, number: number): string =>
  `From: ${from}
Date: Tue, 5 Mar 2024 09:${String(number % 60).padStart(2, '0')}:12 +0100
Message-ID: <${number}.carried@office.example>
Subject: ${subject}
MIME-Version: 1.0
Content-Type: ${type}

${body}
`

const multipart = (parts: readonly (readonly [string, string])[]): string =>
  [
    ...parts.map(([type, text]) => `--${boundary}\nContent-Type: ${type}\n\n${text}\n`),
    `--${boundary}--\n`,
  ].join('')

const notes = [
  'Hello all, this came to our mailbox this morning. Nobody here ordered anything. Can you have a look whether others got it?',
  'Hi Ruth, is this real? It looks odd to me, so I have not clicked on anything. Regards, Ann',
  'For your information, one more of those. I have told the people in accounting to leave it alone.',
]

const addresses = ['Ann Weaver <ann.weaver@office.example>', 'Sam Porter <sam@office.example>']

const makers: Readonly<Record<CarrierKind, (spam: string, number: number) => Covering>> = {
  forwarded: (spam, number) => ({
    subject: 'Fwd: strange mail',
    from: addresses[number % addresses.length]!,
    type: `multipart/mixed; boundary="${boundary}"`,
    body: multipart([
      ['text/plain; charset=utf-8', notes[number % notes.length]!],
      ['message/rfc822', spam],
    ]),
  }),
  quoted: (spam, number) => ({
    subject: 'Fwd: is this one of ours?',
    from: addresses[number % addresses.length]!,
    type: 'text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit',
    body: `${notes[number % notes.length]}\n\n---------- Forwarded message ---------\n${Buffer.from(plainOf(spam)).toString('latin1')}`,
  }),
  // RFC 5965
  report: (spam, number) => ({
    subject: `Abuse report from the network of provider.example [${number}]`,
    from: 'Abuse desk <feedback@provider.example>',
    type: `multipart/report; report-type=feedback-report; boundary="${boundary}"`,
    body: multipart([
      [
        'text/plain',
        'This is an abuse report for a message that one of our customers received from your network.',
      ],
      ['message/feedback-report', 'Feedback-Type: abuse\nUser-Agent: Reporter/1.0\nVersion: 1'],
      ['message/rfc822', spam],
    ]),
  }),
  // RFC 3464
  bounce: spam => ({
    subject: 'Undelivered Mail Returned to Sender',
    from: 'Mail Delivery System <MAILER-DAEMON@mx.provider.example>',
    type: `multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    body: multipart([
      [
        'text/plain',
        'This is the mail system at mx.provider.example. Your message could not be delivered to one or more recipients. It is attached below.\n\n<bob@office.example>: 550 5.1.1 user unknown',
      ],
      [
        'message/delivery-status',
        'Reporting-MTA: dns; mx.provider.example\n\nFinal-Recipient: rfc822; bob@office.example\nAction: failed\nStatus: 5.1.1',
      ],
      ['message/rfc822', spam],
    ]),
  }),
}

/** As a mail program quotes it: the first text, without tags. */
function plainOf(spam: string): string {
  const [first] = textsOf(spam)
  if (first === undefined) return ''
  return first.kind === 'plain'
    ? first.text
    : first.text.replace(/<(style|script)\b[\s\S]*?<\/\1\s*>|<[^>]*>/gi, ' ').replace(/[ \t]+/g, ' ')
}

/** `spam`: octets in Latin-1. */
export const carrierOf = (kind: CarrierKind, spam: string, number: number): string =>
  mailOf(makers[kind](spam, number), number)
