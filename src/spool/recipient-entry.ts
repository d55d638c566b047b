/**
 * The recipients of a queued message as an operator sees them: each with its state, and why it is so.
 */
import type { Envelope, Recipient } from '#mail/envelope.ts'
import type { QueueEntry } from '#mail/queue.ts'
import type { JobState } from '#spool/job-state.ts'
import { isIn, jobsOf } from '#spool/jobs.ts'

export type RecipientEntry = QueueEntry['recipients'][number]

/** The recipients of one job, by their number in the envelope. */
export function* recipientsOf(
  envelope: Envelope,
  number: number,
  held: boolean,
  state: JobState,
): Generator<[number, RecipientEntry], void> {
  const job = jobsOf(envelope)[number]
  if (job === undefined) return
  for (const [index, recipient] of envelope.recipients.entries()) {
    if (!isIn(job, recipient)) continue
    const { state: known = 'waiting', ...reply } = state.get(index) ?? {}
    const waits = held && known === 'waiting'
    yield [
      index,
      {
        address: recipient.address,
        state: waits ? 'held' : known,
        ...reply,
        ...(waits && whyOf(envelope, recipient)),
      },
    ]
  }
}

/** Who has no job: nothing was ever meant to go out to him. */
export const discarded = (envelope: Envelope, recipient: Recipient): RecipientEntry => ({
  address: recipient.address,
  state: 'discarded',
  ...whyOf(envelope, recipient),
})

function whyOf({ treatments }: Envelope, { treatment }: Recipient): { readonly why?: string } {
  const meant = treatment === undefined ? undefined : treatments?.[treatment]
  return meant !== undefined && 'why' in meant ? { why: meant.why } : {}
}
