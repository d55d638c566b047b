/** NOOP (RFC 5321 §4.1.1.9): the argument, if any, is ignored. */
import * as replies from '#mail/replies.ts'
import type { Verb } from '#session/verbs/verb.ts'

export const noop: Verb = {
  name: 'NOOP',
  stage: 'session',
  idle: true,
  check: () => undefined,
  proceed: () => replies.done,
}
