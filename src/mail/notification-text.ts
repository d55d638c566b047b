/**
 * The part of a notification that a person reads: what happened, to whom, why, and what to do. Plain words, no jargon
 * before the server's own answer.
 */
import type { NotificationKind, NotificationSubject, NotifiedRecipient } from '#mail/notification-subject.ts'

const subjects: Readonly<Record<NotificationKind, string>> = {
  failed: 'Your message could not be delivered',
  delayed: 'Your message is delayed',
  success: 'Your message was handed over',
}

export const subjectOf = (kind: NotificationKind): string => subjects[kind]

export function explanation(subject: NotificationSubject): string[] {
  const { kind, hostname, recipients, returned } = subject
  return [
    `This is the mail system of ${hostname}.`,
    '',
    ...introductions[kind](subject),
    '',
    ...recipients.flatMap(person),
    ...(returned === undefined
      ? []
      : [returned.kind === 'full' ? 'Your message follows.' : 'The header of your message follows.', '']),
  ]
}

const introductions: Readonly<Record<NotificationKind, (subject: NotificationSubject) => string[]>> = {
  failed: () => [
    'Your message could not be delivered to the recipients below. Nothing more',
    'will be tried for them. The answer of the other mail system says why.',
  ],
  delayed: ({ willRetryUntil }) => [
    'Your message could not yet be delivered to the recipients below. You need',
    `not send it again: it will be tried${willRetryUntil === undefined ? ' further.' : ' until'}`,
    ...(willRetryUntil === undefined ? [] : [`${new Date(willRetryUntil).toUTCString()}.`]),
  ],
  success: () => [
    'Your message was handed over as you asked to be told. Where the next mail',
    'system sends no confirmations, this is the last that you will hear of it.',
  ],
}

const person = ({ recipient, text, action }: NotifiedRecipient): string[] => [
  `<${recipient.address}>: ${action}`,
  ...wrapped(text, 70).map(line => `    ${line}`),
  '',
]

function wrapped(text: string, width: number): string[] {
  const rows = ['']
  for (const word of text.split(' ').flatMap(long => long.match(/.{1,200}/gsu) ?? [])) {
    const row = rows.at(-1)!
    if (row === '') rows[rows.length - 1] = word
    else if (row.length + 1 + word.length <= width) rows[rows.length - 1] = `${row} ${word}`
    else rows.push(word)
  }
  return rows
}
