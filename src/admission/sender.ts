/**
 * Is this a sender that a notification could be sent to? Asked in zones that require a fully qualified sender.
 *
 * Promises: the null path is always one (RFC 5321 §4.5.5); a name that only means something on the sender's own machine
 * or network (`localhost`, `server1`, `pc.localdomain`) is none.
 * Leaves out: whether the domain exists, which takes DNS.
 *
 * An address literal names a host that everybody can reach, so it is fully qualified; but it is believed only of the
 * client itself. Real mail has one only when a machine without a name sends its own, and a literal that is not the
 * client's (ours, as a rule) is how relay scanners begin.
 */
import { addressOfLiteral, domainOf, type ReversePath } from '#mail/address.ts'
import type { Client } from '#mail/admission.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import { senderNotFqdn } from '#mail/replies.ts'
import { canonicalAddress } from '#network/cidr.ts'

// RFC 6761 §6.3 and §6.4, and the name that many systems call themselves by when nobody has named them.
const localNames = /\.(?:localhost|localdomain|invalid)$/

export function requireFqdn(client: Client, reversePath: ReversePath): Refusal | undefined {
  if (reversePath === '') return undefined
  const domain = domainOf(reversePath)
  const literal = addressOfLiteral(domain)
  if (literal !== undefined)
    return canonicalAddress(literal) === client.address
      ? undefined
      : refuse('sender-not-fqdn', senderNotFqdn, `${domain} is not the address of the client`)
  if (!domain.includes('.')) return refuse('sender-not-fqdn', senderNotFqdn, `${domain} has no dot`)
  return localNames.test(domain)
    ? refuse('sender-not-fqdn', senderNotFqdn, `${domain} is a name that only its own machine knows`)
    : undefined
}
