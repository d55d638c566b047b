/**
 * May this client connect, speak, send from there, send to there? The questions that a session asks, answered by
 * `admission/` and composed by `mailstream/`.
 */
import type { Address, ReversePath } from '#mail/address.ts'
import type { ZoneName } from '#mail/envelope.ts'
import type { Refusal } from '#mail/refusal.ts'

/** What is known of the client so far; a new value whenever TLS or AUTH teaches more. */
export interface Client {
  /** IP address in canonical text form, IPv4-mapped IPv6 already unwrapped. */
  readonly address: string
  readonly zone: ZoneName
  readonly secure: boolean
  readonly user?: string
  /** SHA-256 of the presented client certificate, lower-case hex without colons. */
  readonly certificate?: string
}

/** A counted place (connection, handshake). `release` gives it back; a second call does nothing. */
export interface Place {
  readonly kind: 'place'
  release(): void
}

/** No method waits: each costs a few reads of shared memory. `undefined` means yes. */
export interface Admission {
  /** Counts the connection against address, network and total, and against the connection rate. */
  connect(client: Client): Place | Refusal
  handshake(client: Client): Place | Refusal
  /** Milliseconds that this client must be silent before the greeting; 0 for a known or exempt one. */
  greetingDelay(client: Client): number
  /** The client waited for its greeting: it is known from now on. */
  behaved(client: Client): void
  sender(client: Client, reversePath: ReversePath): Refusal | undefined
  recipient(client: Client, recipient: Address): Refusal | undefined
  /** Counts an error against the error rate; a refusal means: say it and close. */
  error(client: Client): Refusal | undefined
}
