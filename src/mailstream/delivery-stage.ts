/**
 * Routing and delivery as stages: one delivery per spool shard of the thread, one router for them all.
 *
 * The concurrencies of the configuration are those of the whole gateway; each thread takes its part.
 */
import type { Configuration } from '#config/schema.ts'
import { type Delivery, type DeliverySettings, startDelivery } from '#delivery/delivery.ts'
import type { Clock } from '#mail/clock.ts'
import type { Intake } from '#mail/intake.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { DeliveryQueue } from '#mail/queue.ts'
import type { Router } from '#mail/route.ts'
import type { Stage } from '#mailstream/stage.ts'
import { createResolver } from '#network/resolver.ts'
import type { Track } from '#observe/event.ts'
import type { Log } from '#observe/log.ts'
import { createRouter } from '#routing/router.ts'

export interface RoutingStage extends Stage {
  readonly name: 'routing'
  router(): Router
}

export function createRoutingStage(configuration: Configuration, clock: Clock): RoutingStage {
  const build = (wanted: Configuration): Router =>
    createRouter(wanted, createResolver({ servers: wanted.delivery.dns, clock }))
  let router = build(configuration)
  return {
    name: 'routing',
    router: () => router,
    reload: changed => {
      router = build(changed.configuration)
    },
  }
}

export interface DeliveryStageOptions {
  readonly configuration: Configuration
  readonly threads: number
  readonly queues: readonly DeliveryQueue[]
  readonly intake: Intake
  readonly routing: RoutingStage
  readonly nextId: () => MessageId
  readonly track: Track
  readonly clock: Clock
  readonly log: Log
}

export function startDeliveryStage(options: DeliveryStageOptions): Stage {
  const { configuration, threads, queues, routing } = options
  const deliveries = queues.map(
    (queue): Delivery =>
      startDelivery({
        ...options,
        queue,
        router: routing.router(),
        settings: settingsOf(configuration, threads),
        hostname: configuration.hostname ?? '',
      }),
  )
  const stopAll = async (milliseconds: number) => {
    await Promise.all(deliveries.map(delivery => delivery.stop(milliseconds)))
  }
  return {
    name: 'delivery',
    reload: ({ configuration: changed }) => {
      for (const delivery of deliveries)
        delivery.reload({ settings: settingsOf(changed, threads), router: routing.router() })
    },
    drain: stopAll,
    hurry: () => void stopAll(0),
  }
}

function settingsOf({ delivery }: Configuration, threads: number): DeliverySettings {
  const part = (whole: number) => Math.max(1, Math.ceil(whole / threads))
  return {
    ...delivery,
    concurrency: part(delivery.concurrency),
    concurrencyPerNextHop: part(delivery.concurrencyPerNextHop),
  }
}
