/**
 * The errors of one session: from when on its answers are slow (the tarpit), and when it is over.
 *
 * Promises: only what the client did wrong counts (5xx), not what we could not do (4xx). Commands that lead nowhere
 * (NOOP, RSET, HELO…) are no errors, but a client that says nothing else keeps a place from others and is sent away.
 */
import type { Admission, Client } from '#mail/admission.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import { tooManyErrors, tooManyIdleCommands } from '#mail/replies.ts'
import type { SessionSettings } from '#session/settings.ts'

const perSession = refuse('error-rate', tooManyErrors, 'errors per session')
const idleTalk = refuse('idle-talk', tooManyIdleCommands)
/** Between two messages. Clients that keep connections for later say NOOP or RSET now and then, not a hundred times. */
const idleCommands = 100

export class ErrorCount {
  readonly #settings: SessionSettings
  readonly #admission: Pick<Admission, 'error'>
  #errors = 0
  #idle = 0

  constructor(settings: SessionSettings, admission: Pick<Admission, 'error'>) {
    this.#settings = settings
    this.#admission = admission
  }

  /** Counts the refusal. `end`: say it, and then this, and close. `delay`: milliseconds before it is said. */
  count({ reply }: Refusal, client: Client): { readonly end?: Refusal; readonly delay?: number } {
    if (reply.code < 500) return {}
    this.#errors++
    const { errorsPerSession, tarpitAfterErrors, tarpitDelay } = this.#settings
    const end = this.#admission.error(client) ?? (this.#errors >= errorsPerSession ? perSession : undefined)
    if (end !== undefined) return { end }
    return this.#errors > tarpitAfterErrors ? { delay: tarpitDelay } : {}
  }

  /** Counts a command that brings no message nearer; the refusal means: say it and close. */
  idle(): Refusal | undefined {
    return ++this.#idle > idleCommands ? idleTalk : undefined
  }

  /** The client sends content: it is here for mail. */
  busy(): void {
    this.#idle = 0
  }
}
