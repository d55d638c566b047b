/** DATA (RFC 5321 §4.1.1.4): the content follows, up to CRLF.CRLF. */
import { refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { data as dataFollows } from '#session/conversation.ts'
import { mayBegin, noArgument } from '#session/verbs/order.ts'
import type { Verb } from '#session/verbs/verb.ts'

const mixed = refuse('bad-sequence', replies.dataAfterChunk)

export const data: Verb = {
  name: 'DATA',
  stage: 'data',
  check(conversation, argument) {
    return mayBegin(conversation) ?? noArgument(argument)
  },
  proceed(conversation) {
    const transaction = conversation.transaction!
    if (transaction.reception !== undefined || transaction.failed) {
      // RFC 3030 §2: the state is indeterminate until RSET; what came by BDAT is forgotten now.
      transaction.reception?.abandon()
      transaction.failed = true
      return mixed
    }
    conversation.openReception(transaction)
    conversation.next = dataFollows
    return replies.startMail
  },
}
