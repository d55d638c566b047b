/**
 * What a notification is about: the facts from which its text and its fields are made.
 */
import type { Envelope, Recipient } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'

export type NotificationKind = 'failed' | 'delayed' | 'success'

export interface NotifiedRecipient {
  readonly recipient: Recipient
  /** RFC 3464 §2.3.3 */
  readonly action: 'failed' | 'delayed' | 'relayed' | 'delivered'
  /** The last reply, `550 5.1.1 …`, or a text of ours, `4.4.1 …`. */
  readonly text: string
  /** Host name or IP address of the server that said so. */
  readonly remote?: string | undefined
}

export interface NotificationSubject {
  readonly kind: NotificationKind
  /** Id of the notification itself. */
  readonly id: MessageId
  /** Our name. */
  readonly hostname: string
  /** MIME boundary; must not be foreseeable by whoever wrote the returned content. */
  readonly boundary: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** Of the message that this is about. */
  readonly envelope: Envelope
  readonly recipients: readonly NotifiedRecipient[]
  /** Milliseconds since 1970; for `delayed`. */
  readonly willRetryUntil?: number | undefined
  /** The message, or its header up to the empty line; undefined when it cannot be read any more. */
  readonly returned: { readonly kind: 'full' | 'headers'; readonly bytes: Uint8Array } | undefined
}
