/**
 * Which job goes when: the heart of `delivery.ts`, whose header says what is promised.
 *
 * Cost: a look at the queue per turn in which something became due; a job more for a next hop that is already being
 * served costs no look at all, its lanes take it.
 */

import { allRecipients } from '#delivery/attempt.ts'
import { type Capture, createCapture } from '#delivery/capture.ts'
import type { Conclude } from '#delivery/conclusion.ts'
import { Destination, type Way } from '#delivery/destination.ts'
import { createHostMemory, type HostMemory } from '#delivery/host-memory.ts'
import { type Dispatcher, Lane } from '#delivery/lane.ts'
import type { DeliveryParts, DeliverySettings } from '#delivery/parts.ts'
import type { Clock } from '#mail/clock.ts'
import { type DeliveryQueue, type Job, standsForSeveral } from '#mail/queue.ts'
import type { Router } from '#mail/route.ts'

export interface DestinationStatus {
  readonly nextHop: string
  readonly active: number
  readonly idle: number
  /** Milliseconds since 1970; 0 when it is served. */
  readonly pausedUntil: number
  readonly lastFailure: string
}

export interface DeliveryStatus {
  readonly active: number
  /** The busiest and the paused ones, at most 100. */
  readonly destinations: readonly DestinationStatus[]
}

export interface SchedulerParts extends Pick<DeliveryParts, 'log' | 'hostname'> {
  readonly queue: DeliveryQueue
  readonly router: Router
  readonly settings: DeliverySettings
  readonly clock: Clock
  readonly random: () => number
  readonly conclude: Conclude
}

interface KnownRoute {
  readonly destination: Destination
  readonly until: number
}

const routeFor = 30_000
const mostRoutes = 20_000
const mostLookups = 100
/** Domains that wait for a busy next hop make a look at the queue long; then it is taken less often. */
const manyBlocked = 100
const blockedInterval = 100
const blockedRetry = 1_000
/** A timer is only a hint that the clock moved: never trust it for longer. */
const longestSleep = 60_000
/** Jobs looked at, after a failed probe, for those that are too old or whose sender should hear of the delay. */
const sweepLength = 200

function keyOf(domain: string, route: Way): string {
  if (route.kind === 'hosts') return route.key
  if (route.kind === 'several') return domain
  return route.kind === 'capture' ? 'capture' : `no route to ${domain}`
}

export class Scheduler implements Dispatcher {
  readonly queue: DeliveryQueue
  readonly clock: Clock
  readonly random: () => number
  readonly conclude: Conclude
  readonly log: SchedulerParts['log']
  readonly hostname: string
  readonly memory: HostMemory
  readonly #captures = new Map<string, Capture>()
  settings: DeliverySettings
  stopping = false
  #router: Router
  readonly #haltListeners = new Set<() => void>()
  #active = 0
  readonly #lanes = new Set<Lane>()
  readonly #destinations = new Map<string, Destination>()
  readonly #routes = new Map<string, KnownRoute>()
  readonly #lookups = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #timerAt = 0
  #notBefore = 0
  readonly #atEnd: (() => void)[] = []

  constructor(parts: SchedulerParts) {
    this.queue = parts.queue
    this.clock = parts.clock
    this.random = parts.random
    this.conclude = parts.conclude
    this.log = parts.log
    this.hostname = parts.hostname
    this.settings = parts.settings
    this.#router = parts.router
    this.memory = createHostMemory(parts.clock)
  }

  /** Starts a lane for each domain with due jobs whose next hop has room. */
  dispatch(): void {
    if (this.stopping) return
    if (performance.now() < this.#notBefore) {
      this.#wakeIn(this.#notBefore - performance.now())
      return
    }
    const now = this.clock.now()
    let blocked = 0
    for (const domain of this.queue.dueDomains(now)) {
      if (this.#active >= this.settings.concurrency) {
        blocked++
        break
      }
      if (!this.#serve(domain, now)) blocked++
    }
    if (blocked > manyBlocked) this.#notBefore = performance.now() + blockedInterval
    this.#sleep(now, blocked > 0)
  }

  reload(settings: DeliverySettings, router: Router): void {
    this.settings = settings
    this.#router = router
    this.#routes.clear()
    this.#notBefore = 0
    this.dispatch()
  }

  status(): DeliveryStatus {
    const destinations = [...this.#destinations.values()]
      .sort((a, b) => b.lanes - a.lanes || b.pausedUntil - a.pausedUntil)
      .slice(0, 100)
      .map(({ key, lanes, idle, pausedUntil, lastFailure }) => ({
        nextHop: key,
        active: lanes,
        idle,
        pausedUntil,
        lastFailure,
      }))
    return { active: this.#active, destinations }
  }

  /** May be called again, to be quicker. */
  async stop(milliseconds: number): Promise<void> {
    this.stopping = true
    clearTimeout(this.#timer)
    for (const callback of this.#haltListeners) callback()
    this.#haltListeners.clear()
    for (const destination of this.#destinations.values()) destination.closeIdle()
    if (this.#lanes.size === 0) return
    const timer = setTimeout(() => {
      for (const lane of this.#lanes) lane.cut()
    }, milliseconds)
    await new Promise<void>(resolve => {
      this.#atEnd.push(resolve)
    })
    clearTimeout(timer)
  }

  /** The next due job for a destination, from its domains by turns. */
  async next(destination: Destination): Promise<Job | undefined> {
    while (!this.stopping) {
      const [domain] = destination.domains
      if (domain === undefined) return undefined
      const taken = this.queue.take(domain, this.clock.now())
      const job = taken instanceof Promise ? await taken : taken
      if (job === undefined) destination.domains.delete(domain)
      else {
        if (destination.domains.size > 1 && destination.domains.delete(domain))
          destination.domains.add(domain)
        return job
      }
    }
    return undefined
  }

  onHalt(callback: () => void): () => void {
    if (this.stopping) callback()
    else this.#haltListeners.add(callback)
    return () => this.#haltListeners.delete(callback)
  }

  isBusy(destination: Destination): boolean {
    return destination.domains.size > 0 && !this.#hasSlot(destination, this.clock.now())
  }

  /** One per directory, so that deliveries share their directory syncs. */
  captureIn(directory: string): Capture {
    const known = this.#captures.get(directory)
    if (known !== undefined) return known
    const capture = createCapture(directory)
    this.#captures.set(directory, capture)
    return capture
  }

  /** Another lane for a destination that has more to do, if there is room. */
  grow(destination: Destination): void {
    if (destination.domains.size > 0 && this.#hasSlot(destination, this.clock.now())) this.#start(destination)
  }

  /** True when a lane that did its share should let others have its slot. */
  get crowded(): boolean {
    return this.#active >= this.settings.concurrency
  }

  /** Leaves a next hop alone until its pause is over, and looks after the mail that waits for it meanwhile. */
  async rest(destination: Destination): Promise<void> {
    const domains = [...destination.domains]
    destination.domains.clear()
    for (const domain of domains) await this.#sweep(domain, destination)
    for (const domain of domains) this.queue.postpone(domain, destination.pausedUntil)
  }

  /** Hands a job back as if it had never been taken: no outcomes, nothing to write down. */
  handBack(job: Job, until: number): void {
    this.queue.settle(job, { outcomes: [], nextAttemptAt: until, countsAsAttempt: false })
  }

  /** For a job out of several domains: does it in place of a lane of its own next hop, or puts it off. */
  async errand(job: Job): Promise<void> {
    const now = this.clock.now()
    const destination = await this.#lookUp(job.domain)
    if (destination === undefined) this.handBack(job, now + blockedRetry)
    else if (destination.pausedUntil > now) await this.#mind(job, destination)
    else if (!destination.hasRoom(this.settings.concurrencyPerNextHop)) this.handBack(job, now + blockedRetry)
    else {
      destination.lanes++
      const lane = new Lane(this, destination)
      this.#lanes.add(lane)
      await lane.one(job)
      this.#lanes.delete(lane)
      destination.lanes--
    }
  }

  #serve(domain: string, now: number): boolean {
    const destination = this.#destinationOf(domain, now)
    if (destination === undefined) return false
    if (destination.pausedUntil > now) {
      this.queue.postpone(domain, destination.pausedUntil)
      return true
    }
    destination.domains.add(domain)
    if (!this.#hasSlot(destination, now)) return false
    this.#start(destination)
    return true
  }

  #hasSlot(destination: Destination, now: number): boolean {
    const { concurrency, concurrencyPerNextHop } = this.settings
    if (this.stopping || destination.pausedUntil > now || this.#active >= concurrency) return false
    const reserved = this.#active >= Math.ceil(concurrency * 0.9)
    return destination.hasRoom(concurrencyPerNextHop) && (!reserved || destination.lanes === 0)
  }

  #start(destination: Destination): void {
    const lane = new Lane(this, destination)
    this.#lanes.add(lane)
    this.#active++
    destination.lanes++
    void lane.run().then(() => {
      this.#lanes.delete(lane)
      this.#active--
      destination.lanes--
      if (this.#lanes.size === 0) for (const end of this.#atEnd.splice(0)) end()
      if (lane.yielded || lane.wasCrowded) this.dispatch()
      else this.#sleep(this.clock.now(), false)
    })
  }

  /** Undefined while the route is being looked up. */
  #destinationOf(domain: string, now: number): Destination | undefined {
    const known = this.#routes.get(domain)
    if (known !== undefined && known.until > now) return known.destination
    if (standsForSeveral(domain)) return this.#destinationFor(domain, { kind: 'several' })
    if (!this.#lookups.has(domain) && this.#lookups.size < mostLookups) {
      this.#lookups.add(domain)
      void this.#lookUp(domain).then(() => {
        this.#lookups.delete(domain)
        this.dispatch()
      })
    }
    return undefined
  }

  async #lookUp(domain: string): Promise<Destination | undefined> {
    try {
      const route = await this.#router.route(domain)
      const destination = this.#destinationFor(domain, route)
      this.#routes.delete(domain)
      this.#routes.set(domain, { destination, until: this.clock.now() + routeFor })
      if (this.#routes.size > mostRoutes) this.#routes.delete(this.#routes.keys().next().value!)
      return destination
    } catch (error) {
      this.log.error({ error, domain }, 'a route could not be found')
      return undefined
    }
  }

  #destinationFor(domain: string, route: Way): Destination {
    const key = keyOf(domain, route)
    let destination = this.#destinations.get(key)
    if (destination === undefined) {
      this.#forgetDestinations()
      destination = new Destination(key, route)
      this.#destinations.set(key, destination)
    }
    destination.route = route
    return destination
  }

  #forgetDestinations(): void {
    if (this.#destinations.size < mostRoutes) return
    const now = this.clock.now()
    for (const [key, destination] of this.#destinations)
      if (destination.isForgettable(now)) this.#destinations.delete(key)
  }

  /**
   * Jobs that wait for a dead next hop are not tried one by one, but they grow old: those past their life fail, and
   * senders hear of the delay. Jobs taken for this and found well go back untouched; a few of these end the look.
   */
  async #sweep(domain: string, destination: Destination): Promise<void> {
    for (let looked = 0; looked < sweepLength && !this.stopping; looked++) {
      const job = await this.queue.take(domain, this.clock.now())
      if (job === undefined) return
      const minded = await this.#mind(job, destination)
      if (!minded && !this.#isLate(job)) return
    }
  }

  /** Concludes a job of a paused destination when it is time to fail it or to tell its sender; else hands it back. */
  async #mind(job: Job, { key, lastFailure, pausedUntil }: Destination): Promise<boolean> {
    const expired = this.clock.now() - job.envelope.receivedAt >= this.settings.lifetime
    const due = expired || (this.#isLate(job) && !job.delayNotified)
    if (due) {
      const outcomes = allRecipients(job.recipients, 'deferred', lastFailure)
      await this.conclude(
        job,
        { outcomes, nextHop: key, confirms: 'relayed', milliseconds: 0 },
        this.settings,
      )
    } else this.handBack(job, pausedUntil)
    return due
  }

  #isLate({ envelope }: Job): boolean {
    return this.clock.now() - envelope.receivedAt >= this.settings.delayNotice
  }

  #sleep(now: number, blocked: boolean): void {
    if (this.stopping) return
    const next = this.queue.nextDueAt()
    if (next === undefined) return
    // Something due that waits for room, a route or a lane wakes us by itself; what becomes due later must as well.
    if (next <= now) this.#wakeIn(blocked ? 1_000 : 250)
    else this.#wakeIn(Math.min(next - now, longestSleep))
  }

  #wakeIn(milliseconds: number): void {
    const at = performance.now() + milliseconds
    if (this.#timer !== undefined && this.#timerAt <= at) return
    clearTimeout(this.#timer)
    this.#timerAt = at
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.dispatch()
    }, milliseconds)
  }
}
