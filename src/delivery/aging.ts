/**
 * Mail that waits for a next hop which is left alone. It is not tried one by one, but it grows old all the same: what is
 * past its life fails, and senders hear of the delay.
 *
 * Cost: a few jobs per failed probe. The oldest due come first, so that a look that finds nothing to do ends soon.
 */
import { allRecipients } from '#delivery/attempt.ts'
import type { Conclude } from '#delivery/conclusion.ts'
import type { Destination } from '#delivery/destination.ts'
import type { DeliverySettings } from '#delivery/parts.ts'
import type { Clock } from '#mail/clock.ts'
import type { DeliveryQueue, Job } from '#mail/queue.ts'

export interface AgingParts {
  readonly queue: DeliveryQueue
  readonly clock: Clock
  readonly conclude: Conclude
}

/** In one domain, and in all domains of a next hop, after one failed probe. Who was looked at goes to the end of the turns. */
const mostLooks = 200
export const mostLooksInAll = 500

/** Hands a job back as if it had never been taken: no outcomes, nothing to write down. */
export const handBack = (queue: DeliveryQueue, job: Job, until: number): boolean =>
  queue.settle(job, { outcomes: [], nextAttemptAt: until, countsAsAttempt: false })

/** Looks after the due jobs of a domain whose next hop is paused; resolves with the number of jobs looked at. */
export async function lookAfter(
  domain: string,
  destination: Destination,
  parts: AgingParts,
  settings: DeliverySettings,
): Promise<number> {
  let looks = 0
  while (looks < mostLooks) {
    const job = await parts.queue.take(domain, parts.clock.now())
    if (job === undefined) return looks
    looks++
    const late = parts.clock.now() - job.envelope.receivedAt >= settings.delayNotice
    if (!(await lookAfterOne(job, destination, parts, settings)) && !late) return looks
  }
  return looks
}

/** Concludes the job when it is time to fail it or to tell its sender; else it goes back until the pause is over. */
export async function lookAfterOne(
  job: Job,
  { key, lastFailure, pausedUntil }: Destination,
  { queue, clock, conclude }: AgingParts,
  settings: DeliverySettings,
): Promise<boolean> {
  const age = clock.now() - job.envelope.receivedAt
  const isTime = age >= settings.lifetime || (age >= settings.delayNotice && !job.delayNotified)
  if (isTime) {
    const outcomes = allRecipients(job.recipients, 'deferred', lastFailure)
    await conclude(job, { outcomes, nextHop: key, confirms: 'relayed', milliseconds: 0 }, settings)
  } else handBack(queue, job, pausedUntil)
  return isTime
}
