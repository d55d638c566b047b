/**
 * One timer for the deadlines of all sessions of a thread.
 *
 * Promises: a session is looked at within `interval` of its deadline; setting a deadline is writing a number, no timer
 * is armed per command. With no session there is no timer.
 */
import type { Cancel, Timers } from '#mail/timers.ts'

export interface Watched {
  /** `now` is `Timers.monotonic()`. May take the session off the watch. */
  expire(now: number): void
}

export class DeadlineWatch {
  readonly #timers: Timers
  readonly #interval: number
  readonly #sessions = new Set<Watched>()
  #cancel: Cancel | undefined

  /** `interval`: milliseconds. */
  constructor(timers: Timers, interval = 250) {
    this.#timers = timers
    this.#interval = interval
  }

  add(session: Watched): void {
    this.#sessions.add(session)
    this.#cancel ??= this.#timers.after(this.#interval, () => this.#look())
  }

  remove(session: Watched): void {
    this.#sessions.delete(session)
  }

  /** Never throws: a session that does must not stop the clock of the others. */
  #look(): void {
    this.#cancel = undefined
    const now = this.#timers.monotonic()
    for (const session of this.#sessions) session.expire(now)
    if (this.#sessions.size > 0) this.#cancel = this.#timers.after(this.#interval, () => this.#look())
  }
}
