/**
 * The end of an attempt: who is told, when the rest is tried again, what the queue writes down.
 *
 * Promises: the order is notification on disk, then settlement (see `notifier.ts`); a message that is too old fails
 * with the last reply as the reason; a delay is told once; nothing is tracked that did not happen.
 * At least once: settlement is durable with the next group commit. A crash between the next hop's 250 and that commit
 * delivers the message again; the window is one commit of the spool.
 */

import type { Attempt } from '#delivery/attempt.ts'
import { isWanted, type Notifier } from '#delivery/notifier.ts'
import { nextAttemptAt } from '#delivery/retry.ts'
import type { Clock } from '#mail/clock.ts'
import type { NotifiedRecipient } from '#mail/notification.ts'
import type { DeliveryQueue, Job, RecipientOutcome } from '#mail/queue.ts'
import type { Track } from '#observe/event.ts'

export interface ConclusionParts {
  readonly queue: DeliveryQueue
  readonly notifier: Notifier
  readonly track: Track
  readonly clock: Clock
  readonly random: () => number
}

export interface LifeSettings {
  readonly retry: readonly number[]
  readonly lifetime: number
  readonly delayNotice: number
}

export type Conclude = (job: Job, attempt: Attempt, settings: LifeSettings) => Promise<void>

export function createConclude(parts: ConclusionParts): Conclude {
  const { queue, notifier, track, clock, random } = parts

  return async function conclude(job, attempt, settings) {
    const now = clock.now()
    const expiresAt = job.envelope.receivedAt + settings.lifetime
    const ended = now >= expiresAt ? attempt.outcomes.map(gaveUp) : attempt.outcomes
    const outcomes = await tellEnds(job, attempt, ended)
    const deferred = outcomes.some(({ outcome }) => outcome === 'deferred')
    const next = deferred ? nextAttemptAt(settings.retry, job.attempts, now, expiresAt, random) : undefined
    const told = deferred && (await tellDelay(job, attempt, outcomes, settings, now))
    trackAttempt(job, attempt, outcomes, next)
    const done = queue.settle(job, {
      outcomes,
      countsAsAttempt: true,
      ...(next !== undefined && { nextAttemptAt: next }),
      ...(told && { delayNotified: true }),
    })
    if (done)
      track({ event: 'done', id: job.id, seconds: Math.round((now - job.envelope.receivedAt) / 100) / 10 })
  }

  /** Tells of failures and successes. A failure that cannot be told is not one yet. */
  async function tellEnds(
    job: Job,
    attempt: Attempt,
    outcomes: readonly RecipientOutcome[],
  ): Promise<readonly RecipientOutcome[]> {
    const failed = notified(job, attempt, outcomes, 'failed')
    const delivered = wantsSuccess(job, attempt) ? notified(job, attempt, outcomes, 'delivered') : []
    if (delivered.length > 0) await notifier.notify(job, 'success', delivered)
    if (failed.length === 0 || (await notifier.notify(job, 'failed', failed))) return outcomes
    return outcomes.map(each =>
      each.outcome === 'failed' ? { ...each, outcome: 'deferred', text: `4.3.1 ${each.text}` } : each,
    )
  }

  async function tellDelay(
    job: Job,
    attempt: Attempt,
    outcomes: readonly RecipientOutcome[],
    { delayNotice, lifetime }: LifeSettings,
    now: number,
  ): Promise<boolean> {
    const { receivedAt } = job.envelope
    if (job.delayNotified || now < receivedAt + delayNotice) return false
    return notifier.notify(
      job,
      'delayed',
      notified(job, attempt, outcomes, 'deferred'),
      receivedAt + lifetime,
    )
  }

  function trackAttempt(
    { id, domain }: Job,
    { nextHop, tls, milliseconds }: Attempt,
    outcomes: readonly RecipientOutcome[],
    next: number | undefined,
  ): void {
    track({
      event: 'attempt',
      id,
      domain,
      nextHop,
      ...(tls !== undefined && { tls }),
      outcomes: outcomes.map(({ recipient, outcome, text }) => ({ to: recipient, outcome, reply: text })),
      milliseconds,
      ...(next !== undefined && { nextAttemptAt: next }),
    })
  }
}

const gaveUp = (each: RecipientOutcome): RecipientOutcome =>
  each.outcome === 'deferred'
    ? { ...each, outcome: 'failed', text: `4.4.7 too old to be tried again; last: ${each.text}` } // RFC 3463 X.4.7
    : each

const wantsSuccess = ({ recipients }: Job, { confirms }: Attempt): boolean =>
  confirms !== 'next-hop' && recipients.some(recipient => isWanted(recipient, 'success'))

function notified(
  { recipients }: Job,
  { confirms, remote }: Attempt,
  outcomes: readonly RecipientOutcome[],
  wanted: RecipientOutcome['outcome'],
): NotifiedRecipient[] {
  const chosen = outcomes.filter(({ outcome }) => outcome === wanted)
  if (chosen.length === 0) return []
  const byAddress = new Map(recipients.map(recipient => [recipient.address, recipient]))
  const success = confirms === 'delivered' ? 'delivered' : 'relayed'
  const action = wanted === 'failed' ? 'failed' : wanted === 'deferred' ? 'delayed' : success
  return chosen.map(({ recipient, text }) => ({ recipient: byAddress.get(recipient)!, action, text, remote }))
}
