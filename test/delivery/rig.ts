/**
 * Delivery with a queue in memory and routes that the test gives.
 */
import type { Logger } from 'pino'
import { type Delivery, type DeliverySettings, startDelivery } from '#delivery/delivery.ts'
import type { Route, Router } from '#mail/route.ts'
import type { TrackingEvent } from '#observe/event.ts'
import { createTestClock, MemoryQueue, type TestClock } from './memory-queue.ts'

export interface Rig {
  readonly queue: MemoryQueue
  readonly clock: TestClock
  readonly events: TrackingEvent[]
  readonly delivery: Delivery
  readonly settings: DeliverySettings
  /** Resolves when no attempt is under way. */
  quiet(): Promise<void>
  stop(milliseconds?: number): Promise<void>
}

export const testSettings: DeliverySettings = {
  concurrencyPerNextHop: 20,
  concurrency: 200,
  messagesPerConnection: 1_000,
  tls: 'opportunistic',
  retry: [60_000, 300_000],
  lifetime: 5 * 86_400_000,
  delayNotice: 4 * 3_600_000,
  deadlines: { connect: 5_000, greeting: 5_000, command: 5_000, data: 5_000 },
}

export const toPort = (port: number, protocol: 'smtp' | 'lmtp' = 'smtp'): Route => ({
  kind: 'hosts',
  key: `${protocol}://127.0.0.1:${port}`,
  hosts: [{ name: '127.0.0.1', protocol, addresses: ['127.0.0.1'], port, preference: 0 }],
})

/** `routes` by domain; `*` for all others. */
export function startRig(
  routes: Readonly<Record<string, Route>>,
  change: Partial<DeliverySettings> = {},
  { quiet = false, shared = false } = {},
): Rig {
  const clock = createTestClock()
  const queue = new MemoryQueue(clock, shared)
  const events: TrackingEvent[] = []
  const settings = { ...testSettings, ...change }
  const known = new Map(Object.entries(routes))
  const router: Router = { route: async domain => known.get(domain) ?? known.get('*')! }
  const silent = {
    info: () => undefined,
    warn: () => undefined,
    error: quiet ? () => undefined : console.error,
  } as unknown as Logger
  const delivery = startDelivery({
    queue,
    intake: queue,
    router,
    settings,
    nextId: queue.nextId,
    track: event => events.push(event),
    clock,
    log: silent,
    hostname: 'gate.example.net',
    random: () => 0.5,
  })
  return {
    queue,
    clock,
    events,
    delivery,
    settings,
    async quiet() {
      while (delivery.status().active > 0) await new Promise(resolve => setImmediate(resolve))
    },
    stop: (milliseconds = 1_000) => delivery.stop(milliseconds),
  }
}
