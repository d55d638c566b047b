/**
 * How long the current step of a session may take: a command, a message, the whole. All deadlines are absolute: no
 * octet that arrives moves one (RFC 5321 §4.5.3.2 names the least that they must be).
 *
 * Costs: one reading of the clock per step.
 */
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import type { Timers } from '#mail/timers.ts'
import type { SessionSettings } from '#session/settings.ts'

const command = refuse('deadline-command', replies.commandDeadline)
const message = refuse('deadline-message', replies.messageDeadline)
const session = refuse('deadline-session', replies.sessionDeadline)

export class StepClock {
  readonly #timers: Timers
  readonly #deadlines: SessionSettings['deadlines']
  readonly #sessionEnd: number
  #stepEnd = Number.POSITIVE_INFINITY
  #inMessage = false

  constructor(timers: Timers, deadlines: SessionSettings['deadlines']) {
    this.#timers = timers
    this.#deadlines = deadlines
    this.#sessionEnd = timers.monotonic() + deadlines.session
  }

  /** The next command is awaited from now on. */
  command(): void {
    this.#inMessage = false
    this.#stepEnd = this.#timers.monotonic() + this.#deadlines.command
  }

  /** Content is awaited from now on. Between the chunks of one message its deadline goes on. */
  message(): void {
    if (this.#inMessage) return
    this.#inMessage = true
    this.#stepEnd = this.#timers.monotonic() + this.#deadlines.message
  }

  /** What is over at `now`. A message that is under way may be finished when the time of the session is up. */
  overdue(now: number): Refusal | undefined {
    if (now >= this.#stepEnd) return this.#inMessage ? message : command
    return now >= this.#sessionEnd && !this.#inMessage ? session : undefined
  }
}
