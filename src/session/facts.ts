/**
 * What is known when the content of a message begins, of the session and of the message: what its envelope and its
 * Received field are made from. A conversation has it, and much more.
 */
import type { Address, ReversePath } from '#mail/address.ts'
import type { Client } from '#mail/admission.ts'
import type { Recipient } from '#mail/envelope.ts'
import type { Peer, TlsFacts } from '#mail/transport.ts'
import type { SessionHost } from '#session/host.ts'
import type { MailParameters } from '#session/mail-parameters.ts'
import type { SessionSettings } from '#session/settings.ts'

export interface SessionFacts {
  readonly host: SessionHost
  readonly peer: Peer
  readonly client: Client
  readonly tls: TlsFacts | undefined
  /** Argument of HELO or EHLO; undefined before. */
  readonly helo: string | undefined
  /** It was EHLO. */
  readonly extended: boolean
}

export interface TransactionFacts {
  readonly reversePath: ReversePath
  readonly parameters: MailParameters
  /** In the order of RCPT; an address that is named twice gets the message once. */
  readonly recipients: Map<Address, Recipient>
  /** Those in force when MAIL came: a reload in between does not change the rules for this message. */
  readonly settings: SessionSettings
}
