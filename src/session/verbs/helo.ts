/** HELO (RFC 5321 §4.1.1.1). */
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import type { Conversation } from '#session/conversation.ts'
import type { Verb } from '#session/verbs/verb.ts'

// RFC 5321 §4.5.3.1.2: a domain has 255 octets at most. What it says is not verified (§4.1.4), so all else is taken.
const name = /^[\x21-\x7e]{1,255}$/
const badName = refuse('command-syntax', replies.heloSyntax)

export const checkName = (_conversation: Conversation, argument: string): Refusal | undefined =>
  name.test(argument) ? undefined : badName

/** RFC 5321 §4.1.4: HELO and EHLO clear the message that is under way. */
export function introduce(conversation: Conversation, argument: string, extended: boolean): void {
  conversation.reset()
  conversation.helo = argument
  conversation.extended = extended
}

export const helo: Verb = {
  name: 'HELO',
  stage: 'helo',
  idle: true,
  check: checkName,
  proceed(conversation, argument) {
    introduce(conversation, argument, false)
    return conversation.host.settings().helo
  },
}
