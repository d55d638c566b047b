/** RCPT (RFC 5321 §4.1.1.3): one recipient more. */
import { isAddressError, parsePath } from '#mail/address.ts'
import { isRefusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { readPathArgument } from '#session/path-argument.ts'
import { readRcptParameters } from '#session/rcpt-parameters.ts'
import { mailFirst, mayMail } from '#session/verbs/order.ts'
import type { Verb } from '#session/verbs/verb.ts'

const begun = refuse('bad-sequence', replies.recipientAfterChunk)
const syntax = refuse('command-syntax', replies.rcptSyntax)
const nullRecipient = refuse(
  'address-syntax',
  replies.recipientSyntax,
  'The null path cannot be a recipient.',
)
const tooMany = refuse('recipients-exceeded', replies.recipientsExceeded) // RFC 5321 §4.5.3.1.10

export const rcpt: Verb = {
  name: 'RCPT',
  stage: 'rcpt',
  check(conversation) {
    const refusal = mayMail(conversation)
    if (refusal !== undefined) return refusal
    const { transaction } = conversation
    if (transaction === undefined) return mailFirst
    return transaction.reception !== undefined || transaction.failed ? begun : undefined
  },
  proceed(conversation, argument) {
    const { recipients, parameters, settings } = conversation.transaction!
    const read = readPathArgument(argument, 'TO:')
    if (read === undefined) return syntax
    const { smtputf8 } = parameters
    const asked = readRcptParameters(read, { smtputf8 })
    if (isRefusal(asked)) return asked
    const { postmasterDomain } = settings
    const address = parsePath(read.path, { smtputf8, ...(postmasterDomain && { postmasterDomain }) })
    if (address === '') return nullRecipient
    if (isAddressError(address)) return refuse('address-syntax', replies.recipientSyntax, address.reason)
    if (recipients.size >= settings.recipients && !recipients.has(address)) return tooMany
    const refusal = conversation.host.admission.recipient(conversation.client, address)
    if (refusal !== undefined) return refusal
    if (!recipients.has(address)) recipients.set(address, { address, ...asked })
    return replies.recipientAccepted
  },
}
