/** MAIL (RFC 5321 §4.1.1.2): a message begins. */
import { isAddressError, parsePath } from '#mail/address.ts'
import { isRefusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { readMailParameters } from '#session/mail-parameters.ts'
import { readPathArgument } from '#session/path-argument.ts'
import { mayMail } from '#session/verbs/order.ts'
import type { Verb } from '#session/verbs/verb.ts'

const nested = refuse('bad-sequence', replies.nestedMail)
const syntax = refuse('command-syntax', replies.mailSyntax)
const tooMany = refuse('messages-per-session', replies.messagesExceeded)

export const mail: Verb = {
  name: 'MAIL',
  stage: 'mail',
  check(conversation) {
    return mayMail(conversation) ?? (conversation.transaction === undefined ? undefined : nested)
  },
  proceed(conversation, argument) {
    const { host } = conversation
    const settings = host.settings()
    if (settings.messagesPerSession > 0 && conversation.messages >= settings.messagesPerSession)
      return tooMany
    const read = readPathArgument(argument, 'FROM:')
    if (read === undefined) return syntax
    const parameters = readMailParameters(read, { conversation, settings })
    if (isRefusal(parameters)) return parameters
    const reversePath = parsePath(read.path, { smtputf8: parameters.smtputf8 })
    if (isAddressError(reversePath)) return refuse('address-syntax', replies.senderSyntax, reversePath.reason)
    const refusal = host.admission.sender(conversation.client, reversePath)
    if (refusal !== undefined) return refusal
    conversation.beginTransaction(reversePath, parameters, settings)
    return replies.senderAccepted
  },
}
