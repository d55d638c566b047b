/**
 * Delivery: takes due jobs from the queue and brings them to their next hops. One per spool shard of an engine thread.
 *
 * Promises
 * - No next hop holds others up: each has its own concurrency, which begins small and grows with success; a next hop that
 *   cannot be reached is left alone for a while, all its mail with it, and then probed with one job; the last tenth of
 *   all slots is kept for next hops that have none.
 * - At least once: a job is settled after the next hop's final reply, so a crash before the commit that follows delivers
 *   it again (`conclusion.ts`); a connection that breaks between the end of data and its reply does, too (RFC 1047).
 * - An error in one job ends nothing but that attempt (promise 24).
 * - `stop` ends transactions under way, hands back what was not begun, and leaves within the given time.
 *
 * Words: a *destination* is a next hop with its state; a *lane* is one transaction at a time to one destination, over one
 * connection after the other. It takes jobs of all domains that lead there, by turns, until none is due.
 */
import { createConclude } from '#delivery/conclusion.ts'
import { createNotifier } from '#delivery/notifier.ts'
import type { DeliveryParts, DeliverySettings } from '#delivery/parts.ts'
import { type DeliveryStatus, Scheduler } from '#delivery/scheduler.ts'
import type { Router } from '#mail/route.ts'

export type { DeliveryParts, DeliverySettings } from '#delivery/parts.ts'

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
