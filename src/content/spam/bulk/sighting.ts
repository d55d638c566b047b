/**
 * Who sent a message, as the memory of bulk counts it: the network of the client, the domain of the sender, the number of
 * recipients.
 *
 * Clients are told apart by their networks, /24 of IPv4 and /48 of IPv6, because a provider of mailings sends from a whole
 * one. The sender is the domain of MAIL FROM as it was registered, since mailings have another address for each recipient;
 * where MAIL FROM is not known (a file), that of From. Notifications (an empty MAIL FROM) have all the same sender.
 */

import type { Sighting } from '#content/spam/bulk/counters.ts'
import type { BulkWatch } from '#content/spam/bulk/memory.ts'
import { organisationOf } from '#content/spam/domain.ts'
import type { MessageFacts } from '#content/spam/message-facts.ts'
import { addressWords, canonicalAddress } from '#network/cidr.ts'
import { hashOf } from '#scanner/features/hash.ts'

export const sightingOf = ({ connection, header }: MessageFacts, watch: BulkWatch): Sighting => ({
  client: clientHash(connection?.clientAddress, watch),
  sender: watch.hashOf([hashOf(domainOf(connection?.envelopeSender ?? header.mailbox('from').text))]),
  recipients: Math.max(connection?.recipients?.length ?? 1, 1),
})

function clientHash(address: string | undefined, watch: BulkWatch): number {
  const canonical = address === undefined ? undefined : canonicalAddress(address)
  if (canonical === undefined) return 0
  const [first, second = 0, ...more] = addressWords(canonical)
  return watch.hashOf(more.length === 0 ? [4, first! & ~255] : [6, first!, second & ~0xffff])
}

function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  return organisationOf(domain.replace(/[>\s].*$/s, ''))
}
