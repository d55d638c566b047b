/**
 * A next hop as the scheduler sees it: how many transactions it gets at a time, its idle connections, and whether it is
 * left alone for now.
 *
 * Promises: concurrency begins small and grows with success, so that neither a dead nor a slow next hop takes many
 * slots; after failures in a row it pauses, then one probe decides; an idle connection is closed after a short time.
 */

import { type Connection, isUsable, leave } from '#delivery/connection.ts'
import { pauseAfter } from '#delivery/retry.ts'
import type { Route } from '#mail/route.ts'

/** `several` is a name of the queue for many domains, each with a route of its own. */
export type Way = Route | { readonly kind: 'several' }

const firstWindow = 5
/** Transactions that break in a row before the next hop counts as unreachable. */
const mostTroubles = 5
const idleFor = 3_000

export class Destination {
  readonly key: string
  route: Way
  /** Domains that lead here and had a due job when last seen. */
  readonly domains = new Set<string>()
  /** Transactions under way. */
  lanes = 0
  failures = 0
  /** Milliseconds since 1970; 0 when not paused. */
  pausedUntil = 0
  lastFailure = ''
  /** Domains that were put off, and until when. */
  readonly #putOff = new Map<string, number>()
  #window = firstWindow
  #troubles = 0
  readonly #idle: { readonly connection: Connection; readonly timer: NodeJS.Timeout }[] = []

  constructor(key: string, route: Way) {
    this.key = key
    this.route = route
  }

  get idle(): number {
    return this.#idle.length
  }

  /** Nothing here is worth remembering. */
  isForgettable(now: number): boolean {
    return (
      this.lanes === 0 &&
      this.idle === 0 &&
      this.domains.size === 0 &&
      this.pausedUntil <= now &&
      this.failures === 0
    )
  }

  hasRoom(most: number): boolean {
    return this.lanes < Math.min(most, this.#window)
  }

  succeeded(most: number): void {
    this.failures = 0
    this.pausedUntil = 0
    if (this.#putOff.size > 0) this.#putOff.clear()
    this.#troubles = 0
    if (this.#window < most) this.#window++
  }

  /** A connection broke during a transaction. */
  troubled(now: number, text: string, retry: readonly number[], random: () => number): void {
    this.#window = Math.max(1, this.#window >> 1)
    if (++this.#troubles >= mostTroubles) this.unreachable(now, text, retry, random)
  }

  /** No connection could be made. Lanes that fail at the same time count once. */
  unreachable(now: number, text: string, retry: readonly number[], random: () => number): void {
    this.lastFailure = text
    if (this.pausedUntil > now) return
    this.failures++
    this.#putOff.clear()
    this.#window = 1
    this.#troubles = 0
    this.pausedUntil = now + pauseAfter(retry, this.failures, random)
  }

  /** Notes that a domain is put off until the pause is over. */
  putOff(domain: string): void {
    this.#putOff.set(domain, this.pausedUntil)
  }

  /** A domain that is due though it was put off: an operator wants it tried now. */
  isPutOff(domain: string, now: number): boolean {
    return (this.#putOff.get(domain) ?? 0) > now
  }

  /** Ends the pause, with one probe. */
  endPause(): void {
    this.#putOff.clear()
    this.pausedUntil = 0
  }

  /** The connection that was used last, while it lives. */
  takeIdle(most: number): Connection | undefined {
    for (let entry = this.#idle.pop(); entry !== undefined; entry = this.#idle.pop()) {
      clearTimeout(entry.timer)
      entry.connection.channel.onLost = undefined
      if (isUsable(entry.connection, most)) return entry.connection
      leave(entry.connection)
    }
    return undefined
  }

  putIdle(connection: Connection): void {
    const forget = () => {
      clearTimeout(entry.timer)
      const at = this.#idle.indexOf(entry)
      if (at !== -1) this.#idle.splice(at, 1)
    }
    const entry = {
      connection,
      timer: setTimeout(() => {
        connection.channel.onLost = undefined
        forget()
        leave(connection)
      }, idleFor),
    }
    connection.channel.onLost = forget
    this.#idle.push(entry)
  }

  closeIdle(): void {
    for (const { connection, timer } of this.#idle.splice(0)) {
      clearTimeout(timer)
      connection.channel.onLost = undefined
      leave(connection)
    }
  }
}
