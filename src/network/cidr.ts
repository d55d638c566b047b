/**
 * IP addresses in one canonical form, and sets of networks such as `10.0.0.0/8`.
 *
 * Promises: an IPv4 address that arrives inside IPv6 (`::ffff:192.0.2.1`, as a socket on `::` reports it) is the IPv4
 * address, so that no rule is passed by another spelling; what is no network is told before it is used.
 * Leaves out: names, and the zone index of link-local addresses, which is dropped.
 */
import { isIPv4, isIPv6 } from 'node:net'

export interface Network {
  readonly family: 'ipv4' | 'ipv6'
  readonly address: string
  readonly prefix: number
}

export interface NetworkSet {
  /** `address` as `canonicalAddress` gives it; what is no address is in no set. */
  has(address: string): boolean
}

/** IPv4, or lower-case compressed IPv6 without zone index; undefined for what is no IP address. */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text
  const zone = text.indexOf('%')
  const address = zone < 0 ? text : text.slice(0, zone)
  if (!isIPv6(address)) return undefined
  const words = wordsOfIPv6(address)
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff // RFC 4291 §2.5.5.2
  return isMapped ? textOfIPv4(words[3]!) : new URL(`http://[${address}]`).hostname.slice(1, -1)
}

/** The address as 32-bit words: one for IPv4, four for IPv6. `address` must be canonical. */
export const addressWords = (address: string): readonly number[] =>
  isIPv4(address) ? [wordOfIPv4(address)] : wordsOfIPv6(address)

export const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

/** `192.0.2.0/24`, `2001:db8::/32`, or one address; undefined when it is neither. Bits behind the prefix are ignored. */
export function parseNetwork(text: string): Network | undefined {
  const [, host, digits] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const address = host === undefined ? undefined : canonicalAddress(host)
  if (host === undefined || address === undefined) return undefined
  const width = isIPv4(host) ? 32 : 128
  const given = digits === undefined ? width : Number(digits)
  if (given > width) return undefined
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  // A mapped network is an IPv4 network, unless it is wider than all of IPv4.
  const prefix = family === 'ipv4' && width === 128 ? given - 96 : given
  return prefix < 0 ? undefined : { family, address, prefix }
}

/**
 * Throws a RangeError for what is no network: `check` has told the operator before.
 *
 * Compares words itself: `BlockList` of Node takes half a microsecond a call, makes an object for each, throws for what is
 * no address, and counts every IPv4 address to `::/0`.
 */
export function createNetworkSet(networks: readonly string[]): NetworkSet {
  const ranges = networks.map(text => {
    const network = parseNetwork(text)
    if (network === undefined) throw new RangeError(`Not a network: ${JSON.stringify(text)}`)
    return rangeOf(network)
  })
  return {
    has(address) {
      const words = wordsOf(address)
      return words !== undefined && ranges.some(range => isWithin(range, words))
    },
  }
}

interface Range {
  readonly words: readonly number[]
  readonly masks: readonly number[]
}

function rangeOf({ address, prefix }: Network): Range {
  const words = addressWords(address)
  const masks = words.map((_, index) => {
    const bits = Math.min(32, Math.max(0, prefix - index * 32))
    return bits === 0 ? 0 : -1 << (32 - bits)
  })
  return { words, masks }
}

function isWithin({ words, masks }: Range, address: readonly number[]): boolean {
  if (words.length !== address.length) return false
  for (let index = 0; index < words.length; index++)
    if (((words[index]! ^ address[index]!) & masks[index]!) !== 0) return false
  return true
}

/** Undefined for what is no address. */
function wordsOf(address: string): readonly number[] | undefined {
  if (isIPv4(address)) return [wordOfIPv4(address)]
  return isIPv6(address) && !address.includes('%') ? wordsOfIPv6(address) : undefined
}

/** `address` must be IPv4 by `isIPv4`. */
function wordOfIPv4(address: string): number {
  let word = 0
  let octet = 0
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index)
    if (code === 46) {
      word = (word << 8) | octet
      octet = 0
    } else octet = octet * 10 + code - 48
  }
  return ((word << 8) | octet) >>> 0
}

const textOfIPv4 = (word: number): string =>
  [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255].join('.')

/**
 * `address` must be IPv6 by `isIPv6`, without zone index. Called per connection: reads character by character, which
 * takes a fifth of the time of splitting.
 */
function wordsOfIPv6(address: string): readonly number[] {
  const groups: number[] = []
  let gap = -1
  let start = 0
  while (start <= address.length) {
    let end = address.indexOf(':', start)
    if (end < 0) end = address.length
    if (end === start) {
      // An empty group is the gap `::`, or the edge of one at either end of the text.
      if (start > 0 && end < address.length) gap = groups.length
    } else if (address.indexOf('.', start) >= 0 && end === address.length) {
      const word = wordOfIPv4(address.slice(start))
      groups.push(word >>> 16, word & 0xffff)
    } else groups.push(hexadecimal(address, start, end))
    start = end + 1
  }
  if (gap >= 0) groups.splice(gap, 0, ...zeros.slice(groups.length))
  return [0, 2, 4, 6].map(at => ((groups[at]! << 16) | groups[at + 1]!) >>> 0)
}

const zeros: readonly number[] = new Array(8).fill(0)

function hexadecimal(text: string, start: number, end: number): number {
  let value = 0
  // In both cases of a letter the low four bits are its value less nine.
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index)
    value = (value << 4) | (code < 65 ? code - 48 : (code & 15) + 9)
  }
  return value
}
