/**
 * STARTTLS (RFC 3207 §4). The reply is sent, and the handshake begun, by the session: only it knows whether anything
 * came behind the command.
 */
import { isRefusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { noArgument } from '#session/verbs/order.ts'
import type { Verb } from '#session/verbs/verb.ts'

const active = refuse('bad-sequence', replies.tlsActive)
const notOffered = refuse('command-unknown', replies.commandDisabled)

export const starttls: Verb = {
  name: 'STARTTLS',
  stage: 'session',
  check({ client, peer }, argument) {
    if (client.secure) return active
    return peer.tlsMode === 'off' ? notOffered : noArgument(argument)
  },
  proceed(conversation) {
    const place = conversation.host.admission.handshake(conversation.client)
    if (isRefusal(place)) return place
    conversation.next = { kind: 'tls', place }
    return replies.readyForTls
  },
}
