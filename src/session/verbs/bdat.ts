/**
 * BDAT (RFC 3030 §2): so many octets of the content follow.
 *
 * Promises: the octets that a chunk announces are consumed as octets, whether the command was right or wrong, so that
 * they are never taken for commands; when it cannot be known how many they are, the connection is closed.
 */
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { type Conversation, close } from '#session/conversation.ts'
import { mayBegin } from '#session/verbs/order.ts'
import type { Verb } from '#session/verbs/verb.ts'

// Decimal digits only, and few enough that a Number holds them exactly.
const shape = /^([0-9]{1,15})( LAST)?$/i
const syntax = refuse('command-syntax', replies.bdatSyntax, 'BDAT without a readable size')
const failedBefore = refuse('bad-sequence', replies.chunkAfterFailure)

export const bdat: Verb = {
  name: 'BDAT',
  stage: 'data',
  check() {
    return undefined // Even a chunk out of order has octets behind it: `proceed` decides.
  },
  proceed(conversation, argument) {
    const [, digits, last] = shape.exec(argument) ?? []
    if (digits === undefined) {
      conversation.next = close
      return syntax
    }
    const refusal = begin(conversation)
    conversation.next = {
      kind: 'chunk',
      octets: Number(digits),
      last: last !== undefined,
      ...(refusal !== undefined && { refusal }),
    }
    return undefined
  },
}

function begin(conversation: Conversation): Refusal | undefined {
  const refusal = mayBegin(conversation)
  if (refusal !== undefined) return refusal
  const transaction = conversation.transaction!
  if (transaction.failed) return failedBefore
  if (transaction.reception === undefined) conversation.openReception(transaction)
  return undefined
}
