/**
 * The errors of one session: from when on its answers are slow (the tarpit), and when it is over.
 *
 * Promises: only what the client did wrong counts (5xx), not what we could not do (4xx).
 */
import type { Admission, Client } from '#mail/admission.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import { tooManyErrors } from '#mail/replies.ts'
import type { SessionSettings } from '#session/settings.ts'

const perSession = refuse('error-rate', tooManyErrors, 'errors per session')

export class ErrorCount {
  readonly #settings: SessionSettings
  readonly #admission: Pick<Admission, 'error'>
  #errors = 0

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
}
