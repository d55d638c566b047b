/**
 * The SMTP envelope: who sends, to whom, under which promises of transport. Pure data that survives JSON, since the
 * spool writes it so.
 */
import type { Address, ReversePath } from '#mail/address.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Treatment } from '#mail/treatment.ts'

export const zoneNames = ['outside', 'inside', 'management'] as const
export type ZoneName = (typeof zoneNames)[number]

/** When a DSN is wanted (RFC 3461 §4.1). `never` stands alone; absent means failure and, at our choice, delay. */
export type Notify = 'never' | readonly ('success' | 'failure' | 'delay')[]

export interface Recipient {
  readonly address: Address
  readonly notify?: Notify
  /** Original recipient, decoded from xtext: `rfc822;jo@example.org` (RFC 3461 §4.2). Untrusted, printable only. */
  readonly originalRecipient?: string
  /** Number of its treatment in the envelope; absent: gets the message as it is. */
  readonly treatment?: number
}

/** Where a message came from: everything that Received, tracking and policy want to know of the session. */
export interface Origin {
  readonly zone: ZoneName
  /** `ADDRESS:PORT` of our listener. */
  readonly listener: string
  /** Client IP address (from the PROXY header when a listed proxy sent one); `local` for what Sluice made itself. */
  readonly clientAddress: string
  readonly clientPort: number
  /** Argument of HELO/EHLO, printable only. */
  readonly helo: string
  readonly protocol:
    | 'SMTP'
    | 'ESMTP'
    | 'ESMTPS'
    | 'ESMTPA'
    | 'ESMTPSA'
    | 'UTF8SMTP'
    | 'UTF8SMTPS'
    | 'UTF8SMTPA'
    | 'UTF8SMTPSA'
    | 'local'
  readonly tls?: { readonly version: string; readonly cipher: string }
  readonly user?: string
  /** SHA-256 of the client certificate, lower-case hex, when one was presented and is listed. */
  readonly certificate?: string
  readonly session: string
}

export interface Envelope {
  readonly id: MessageId
  readonly reversePath: ReversePath
  readonly recipients: readonly Recipient[]
  readonly body: '7BIT' | '8BITMIME'
  readonly smtputf8: boolean
  readonly requireTls: boolean
  /** RET of RFC 3461 §4.3. */
  readonly returnContent?: 'full' | 'headers'
  /** ENVID of RFC 3461 §4.4, decoded from xtext, printable only. */
  readonly envelopeId?: string
  readonly origin: Origin
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  /** What a verdict left to do; see `treatment.ts`. */
  readonly treatments?: readonly Treatment[]
}
