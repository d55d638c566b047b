/** VRFY (RFC 5321 §3.5.3, §7.3): answered alike for every address, so that it cannot be used to look for users. */
import { refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import type { Verb } from '#session/verbs/verb.ts'

const syntax = refuse('command-syntax', replies.vrfySyntax)

export const vrfy: Verb = {
  name: 'VRFY',
  stage: 'session',
  idle: true,
  check: (_conversation, argument) => (argument === '' ? syntax : undefined),
  proceed: () => replies.cannotVerify,
}
