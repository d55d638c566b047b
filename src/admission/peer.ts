/**
 * What limits need to know of a client, worked out once: which address prefixes it counts under.
 *
 * Leaves out: names, users and everything that the client says of itself.
 */
import { isIP } from 'node:net'
import { addressWords } from '#network/cidr.ts'
import { type Hash, type HashKey, hashWords } from './keyed-hash.ts'
import type { RateKey } from './rates.ts'

export interface Peer {
  /** IPv4 address or IPv6 /64. */
  readonly address: Hash
  /** IPv4 /24 or IPv6 /48. */
  readonly network: Hash
  readonly rates: RateKey
  /** The rates do not apply. */
  readonly exempt: boolean
  readonly mayRelay: boolean
}

/** `address` in canonical form. What is no IP address counts as one client, all of it together. */
export function prefixesOf(address: string): { readonly address: number[]; readonly network: number[] } {
  const words = isIP(address) === 0 ? [] : addressWords(address)
  const [first = 0, second = 0] = words
  // The length of the prefix comes first, so that an IPv4 address is no IPv6 network.
  return words.length === 4
    ? { address: [64, first, second], network: [48, first, second & 0xffff0000] }
    : { address: [32, first], network: [24, first & 0xffffff00] }
}

export function createPeer(
  key: HashKey,
  address: string,
  facts: { readonly exempt: boolean; readonly mayRelay: boolean },
): Peer {
  const prefixes = prefixesOf(address)
  const hash = hashWords(key, prefixes.address)
  return {
    address: hash,
    network: hashWords(key, prefixes.network),
    rates: { hash, slot: -1 },
    exempt: facts.exempt,
    mayRelay: facts.mayRelay,
  }
}
