/**
 * A lane: one transaction at a time to one next hop. See `delivery.ts`.
 *
 * Promises: every job that it takes is settled or handed back, whatever happens; its last connection goes to the idle
 * ones of the destination.
 */

import { type Attempt, allRecipients } from '#delivery/attempt.ts'
import type { Capture } from '#delivery/capture.ts'
import type { Conclude } from '#delivery/conclusion.ts'
import { type ConnectFailure, type Connection, isUsable, leave } from '#delivery/connection.ts'
import type { Destination } from '#delivery/destination.ts'
import { handOver, outcomesOfError } from '#delivery/handover.ts'
import type { HostMemory } from '#delivery/host-memory.ts'
import { open } from '#delivery/open.ts'
import type { DeliveryParts, DeliverySettings } from '#delivery/parts.ts'
import type { Clock } from '#mail/clock.ts'
import type { Job } from '#mail/queue.ts'
import type { Host } from '#mail/route.ts'

/** Jobs after which a lane gives up its slot when others wait for one. */
const share = 50

/** What a lane asks of the one who started it. */
export interface Dispatcher extends Pick<DeliveryParts, 'log' | 'hostname'> {
  readonly settings: DeliverySettings
  readonly clock: Clock
  readonly random: () => number
  readonly memory: HostMemory
  readonly conclude: Conclude
  /** Resolves when the end begins. */
  readonly halted: Promise<void>
  readonly stopping: boolean
  /** A lane that did its share should let others have its slot. */
  readonly crowded: boolean
  /** The next due job of a destination; undefined when there is none, or no time for it. */
  next(destination: Destination): Promise<Job | undefined>
  /** The destination may use another lane. */
  grow(destination: Destination): void
  /** The destination is paused: its mail is looked after. */
  rest(destination: Destination): Promise<void>
  handBack(job: Job, until: number): void
  /** Does a job of another destination, once. */
  errand(job: Job): Promise<void>
  captureIn(directory: string): Capture
}

export class Lane {
  readonly #scheduler: Dispatcher
  readonly #destination: Destination
  /** Kept from job to job. */
  #connection: Connection | undefined
  /** With a transaction under way. */
  #current: Connection | undefined
  /** Ended though there was more to do. */
  yielded = false
  /** Held one of the last slots: others may wait for it. */
  wasCrowded = false
  #cut = false

  constructor(scheduler: Dispatcher, destination: Destination) {
    this.#scheduler = scheduler
    this.#destination = destination
  }

  /** Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#run()
    } catch (error) {
      this.#scheduler.log.error({ error, nextHop: this.#destination.key }, 'deliveries were interrupted')
    }
    this.#putConnection()
  }

  /** Never rejects. For a job that came by another way than this destination's domains. */
  async one(job: Job): Promise<void> {
    await this.#work(job)
    this.#putConnection()
  }

  async #run(): Promise<void> {
    const scheduler = this.#scheduler
    const destination = this.#destination
    let jobs = 0
    for (
      let job = await scheduler.next(destination);
      job !== undefined;
      job = await scheduler.next(destination)
    ) {
      scheduler.grow(destination)
      await (destination.route.kind === 'several' ? scheduler.errand(job) : this.#work(job))
      this.wasCrowded ||= scheduler.crowded
      if (destination.pausedUntil > scheduler.clock.now()) {
        await scheduler.rest(destination)
        break
      }
      if (++jobs >= share && scheduler.crowded) {
        this.yielded = true
        break
      }
    }
  }

  /** The time to end is over: whatever is under way ends as lost. */
  cut(): void {
    this.#cut = true
    this.#current?.channel.close()
  }

  async #work(job: Job): Promise<void> {
    const begun = performance.now()
    const scheduler = this.#scheduler
    let attempt: Omit<Attempt, 'milliseconds'> | undefined
    try {
      attempt = await this.#attempt(job)
    } catch (error) {
      scheduler.log.error({ error, id: job.id, nextHop: this.#destination.key }, 'a delivery attempt failed')
      attempt = { outcomes: outcomesOfError(job, error), nextHop: this.#destination.key, confirms: 'relayed' }
    }
    if (attempt === undefined) {
      scheduler.handBack(job, scheduler.clock.now())
      return
    }
    try {
      const milliseconds = Math.round(performance.now() - begun)
      await scheduler.conclude(job, { ...attempt, milliseconds }, scheduler.settings)
    } catch (error) {
      scheduler.log.error({ error, id: job.id }, 'a delivery attempt could not be concluded')
      scheduler.handBack(job, scheduler.clock.now() + scheduler.settings.retry[0]!)
    }
  }

  /** Undefined: nothing was tried, since delivery ends. */
  async #attempt(job: Job): Promise<Omit<Attempt, 'milliseconds'> | undefined> {
    const { route, key } = this.#destination
    if (route.kind === 'several') return undefined
    if (route.kind === 'hosts') return this.#overNetwork(job, route.hosts)
    if (route.kind === 'capture') {
      await this.#scheduler.captureIn(route.directory).store(job)
      this.#succeeded()
      const outcomes = allRecipients(job.recipients, 'delivered', '2.0.0 stored in the capture mailbox')
      return { outcomes, nextHop: 'capture', confirms: 'delivered' }
    }
    if (!route.permanent) this.#unreachable(route.text)
    const outcomes = allRecipients(job.recipients, route.permanent ? 'failed' : 'deferred', route.text)
    return { outcomes, nextHop: key, confirms: 'relayed' }
  }

  async #overNetwork(job: Job, hosts: readonly Host[]): Promise<Omit<Attempt, 'milliseconds'> | undefined> {
    for (;;) {
      const { requireTls } = job.envelope
      const connection = await this.#connect(hosts, requireTls)
      if (connection === undefined) return undefined
      if (connection.kind === 'connect-failure') return this.#notConnected(job, connection)
      this.#current = connection
      if (this.#cut) connection.channel.close()
      const handover = await handOver(connection, job)
      this.#current = undefined
      if (requireTls) leave(connection)
      if (handover.kind === 'stale' && !this.#cut) continue
      const broken = handover.kind === 'stale' || handover.broken
      if (broken) this.#troubled(connection.channel.lost?.text ?? '4.4.2 the connection broke')
      else this.#succeeded()
      return {
        outcomes:
          handover.kind === 'done'
            ? handover.outcomes
            : allRecipients(job.recipients, 'deferred', '4.3.2 delivery was interrupted'),
        nextHop: connection.peer,
        remote: connection.target.name,
        tls: connection.tls,
        confirms: confirmsOf(connection),
      }
    }
  }

  #notConnected(job: Job, { text, cause }: ConnectFailure): Omit<Attempt, 'milliseconds'> {
    // RFC 8689 §4.2.1: a message that requires TLS goes back; nothing is known to be wrong for other mail.
    const permanent = job.envelope.requireTls && cause === 'encryption'
    if (!permanent) this.#unreachable(text)
    const shown = permanent && !text.startsWith('5.') ? `5.7.30 ${text.replace(/^4\.\S+ /, '')}` : text
    return {
      outcomes: allRecipients(job.recipients, permanent ? 'failed' : 'deferred', shown),
      nextHop: this.#destination.key,
      confirms: 'relayed',
    }
  }

  /** Undefined when delivery ends before there is a connection. */
  async #connect(
    hosts: readonly Host[],
    requireTls: boolean,
  ): Promise<Connection | ConnectFailure | undefined> {
    const { settings, hostname, memory, random, halted } = this.#scheduler
    const { messagesPerConnection, tls, deadlines, authorities } = settings
    if (!requireTls) {
      const connection = this.#connection ?? this.#destination.takeIdle(messagesPerConnection)
      this.#connection = undefined
      if (connection !== undefined && isUsable(connection, messagesPerConnection)) {
        this.#connection = connection
        return connection
      }
      if (connection !== undefined) leave(connection)
    }
    const policy = requireTls || tls === 'required' ? 'verified' : tls
    const opening = open(hosts, { hostname, tls: policy, requireTls, authorities, deadlines, memory, random })
    const opened = await Promise.race([opening, halted])
    if (opened === undefined) {
      void opening.then(late => {
        if (late.kind === 'connection') leave(late)
      })
      return undefined
    }
    if (opened.kind === 'connection' && !requireTls) this.#connection = opened
    return opened
  }

  #putConnection(): void {
    const connection = this.#connection
    this.#connection = undefined
    if (connection === undefined) return
    const { settings, stopping } = this.#scheduler
    if (!stopping && isUsable(connection, settings.messagesPerConnection))
      this.#destination.putIdle(connection)
    else leave(connection)
  }

  #succeeded(): void {
    this.#destination.succeeded(this.#scheduler.settings.concurrencyPerNextHop)
  }

  #troubled(text: string): void {
    const { clock, settings, random } = this.#scheduler
    this.#destination.troubled(clock.now(), text, settings.retry, random)
  }

  #unreachable(text: string): void {
    const { clock, settings, random, log } = this.#scheduler
    const { failures, key } = this.#destination
    this.#destination.unreachable(clock.now(), text, settings.retry, random)
    if (failures === 0) log.warn({ nextHop: key, reason: text }, 'a next hop cannot be reached')
  }
}

/** A next hop that speaks LMTP has delivered when it says 250 (RFC 2033 §4.2). */
const confirmsOf = ({ features, target }: Connection): Attempt['confirms'] =>
  features.dsn ? 'next-hop' : target.protocol === 'lmtp' ? 'delivered' : 'relayed'
