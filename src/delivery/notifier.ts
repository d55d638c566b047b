/**
 * Tells senders what became of their mail, when they want to know.
 *
 * Promises: NOTIFY is obeyed (RFC 3461 §4.1); mail with a null reverse-path is never answered (RFC 5321 §4.5.5); a
 * notification is on disk when `notify` resolves with true, so that whoever then settles the failure can lose nothing:
 * a crash in between sends a second notification, never none.
 * Leaves out: when (`conclusion.ts`).
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '#mail/clock.ts'
import type { Recipient } from '#mail/envelope.ts'
import type { Intake } from '#mail/intake.ts'
import type { MessageId } from '#mail/message-id.ts'
import { type NotificationKind, type NotifiedRecipient, notificationOf } from '#mail/notification.ts'
import { CorruptContent, type Job } from '#mail/queue.ts'
import { isRefusal } from '#mail/refusal.ts'
import type { Track } from '#observe/event.ts'

export interface Notifier {
  /** False when the notification could not be stored: try again later. True when nobody is to be told, too. */
  notify(
    job: Job,
    kind: NotificationKind,
    recipients: readonly NotifiedRecipient[],
    willRetryUntil?: number,
  ): Promise<boolean>
}

export interface NotifierParts {
  readonly intake: Intake
  readonly nextId: () => MessageId
  readonly track: Track
  readonly clock: Clock
  readonly hostname: string
}

/** Larger messages are returned as their header only, whatever RET says (RFC 3461 §6.2 allows it). */
const fullLimit = 262_144
const headerLimit = 65_536

/** RFC 3461 §4.1: without NOTIFY the sender hears of failures, and of delays if we like. */
export function isWanted({ notify }: Recipient, kind: NotificationKind): boolean {
  if (notify === undefined) return kind !== 'success'
  if (notify === 'never') return false
  return notify.includes(kind === 'failed' ? 'failure' : kind === 'delayed' ? 'delay' : 'success')
}

export function createNotifier({ intake, nextId, track, clock, hostname }: NotifierParts): Notifier {
  return {
    async notify(job, kind, all, willRetryUntil) {
      const recipients = all.filter(({ recipient }) => isWanted(recipient, kind))
      if (kind === 'failed') trackDropped(track, job, all, recipients)
      if (recipients.length === 0 || job.envelope.reversePath === '') return true
      const id = nextId()
      const notification = notificationOf({
        kind,
        id,
        hostname,
        boundary: `=_${randomBytes(15).toString('base64url')}`,
        now: clock.now(),
        envelope: job.envelope,
        recipients,
        willRetryUntil,
        returned: await returnedOf(job, kind),
      })
      if (notification === undefined) return true
      const writer = intake.open(id)
      await writer.write(notification.content)
      const stored = await intake.accept(notification.envelope, writer)
      if (isRefusal(stored)) return false
      track({ event: 'notified', id: job.id, kind, notification: id, to: job.envelope.reversePath })
      return true
    },
  }
}

/** Nobody hears of these: the operator should be able to find them. */
function trackDropped(
  track: Track,
  { id, envelope }: Job,
  all: readonly NotifiedRecipient[],
  wanted: readonly NotifiedRecipient[],
): void {
  const nullSender = envelope.reversePath === ''
  const dropped = nullSender ? all : all.filter(each => !wanted.includes(each))
  if (dropped.length === 0) return
  const to = dropped.map(({ recipient }) => recipient.address)
  track({ event: 'dropped', id, to, why: nullSender ? 'null-sender' : 'notify-never' })
}

/** RFC 3461 §4.3: RET counts for failures; without it the header is enough, and does no harm to a forged sender. */
async function returnedOf(job: Job, kind: NotificationKind) {
  const { returnContent, requireTls } = job.envelope
  const full = kind === 'failed' && returnContent === 'full' && job.size <= fullLimit && !requireTls
  try {
    return full
      ? { kind: 'full' as const, bytes: await contentOf(job) }
      : { kind: 'headers' as const, bytes: await headerOf(job) }
  } catch (error) {
    if (error instanceof CorruptContent) return undefined
    throw error
  }
}

async function contentOf(job: Job): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of job.content()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The header without the empty line behind it; cut at the last whole line where it is huge. */
async function headerOf(job: Job): Promise<Uint8Array> {
  let header: Buffer = Buffer.alloc(0)
  for await (const chunk of job.content()) {
    header = Buffer.concat([header, chunk])
    if (header.indexOf('\r\n\r\n') !== -1 || header.length > headerLimit) break
  }
  const end = header.indexOf('\r\n\r\n')
  if (end !== -1 && end <= headerLimit) return header.subarray(0, end + 2)
  const cut = header.subarray(0, headerLimit)
  return cut.subarray(0, cut.lastIndexOf('\r\n') + 2)
}
