/**
 * Delivery status notifications: what the sender of a message is told (RFC 3464 in the frame of RFC 6522, with the
 * UTF-8 forms of RFC 6533).
 *
 * Promises: pure. A notification goes to the null path's owner never: no input with a null reverse-path gives one. Every
 * text from outside is printable, folded, and cannot begin a field or a part of its own. The result is wire form: CRLF,
 * lines of at most 998 octets apart from the returned content, which is as it was.
 * Leaves out: whether one is wanted (`delivery/notifier.ts`).
 */
import type { Address } from '#mail/address.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { NotificationSubject, NotifiedRecipient } from '#mail/notification-subject.ts'
import { explanation, subjectOf } from '#mail/notification-text.ts'

export type { NotificationKind, NotificationSubject, NotifiedRecipient } from '#mail/notification-subject.ts'

export interface Notification {
  readonly envelope: Envelope
  readonly content: Uint8Array
}

const notAscii = /[^\x00-\x7f]/

/** Undefined for mail with a null reverse-path: nobody is told (RFC 5321 §4.5.5). */
export function notificationOf(subject: NotificationSubject): Notification | undefined {
  const { reversePath } = subject.envelope
  if (reversePath === '') return undefined
  const utf8 = needsUtf8(subject)
  const { boundary, returned } = subject
  const head = [
    ...headerOf(subject, reversePath, utf8),
    '',
    'This is a MIME-encapsulated message.',
    '',
    `--${boundary}`,
    `Content-Type: text/plain; charset=${utf8 ? 'utf-8' : 'us-ascii'}`,
    `Content-Transfer-Encoding: ${utf8 ? '8bit' : '7bit'}`,
    '',
    ...explanation(subject).map(line => clean(line, utf8)),
    '',
    `--${boundary}`,
    `Content-Type: message/${utf8 ? 'global-delivery-status' : 'delivery-status'}`,
    ...(utf8 ? ['Content-Transfer-Encoding: 8bit'] : []),
    '',
    ...statusOfMessage(subject, utf8),
    ...subject.recipients.flatMap(recipient => ['', ...statusOfRecipient(recipient, subject, utf8)]),
    '',
  ]
  const parts: Uint8Array[] = [lines(head)]
  if (returned !== undefined)
    parts.push(lines([`--${boundary}`, ...returnedType(returned, utf8), '']), returned.bytes, lines(['']))
  parts.push(lines([`--${boundary}--`]))
  return { envelope: envelopeOf(subject, reversePath, utf8), content: Buffer.concat(parts) }
}

const lines = (text: readonly string[]): Uint8Array => Buffer.from(text.map(line => `${line}\r\n`).join(''))

/** RFC 6533 §1: the UTF-8 forms only where ASCII would not do. */
const needsUtf8 = ({ envelope, recipients, returned }: NotificationSubject): boolean =>
  envelope.smtputf8 &&
  (notAscii.test(envelope.reversePath) ||
    recipients.some(({ recipient }) => notAscii.test(`${recipient.address}${recipient.originalRecipient}`)) ||
    (returned?.kind === 'headers' && hasEightBit(returned.bytes)))

const hasEightBit = (bytes: Uint8Array): boolean => bytes.some(octet => octet > 0x7f)

function headerOf(subject: NotificationSubject, to: Address, utf8: boolean): string[] {
  const { hostname, id, kind, now, boundary } = subject
  return [
    `Date: ${date(now)}`,
    `From: Mail Delivery System <MAILER-DAEMON@${hostname}>`,
    `To: <${to}>`,
    `Subject: ${subjectOf(kind)}`,
    `Message-ID: <${id}@${hostname}>`,
    'Auto-Submitted: auto-replied', // RFC 3834 §5
    'MIME-Version: 1.0',
    // RFC 6522 §3
    `Content-Type: multipart/report; report-type=${utf8 ? 'global-delivery-status' : 'delivery-status'};`,
    `\tboundary="${boundary}"`,
  ]
}

/** RFC 3464 §2.2 */
function statusOfMessage({ hostname, envelope }: NotificationSubject, utf8: boolean): string[] {
  const fields = [field('Reporting-MTA', `dns; ${hostname}`, utf8)]
  if (envelope.envelopeId !== undefined)
    fields.unshift(field('Original-Envelope-Id', envelope.envelopeId, utf8))
  fields.push(field('Arrival-Date', date(envelope.receivedAt), utf8))
  return fields
}

/** RFC 3464 §2.3 */
function statusOfRecipient(
  { recipient, action, text, remote }: NotifiedRecipient,
  { willRetryUntil }: NotificationSubject,
  utf8: boolean,
): string[] {
  const { address, originalRecipient } = recipient
  const separator = originalRecipient?.indexOf(';') ?? -1
  const fields: string[] = []
  if (originalRecipient !== undefined && separator > 0)
    fields.push(
      field(
        'Original-Recipient',
        `${originalRecipient.slice(0, separator)}; ${originalRecipient.slice(separator + 1)}`,
        utf8,
      ),
    )
  fields.push(
    field('Final-Recipient', `${notAscii.test(address) ? 'utf-8' : 'rfc822'}; ${address}`, utf8),
    `Action: ${action}`,
    `Status: ${statusOf(text, action)}`,
  )
  if (remote !== undefined) fields.push(field('Remote-MTA', `dns; ${remote}`, utf8))
  fields.push(field('Diagnostic-Code', `${/^\d{3}\b/.test(text) ? 'smtp' : 'x-sluice'}; ${text}`, utf8))
  if (action === 'delayed' && willRetryUntil !== undefined)
    fields.push(field('Will-Retry-Until', date(willRetryUntil), utf8))
  return fields
}

/** RFC 3463: the code that was given, when its class fits what happened. */
export function statusOf(text: string, action: NotifiedRecipient['action']): string {
  const given = /^(?:\d{3} )?([245]\.\d{1,3}\.\d{1,3})(?= |$)/.exec(text)?.[1]
  // A failure may carry class 4: it went on until it was too late (RFC 3464 §2.3.4).
  const classes = action === 'failed' ? '54' : action === 'delayed' ? '4' : '2'
  return given !== undefined && classes.includes(given[0]!) ? given : `${classes[0]}.0.0`
}

function returnedType(
  { kind, bytes }: { kind: 'full' | 'headers'; bytes: Uint8Array },
  utf8: boolean,
): string[] {
  const type =
    kind === 'full'
      ? utf8
        ? 'message/global'
        : 'message/rfc822'
      : utf8
        ? 'message/global-headers'
        : 'text/rfc822-headers'
  return [`Content-Type: ${type}`, ...(hasEightBit(bytes) ? ['Content-Transfer-Encoding: 8bit'] : [])]
}

function envelopeOf(subject: NotificationSubject, to: Address, utf8: boolean): Envelope {
  const { id, now, hostname, envelope, returned } = subject
  const eightBit = utf8 || (returned !== undefined && hasEightBit(returned.bytes))
  return {
    id,
    reversePath: '', // RFC 3464 §2, RFC 5321 §4.5.5
    recipients: [{ address: to, notify: 'never' }],
    body: eightBit ? '8BITMIME' : '7BIT',
    smtputf8: utf8,
    requireTls: envelope.requireTls, // RFC 8689 §5
    origin: {
      zone: 'inside',
      listener: 'local',
      clientAddress: 'local',
      clientPort: 0,
      helo: hostname,
      protocol: 'local',
      session: id,
    },
    receivedAt: now,
  }
}

/** RFC 5322 §3.3 */
const date = (milliseconds: number): string => new Date(milliseconds).toUTCString().replace('GMT', '+0000')

const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

const clean = (text: string, utf8: boolean): string =>
  (utf8 ? text : text.replace(/[^\x00-\x7f]/g, '?')).replace(unprintable, '?')

/** A field, folded at spaces where there are some (RFC 5322 §2.2.3), and cut where there are none. */
function field(name: string, value: string, utf8: boolean): string {
  const folded: string[] = []
  let line = `${name}:`
  for (const word of clean(value, utf8).split(/ +/).flatMap(pieces)) {
    if (line.length + 1 + word.length > 78 && line !== `${name}:`) {
      folded.push(line)
      line = ''
    }
    line += ` ${word}`
  }
  return [...folded, line].join('\r\n')
}

const pieces = (word: string): readonly string[] => word.match(/.{1,200}/gsu) ?? []
