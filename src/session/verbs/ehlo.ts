/** EHLO (RFC 5321 §4.1.1.1): the extensions depend on whether TLS is there. */
import { checkName, introduce } from '#session/verbs/helo.ts'
import type { Verb } from '#session/verbs/verb.ts'

export const ehlo: Verb = {
  name: 'EHLO',
  stage: 'helo',
  idle: true,
  check: checkName,
  proceed(conversation, argument) {
    introduce(conversation, argument, true)
    const replies = conversation.host.settings().ehlo
    if (conversation.client.secure) return replies.secure // RFC 3207 §4.2: STARTTLS is not offered again
    return conversation.peer.tlsMode === 'off' ? replies.plain : replies.startTls
  },
}
