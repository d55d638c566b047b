/**
 * Which job goes when: the heart of `delivery.ts`, whose header says what is promised.
 *
 * Cost: a look at the queue per turn in which something became due; a job more for a next hop that is already being
 * served costs no look at all, its lanes take it.
 */

import { handBack, lookAfter, lookAfterOne, mostLooksInAll } from '#delivery/aging.ts'
import { type Capture, createCapture } from '#delivery/capture.ts'
import type { Conclude } from '#delivery/conclusion.ts'
import type { Destination } from '#delivery/destination.ts'
import { Destinations } from '#delivery/destinations.ts'
import { createHostMemory, type HostMemory } from '#delivery/host-memory.ts'
import { type Dispatcher, Lane } from '#delivery/lane.ts'
import type { DeliveryParts, DeliverySettings } from '#delivery/parts.ts'
import { Wake } from '#delivery/wake.ts'
import type { Clock } from '#mail/clock.ts'
import type { DeliveryQueue, Job } from '#mail/queue.ts'
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

/** Domains that wait for a busy next hop make a look at the queue long; then it is taken less often. */
const manyBlocked = 100
const blockedInterval = 100
const blockedRetry = 1_000
/** A timer is only a hint that the clock moved: never trust it for longer. */
const longestSleep = 60_000
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
  readonly #haltListeners = new Set<() => void>()
  #active = 0
  readonly #lanes = new Set<Lane>()
  readonly #destinations: Destinations
  readonly #wake = new Wake(() => this.dispatch())
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
    this.#destinations = new Destinations(parts, () => this.dispatch())
    this.memory = createHostMemory(parts.clock)
  }

  /** Starts a lane for each domain with due jobs whose next hop has room. */
  dispatch(): void {
    if (this.stopping) return
    if (performance.now() < this.#notBefore) {
      this.#wake.within(this.#notBefore - performance.now())
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
    this.#destinations.reroute(router)
    this.#notBefore = 0
    this.dispatch()
  }

  status(): DeliveryStatus {
    const destinations = [...this.#destinations.all]
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
    this.#wake.stop()
    for (const callback of this.#haltListeners) callback()
    this.#haltListeners.clear()
    for (const destination of this.#destinations.all) destination.closeIdle()
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
    let looks = 0
    for (const domain of domains) {
      if (this.stopping || looks >= mostLooksInAll) break
      looks += await lookAfter(domain, destination, this, this.settings)
    }
    for (const domain of domains) this.#putOff(domain, destination)
  }

  handBack(job: Job, until: number): void {
    handBack(this.queue, job, until)
  }

  /** For a job out of several domains: does it in place of a lane of its own next hop, or puts it off. */
  async errand(job: Job): Promise<void> {
    const now = this.clock.now()
    const destination = await this.#destinations.find(job.domain)
    if (destination === undefined) this.handBack(job, now + blockedRetry)
    else if (destination.pausedUntil > now) await lookAfterOne(job, destination, this, this.settings)
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
    const destination = this.#destinations.known(domain)
    if (destination === undefined) return false
    if (destination.isPutOff(domain, now)) destination.endPause()
    if (destination.pausedUntil > now) {
      this.#putOff(domain, destination)
      return true
    }
    destination.domains.add(domain)
    if (!this.#hasSlot(destination, now)) return false
    this.#start(destination)
    return true
  }

  #putOff(domain: string, destination: Destination): void {
    destination.putOff(domain)
    this.queue.postpone(domain, destination.pausedUntil)
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

  #sleep(now: number, blocked: boolean): void {
    if (this.stopping) return
    const next = this.queue.nextDueAt()
    if (next === undefined) return
    // Something due that waits for room, a route or a lane wakes us by itself; what becomes due later must as well.
    if (next <= now) this.#wake.within(blocked ? 1_000 : 250)
    else this.#wake.within(Math.min(next - now, longestSleep))
  }
}
