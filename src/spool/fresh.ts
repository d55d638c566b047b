/**
 * Messages that just came in, kept for their first delivery attempt so that they are not read back from disk.
 *
 * Promises: holds no more than its budget; the oldest are forgotten first, since they are likely waiting for a
 * destination that is down. Forgetting costs one read, never a message.
 */
import type { Envelope } from '#mail/envelope.ts'

export interface FreshMessage {
  readonly envelope: Envelope
  /** Undefined for content that has a file of its own. */
  readonly chunks: readonly Uint8Array[] | undefined
  readonly octets: number
}

/** What an envelope and its place here cost beside the content, roughly. */
const overhead = 2_048

export class Fresh {
  readonly #budget: number
  readonly #messages = new Map<number, FreshMessage>()
  octets = 0

  constructor(budget: number) {
    this.#budget = budget
  }

  keep(row: number, envelope: Envelope, chunks: readonly Uint8Array[] | undefined): void {
    let octets = overhead + envelope.recipients.length * 128
    for (const chunk of chunks ?? []) octets += chunk.length
    if (octets > this.#budget) return
    this.octets += octets
    this.#messages.set(row, { envelope, chunks, octets })
    if (this.octets <= this.#budget) return
    for (const oldest of this.#messages.keys()) {
      this.forget(oldest)
      if (this.octets <= this.#budget) return
    }
  }

  /** Hands it over and forgets it. */
  take(row: number): FreshMessage | undefined {
    const message = this.#messages.get(row)
    if (message !== undefined) this.forget(row)
    return message
  }

  forget(row: number): void {
    const message = this.#messages.get(row)
    if (message === undefined) return
    this.octets -= message.octets
    this.#messages.delete(row)
  }
}
