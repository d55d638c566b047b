/**
 * What one attempt at a job came to, however it was made.
 */

import type { Recipient } from '#mail/envelope.ts'
import type { RecipientOutcome } from '#mail/queue.ts'

export interface Attempt {
  /** One for each recipient of the job. */
  readonly outcomes: readonly RecipientOutcome[]
  /** `mx.example.org[192.0.2.1]:25`, `capture`, or the key of a next hop that was not reached. */
  readonly nextHop: string
  /** Name or address of the server that answered, for notifications. */
  readonly remote?: string | undefined
  readonly tls?: string | undefined
  /**
   * Who confirms a success that the sender asked for: the next hop when it knows DSN, else we say that the message was
   * `relayed`, or `delivered` where the next hop is a mailbox (RFC 3461 §5.2.2, §5.3).
   */
  readonly confirms: 'next-hop' | 'relayed' | 'delivered'
  readonly milliseconds: number
}

export const allRecipients = (
  recipients: readonly Recipient[],
  outcome: RecipientOutcome['outcome'],
  text: string,
): RecipientOutcome[] => recipients.map(({ address }) => ({ recipient: address, outcome, text }))
