/** QUIT (RFC 5321 §4.1.1.10). */
import * as replies from '#mail/replies.ts'
import { close } from '#session/conversation.ts'
import { noArgument } from '#session/verbs/order.ts'
import type { Verb } from '#session/verbs/verb.ts'

export const quit: Verb = {
  name: 'QUIT',
  stage: 'session',
  check: (_conversation, argument) => noArgument(argument),
  proceed(conversation) {
    conversation.reset()
    conversation.next = close
    return replies.bye
  },
}
