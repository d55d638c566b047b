/**
 * What can be known before MAIL: that this next hop, with what it offers, can never take this message.
 *
 * Promises: an objection is permanent, one printable line with its enhanced code. Costs nothing for ordinary mail.
 */
import type { Features } from '#delivery/features.ts'
import type { Mail } from '#delivery/mail.ts'

const notAscii = /[^\x00-\x7f]/
const headerSearchLimit = 1_048_576

export async function objectionTo(mail: Mail, features: Features): Promise<string | undefined> {
  const { envelope, size } = mail
  // RFC 1870 §6.2
  if (features.size !== undefined && size > features.size)
    return `5.3.4 the message has ${size} octets, the next hop takes ${features.size}`
  // RFC 8689 §4.2.1
  if (envelope.requireTls && !features.requireTls)
    return '5.7.30 the sender requires TLS all the way (REQUIRETLS), which the next hop does not offer'
  // RFC 6531 §3.2: many clients ask for SMTPUTF8 without need; then it is no loss.
  if (envelope.smtputf8 && !features.smtputf8 && (await needsUtf8(mail)))
    return '5.6.7 the message needs SMTPUTF8, which the next hop does not offer'
  return undefined
}

async function needsUtf8(mail: Mail): Promise<boolean> {
  if (notAscii.test(mail.envelope.reversePath)) return true
  if (mail.recipients.some(({ address }) => notAscii.test(address))) return true
  return headerHasUtf8(mail.content())
}

/** RFC 6532 §3.2 allows UTF-8 in header fields. Looks at the header of the message, not of its parts. */
async function headerHasUtf8(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<boolean> {
  let header: Buffer = Buffer.alloc(0)
  for await (const chunk of content) {
    header = Buffer.concat([header, chunk])
    const end = header.indexOf('\r\n\r\n')
    if (end !== -1) return notAscii.test(header.toString('latin1', 0, end))
    if (header.length > headerSearchLimit) break
  }
  return notAscii.test(header.toString('latin1'))
}
