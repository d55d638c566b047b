/** The rules of order that several verbs share (RFC 5321 §4.1.4). */
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import type { Conversation } from '#session/conversation.ts'

export const heloFirst = refuse('bad-sequence', replies.heloFirst)
export const mailFirst = refuse('bad-sequence', replies.mailFirst)
export const recipientFirst = refuse('bad-sequence', replies.recipientFirst)
export const tlsFirst = refuse('tls-required', replies.tlsRequired)

const parametersGiven = refuse('command-syntax', replies.noParameters)

/** HELO was said, and TLS is there where the listener wants it (RFC 3207 §4). */
export function mayMail({ client, peer, helo }: Conversation): Refusal | undefined {
  if (peer.tlsMode === 'required' && !client.secure) return tlsFirst
  return helo === undefined ? heloFirst : undefined
}

/** DATA and BDAT need a sender and a recipient. */
export function mayBegin(conversation: Conversation): Refusal | undefined {
  const refusal = mayMail(conversation)
  if (refusal !== undefined) return refusal
  if (conversation.transaction === undefined) return mailFirst
  return conversation.transaction.recipients.size === 0 ? recipientFirst : undefined
}

export const noArgument = (argument: string): Refusal | undefined =>
  argument === '' ? undefined : parametersGiven
