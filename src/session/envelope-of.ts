/** The envelope of a message, from what the session knows (mail/envelope.ts). Made once, when the content begins. */
import type { Envelope, Origin } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { SessionFacts, TransactionFacts } from '#session/facts.ts'

export function envelopeOf(
  conversation: SessionFacts,
  { reversePath, parameters, recipients, settings }: TransactionFacts,
  id: MessageId,
  receivedAt: number,
): Envelope {
  const { client, peer, tls } = conversation
  const listed = client.certificate !== undefined && settings.certificates.has(client.certificate)
  const origin: Origin = {
    zone: peer.zone,
    listener: peer.listener,
    clientAddress: peer.address,
    clientPort: peer.port,
    helo: conversation.helo ?? '',
    protocol: protocolOf(conversation, parameters.smtputf8),
    ...(tls !== undefined && { tls: { version: tls.version, cipher: tls.cipher } }),
    ...(client.user !== undefined && { user: client.user }),
    ...(listed && { certificate: client.certificate }),
    session: peer.session,
  }
  return { id, reversePath, recipients: [...recipients.values()], ...parameters, origin, receivedAt }
}

/** RFC 3848 §1 and RFC 6531 §4.3: the keyword says what protected the transfer. */
function protocolOf({ client, extended }: SessionFacts, smtputf8: boolean): Origin['protocol'] {
  if (!extended && !client.secure) return 'SMTP'
  const base = smtputf8 ? 'UTF8SMTP' : 'ESMTP'
  if (client.secure) return client.user === undefined ? `${base}S` : `${base}SA`
  return client.user === undefined ? base : `${base}A`
}
