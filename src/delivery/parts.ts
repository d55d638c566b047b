/**
 * What delivery is given: the queue, the door to the spool, the way to hosts, and its settings.
 */
import type { Configuration } from '#config/schema.ts'
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
