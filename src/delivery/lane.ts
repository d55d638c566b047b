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
import type { Mail } from '#delivery/mail.ts'
import { open } from '#delivery/open.ts'
import { Outgoing } from '#delivery/outgoing.ts'
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
  /** Calls back once when the end begins, unless the returned function was called before. */
  onHalt(callback: () => void): () => void
  /** The destination has more to do than its lanes can do at once. */
  isBusy(destination: Destination): boolean
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
  #following: Promise<Job | undefined> | undefined
  #fetched: Mail | undefined
  readonly #outgoing = new Outgoing()
  #single = false
  #jobs = 0
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
    this.#single = true
    await this.#work(job)
    this.#putConnection()
  }

  async #run(): Promise<void> {
    const scheduler = this.#scheduler
    const destination = this.#destination
    for (let job = await this.#next(); job !== undefined; job = await this.#next()) {
      if (scheduler.stopping && this.#connection?.ahead?.mail !== this.#outgoing.known(job)) {
        scheduler.handBack(job, scheduler.clock.now())
        break
      }
      this.#jobs++
      scheduler.grow(destination)
      await (destination.route.kind === 'several' ? scheduler.errand(job) : this.#work(job))
      this.wasCrowded ||= scheduler.crowded
      if (destination.pausedUntil > scheduler.clock.now()) {
        const fetched = await this.#following
        if (fetched !== undefined) scheduler.handBack(fetched, destination.pausedUntil)
        await scheduler.rest(destination)
        break
      }
      if (this.#following === undefined && this.#hadShare) {
        this.yielded = true
        break
      }
    }
  }

  /** The job that was fetched while the one before it was under way, or the next due one. */
  async #next(): Promise<Job | undefined> {
    const following = this.#following
    this.#following = undefined
    this.#fetched = undefined
    return following === undefined ? this.#scheduler.next(this.#destination) : following
  }

  /**
   * Fetches the next job early, so that its envelope can leave with the content of this one. Only for a next hop with
   * more work than lanes: else a free lane has it sooner.
   */
  #fetch(): void {
    if (this.#single || this.#hadShare || this.#following !== undefined) return
    if (!this.#scheduler.isBusy(this.#destination)) return
    const following = this.#scheduler.next(this.#destination)
    this.#following = following
    following
      .then(job => job && this.#outgoing.of(job))
      .then(mail => {
        if (this.#following === following) this.#fetched = mail
      })
      // Seen by whoever waits for it.
      .catch(() => undefined)
  }

  get #hadShare(): boolean {
    return this.#jobs >= share && this.#scheduler.crowded
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
      await this.#scheduler.captureIn(route.directory).store(job, await this.#outgoing.of(job))
      this.#succeeded()
      const outcomes = allRecipients(job.recipients, 'delivered', '2.0.0 stored in the capture mailbox')
      return { outcomes, nextHop: 'capture', confirms: 'delivered' }
    }
    if (!route.permanent) this.#unreachable(route.text)
    const outcomes = allRecipients(job.recipients, route.permanent ? 'failed' : 'deferred', route.text)
    return { outcomes, nextHop: key, confirms: 'relayed' }
  }

  async #overNetwork(job: Job, hosts: readonly Host[]): Promise<Omit<Attempt, 'milliseconds'> | undefined> {
    const { requireTls } = job.envelope
    const { settings, memory } = this.#scheduler
    const outgoing = this.#outgoing.of(job)
    const mail = outgoing instanceof Promise ? await outgoing : outgoing
    for (;;) {
      const connection = await this.#connect(hosts, requireTls)
      if (connection === undefined) return undefined
      if (connection.kind === 'connect-failure') return this.#notConnected(job, connection)
      this.#current = connection
      if (this.#cut) connection.channel.close()
      const lossy = memory.doesLoseCommands(connection.peer)
      if (!requireTls && !lossy && isUsable(connection, settings.messagesPerConnection, 2)) this.#fetch()
      const handover = await handOver(connection, mail, () => (requireTls ? undefined : this.#fetched))
      this.#current = undefined
      if (requireTls) leave(connection)
      if (handover.kind === 'stale' && !this.#cut) {
        if (connection.channel.lost?.leaving === false) memory.losesCommands(connection.peer)
        continue
      }
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
    const { settings, hostname, memory, random } = this.#scheduler
    const { messagesPerConnection, tls, deadlines, authorities } = settings
    if (!requireTls) {
      const connection = this.#connection ?? this.#destination.takeIdle(messagesPerConnection)
      this.#connection = undefined
      const usable =
        connection !== undefined && isUsable(connection, messagesPerConnection, connection.ahead ? 0 : 1)
      if (usable) {
        this.#connection = connection
        return connection
      }
      if (connection !== undefined) leave(connection)
    }
    const policy = requireTls || tls === 'required' ? 'verified' : tls
    const opening = open(hosts, { hostname, tls: policy, requireTls, authorities, deadlines, memory, random })
    const opened = await this.#unlessHalted(opening)
    if (opened === undefined) return undefined
    if (opened.kind === 'connection' && !requireTls) this.#connection = opened
    return opened
  }

  /** A connection that comes too late is closed when it comes. */
  #unlessHalted(
    opening: Promise<Connection | ConnectFailure>,
  ): Promise<Connection | ConnectFailure | undefined> {
    return new Promise(resolve => {
      let halted = false
      const forget = this.#scheduler.onHalt(() => {
        halted = true
        resolve(undefined)
      })
      void opening.then(opened => {
        forget()
        if (halted && opened.kind === 'connection') leave(opened)
        resolve(opened)
      })
    })
  }

  #putConnection(): void {
    const connection = this.#connection
    this.#connection = undefined
    if (connection === undefined) return
    // The server waits for content that it will not get from here.
    if (connection.ahead !== undefined) connection.channel.close()
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
