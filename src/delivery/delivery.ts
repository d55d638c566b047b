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
