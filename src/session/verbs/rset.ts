/** RSET (RFC 5321 §4.1.1.5): the message under way is forgotten, whatever state it is in. */
import * as replies from '#mail/replies.ts'
import { noArgument } from '#session/verbs/order.ts'
import type { Verb } from '#session/verbs/verb.ts'

export const rset: Verb = {
  name: 'RSET',
  stage: 'session',
  idle: true,
  check: (_conversation, argument) => noArgument(argument),
  proceed(conversation) {
    conversation.reset()
    return replies.done
  },
}
