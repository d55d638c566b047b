/**
 * The queue as delivery and the operator see it. Implemented by `spool/`; one per engine thread.
 *
 * A job is all recipients of one message in one domain that are treated alike and still wait: the unit that is leased, tried
 * and settled.
 */
import type { Address } from '#mail/address.ts'
import type { Envelope, Recipient } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Treatment } from '#mail/treatment.ts'

export interface Job {
  readonly id: MessageId
  /** Which of the jobs of its message. */
  readonly number: number
  /** Domain (or address literal in brackets) that the recipients share, lower-case. */
  readonly domain: string
  /** Attempts that ended with a temporary failure. */
  readonly attempts: number
  readonly envelope: Envelope
  /** The recipients of this job that still wait. Never empty. */
  readonly recipients: readonly Recipient[]
  /** What is done with the message for them; `content` is what came in. */
  readonly treatment: Treatment | undefined
  /** Octets of content. */
  readonly size: number
  /** True once a delayed notification was sent for these recipients. */
  readonly delayNotified: boolean
  /**
   * The content in wire form, verified against its CRC. Small content comes from memory or one read; large content
   * comes chunk by chunk. Throws `CorruptContent` when the bytes on disk are not those that were written.
   */
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

export class CorruptContent extends Error {
  override readonly name = 'CorruptContent'
}

export type RecipientOutcome =
  | { readonly recipient: Address; readonly outcome: 'delivered' | 'failed'; readonly text: string }
  | { readonly recipient: Address; readonly outcome: 'deferred'; readonly text: string }

export interface Settlement {
  readonly outcomes: readonly RecipientOutcome[]
  /** When the deferred recipients are due again, milliseconds since 1970. Required when any is deferred. */
  readonly nextAttemptAt?: number
  readonly delayNotified?: boolean
  /** False when the job was handed back untried (shutdown, destination busy): attempts do not count up. */
  readonly countsAsAttempt: boolean
}

/**
 * A name among the due domains that stands for several domains at once: with very many of them queued, the rest share a
 * name, which holds a slash as no domain can. Its jobs say their own domain.
 */
export const standsForSeveral = (domain: string): boolean => domain.includes('/')

export interface DeliveryQueue {
  /** Called, at most once per turn of the event loop, when a job has become due or may have. */
  onDue(listener: () => void): void
  /** Domains with a due, unheld, unleased job, fairest first. Cheap: no disk access. */
  dueDomains(now: number): Iterable<string>
  /** Leases the oldest due job of the domain; undefined when there is none. Settle it exactly once. */
  take(domain: string, now: number): Promise<Job | undefined> | Job | undefined
  /** Postpones every waiting job of a domain to `until`, without a write to disk: the destination is down. */
  postpone(domain: string, until: number): void
  /**
   * Ends the lease. Appended to the log; durable with the next group commit. True when no recipient of the message
   * waits any longer, in this domain or another: the message is done.
   */
  settle(job: Job, settlement: Settlement): boolean
  /** Earliest time at which a job becomes due, undefined for an empty queue. */
  nextDueAt(): number | undefined
}

/** One queued message as an operator sees it. */
export interface QueueEntry {
  readonly id: MessageId
  readonly sender: string
  readonly recipients: readonly {
    readonly address: string
    readonly state: 'waiting' | 'held' | 'delivered' | 'failed' | 'discarded'
    readonly lastReply?: string
    /** Why it is held, or was discarded; a sentence. Absent where an operator held it. */
    readonly why?: string
  }[]
  readonly size: number
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  readonly nextAttemptAt: number
  readonly attempts: number
  /** `held`: something of it waits for an operator, whatever becomes of the rest. */
  readonly state: 'waiting' | 'delivering' | 'held'
}

/** All given fields must match. Text fields match as case-insensitive substrings. Ages in milliseconds. */
export interface QueueQuery {
  readonly ids?: readonly string[]
  readonly sender?: string
  readonly recipient?: string
  readonly domain?: string
  readonly state?: QueueEntry['state']
  readonly olderThan?: number
  readonly newerThan?: number
  readonly limit?: number
}

export interface QueueTotals {
  readonly messages: number
  readonly held: number
  readonly delivering: number
  readonly octets: number
  /** Receipt time of the oldest message, milliseconds since 1970; undefined when empty. */
  readonly oldest: number | undefined
}

/** What the operator may do to the queue. Every change is on disk when its promise resolves. */
export interface QueueAdministration {
  list(query: QueueQuery): Promise<readonly QueueEntry[]>
  /** Header and body in wire form beside the entry; content is undefined when it is corrupt. */
  show(
    id: MessageId,
  ): Promise<{ entry: QueueEntry; envelope: Envelope; content: Uint8Array | undefined } | undefined>
  /** Each returns the ids that it changed. */
  hold(query: QueueQuery): Promise<readonly MessageId[]>
  release(query: QueueQuery): Promise<readonly MessageId[]>
  retry(query: QueueQuery): Promise<readonly MessageId[]>
  /** For all of its recipients; where the query asks for held messages, for those for whom it is held. */
  remove(query: QueueQuery): Promise<readonly MessageId[]>
  totals(): QueueTotals
}
