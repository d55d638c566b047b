/** What a transaction is about, and what it comes to. */
import type { Lost } from '#delivery/channel.ts'
import type { Recipient } from '#mail/envelope.ts'
import type { Job, RecipientOutcome } from '#mail/queue.ts'

/** What a transaction needs of a job: the message, and those of its recipients that are to be tried now. */
export type Mail = Pick<Job, 'envelope' | 'recipients' | 'size' | 'content'>

export interface TransactionResult {
  readonly outcomes: readonly RecipientOutcome[]
  /** Recipients beyond what the server takes at once (RFC 5321 §4.5.3.1.10): for the next transaction. */
  readonly surplus: readonly Recipient[]
  readonly lost: Lost | undefined
  /** Nothing was answered on a connection that was in use: the mail may be tried on a new one at once. */
  readonly untouched: boolean
}
