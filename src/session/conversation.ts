/**
 * What a session knows: who the client is, what it said, and the message that it is giving. The verbs read and change
 * it; what is to happen on the wire after the reply they put into `next`.
 *
 * Leaves out: octets, replies, deadlines. They are `session.ts`.
 */

import type { ReversePath } from '#mail/address.ts'
import type { Client, Place } from '#mail/admission.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Refusal } from '#mail/refusal.ts'
import type { Reply } from '#mail/reply.ts'
import type { Peer, TlsFacts } from '#mail/transport.ts'
import type { SessionFacts, TransactionFacts } from '#session/facts.ts'
import type { SessionHost } from '#session/host.ts'
import type { MailParameters } from '#session/mail-parameters.ts'
import { Reception } from '#session/reception.ts'
import type { SessionSettings } from '#session/settings.ts'

/** What a verb answers; with `undefined` the answer follows from `next`. */
export type Answer = Reply | Refusal | undefined

/** What comes behind the reply. */
export type Next =
  | { readonly kind: 'command' }
  /** The message is over, one way or the other: a command, with the transaction forgotten. */
  | { readonly kind: 'message-over' }
  | { readonly kind: 'data' }
  /** So many octets of content; `refusal` is the answer that they get, whatever they are. */
  | { readonly kind: 'chunk'; readonly octets: number; readonly last: boolean; readonly refusal?: Refusal }
  /** One line that is not a command: a step of AUTH. */
  | { readonly kind: 'line'; readonly take: (line: string) => Answer | Promise<Answer> }
  | { readonly kind: 'tls'; readonly place: Place }
  | { readonly kind: 'close' }

export const command: Next = { kind: 'command' }
export const messageOver: Next = { kind: 'message-over' }
export const data: Next = { kind: 'data' }
export const close: Next = { kind: 'close' }

export interface Transaction extends TransactionFacts {
  /** Present from DATA or the first BDAT until the content is handed to the intake. */
  reception: Reception | undefined
  /** Present from DATA or the first BDAT. */
  id: MessageId | undefined
  /** A BDAT failed: everything but RSET is refused (RFC 3030 §2). */
  failed: boolean
}

export class Conversation implements SessionFacts {
  readonly host: SessionHost
  readonly peer: Peer
  client: Client
  tls: TlsFacts | undefined
  /** Argument of HELO or EHLO; undefined before. */
  helo: string | undefined
  /** It was EHLO. */
  extended = false
  transaction: Transaction | undefined
  /** Messages that got their 250. */
  messages = 0
  next: Next = command

  constructor(host: SessionHost, peer: Peer) {
    this.host = host
    this.peer = peer
    this.tls = peer.tls
    this.client = clientOf(peer, peer.tls)
  }

  beginTransaction(reversePath: ReversePath, parameters: MailParameters, settings: SessionSettings): void {
    this.transaction = {
      reversePath,
      parameters,
      recipients: new Map(),
      settings,
      reception: undefined,
      id: undefined,
      failed: false,
    }
  }

  /** The content of the current message begins. */
  openReception(transaction: Transaction): Reception {
    const reception = new Reception(this, transaction)
    transaction.reception = reception
    transaction.id = reception.id
    return reception
  }

  /** Forgets the message that is under way. */
  reset(): void {
    this.transaction?.reception?.abandon()
    this.transaction = undefined
  }

  /** RFC 3207 §4.2: nothing that was said in the clear is known any more: neither HELO, nor AUTH, nor a message. */
  secured(facts: TlsFacts): void {
    this.reset()
    this.helo = undefined
    this.extended = false
    this.tls = facts
    this.client = clientOf(this.peer, facts)
  }
}

function clientOf(peer: Peer, tls: TlsFacts | undefined): Client {
  return {
    address: peer.address,
    zone: peer.zone,
    secure: tls !== undefined,
    ...(tls?.certificate !== undefined && { certificate: tls.certificate }),
  }
}
