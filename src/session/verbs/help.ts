/** HELP (RFC 5321 §4.1.1.8): the same few lines for every topic. */
import * as replies from '#mail/replies.ts'
import type { Verb } from '#session/verbs/verb.ts'

export const help: Verb = {
  name: 'HELP',
  stage: 'session',
  idle: true,
  check: () => undefined,
  proceed: () => replies.help,
}
