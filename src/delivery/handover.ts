/**
 * One job over one connection: as many transactions as its recipients need.
 *
 * Promises: an outcome for each recipient; a connection that had idled and turns out to be dead is told apart
 * (`stale`), since then nothing was tried; damaged content is a failure of the message, not of the next hop.
 */

import { allRecipients } from '#delivery/attempt.ts'
import type { Connection } from '#delivery/connection.ts'
import type { Mail } from '#delivery/mail.ts'
import { transact } from '#delivery/transaction.ts'
import type { Recipient } from '#mail/envelope.ts'
import { CorruptContent, type Job, type RecipientOutcome } from '#mail/queue.ts'

export type Handover =
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'done'
      readonly outcomes: readonly RecipientOutcome[]
      /** The connection broke: the next hop, or the way to it, is in trouble. */
      readonly broken: boolean
    }

/** `whole`: a job as it leaves. `following`: see `transact`. */
export async function handOver(
  connection: Connection,
  whole: Mail,
  following?: () => Mail | undefined,
): Promise<Handover> {
  const outcomes: RecipientOutcome[] = []
  let recipients: readonly Recipient[] = whole.recipients
  while (recipients.length > 0) {
    const { envelope, size } = whole
    const mail =
      recipients === whole.recipients ? whole : { envelope, size, recipients, content: () => whole.content() }
    const result = await transact(connection, mail, following)
    if (result.untouched && outcomes.length === 0) return { kind: 'stale' }
    outcomes.push(...result.outcomes)
    recipients = result.surplus
    if (result.lost !== undefined) {
      outcomes.push(...allRecipients(recipients, 'deferred', result.lost.text))
      return { kind: 'done', outcomes, broken: true }
    }
  }
  return { kind: 'done', outcomes, broken: false }
}

/** What an error while the content was read means for the recipients. Its message stays in the log. */
export const outcomesOfError = (job: Job, error: unknown): RecipientOutcome[] =>
  error instanceof CorruptContent
    ? allRecipients(job.recipients, 'failed', '5.3.0 the message was damaged on our disk')
    : allRecipients(job.recipients, 'deferred', '4.3.0 an internal error interrupted the delivery')
