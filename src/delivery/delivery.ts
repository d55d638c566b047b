/**
 * Delivery: takes due jobs from the queue and brings them to their next hops. One per engine thread.
 *
 * Promises
 * - No next hop holds others up: each has its own concurrency, which begins small and grows with success; a next hop that
 *   cannot be reached is left alone for a while, all its mail with it, and then probed with one job; the last tenth of
 *   all slots is kept for next hops that have none.
 * - At least once: a job is settled after the next hop's final reply, so a crash in between delivers it again
 *   (`conclusion.ts`); a connection that breaks after the end of data does, too (RFC 1047).
 * - An error in one job ends nothing but that attempt (promise 24).
 * - `stop` ends transactions under way, hands back what was not begun, and leaves within the given time.
 *
 * A *lane* is one transaction at a time to one next hop, over one connection after the other. It takes jobs of all
 * domains that share the next hop, by turns, until none is due.
 */
import type { Configuration } from '#config/schema.ts'
import { createConclude } from '#delivery/conclusion.ts'
import { createNotifier } from '#delivery/notifier.ts'
import { type DeliveryStatus, Scheduler } from '#delivery/scheduler.ts'
import type { Clock } from '#mail/clock.ts'
import type { Intake } from '#mail/intake.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { DeliveryQueue } from '#mail/queue.ts'
import type { Router } from '#mail/route.ts'
import type { Track } from '#observe/event.ts'
import type { Log } from '#observe/log.ts'

export interface DeliverySettings extends Omit<Configuration['delivery'], 'dns' | 'mxPort' | 'mxIgnore'> {
  /** PEM certificates to trust instead of the system's, for `tls: required` and REQUIRETLS. */
  readonly authorities?: readonly string[]
}

export interface DeliveryParts {
  readonly queue: DeliveryQueue
  readonly intake: Intake
  readonly router: Router
  /** Concurrencies are those of this thread: who runs several threads divides them. */
  readonly settings: DeliverySettings
  readonly nextId: () => MessageId
  readonly track: Track
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly hostname: string
  /** 0 ≤ x < 1, for jitter and load sharing. */
  readonly random?: () => number
}

export interface Delivery {
  /** Takes effect with the next job; connections that are open stay. */
  reload(change: { readonly settings: DeliverySettings; readonly router: Router }): void
  /** Resolves when nothing is under way any more, in little more than `milliseconds` at most. */
  stop(milliseconds: number): Promise<void>
  status(): DeliveryStatus
}

export function startDelivery(parts: DeliveryParts): Delivery {
  const random = parts.random ?? Math.random
  const notifier = createNotifier(parts)
  const conclude = createConclude({ ...parts, notifier, random })
  const scheduler = new Scheduler({ ...parts, random, conclude })
  parts.queue.onDue(() => scheduler.dispatch())
  scheduler.dispatch()
  return {
    reload: ({ settings, router }) => scheduler.reload(settings, router),
    stop: milliseconds => scheduler.stop(milliseconds),
    status: () => scheduler.status(),
  }
}
