/**
 * IP addresses, networks and address:port pairs. Inside in canonical text form, IPv4-mapped IPv6 unwrapped, so that
 * equal means equal as text.
 *
 * Promises: a network has no host bits set: `10.1.2.3/8` is either a typing error or a much larger net than meant.
 * Leaves out: names; a listener or an access list must not depend on DNS.
 */
import { isIP, SocketAddress } from 'node:net'
import { type Flaw, flaw, isFlaw } from '#config/grammar/reading.ts'

export interface Endpoint {
  readonly address: string
  readonly port: number
}

export interface Network {
  readonly bits: 32 | 128
  /** First address of the network. */
  readonly base: bigint
  readonly prefix: number
}

/** `fe80::1%eth0` keeps its interface name: a link-local address cannot be listened on without. */
export function readAddress(text: string): string | Flaw {
  const [plain, scope, ...more] = text.split('%') as [string, ...string[]]
  const family = isIP(plain)
  const badScope = scope !== undefined && (family !== 6 || !/^[\w.-]{1,15}$/.test(scope) || more.length > 0)
  if (family === 0 || badScope)
    return flaw('is not an IP address', text === 'localhost' ? '127.0.0.1' : undefined)
  if (family === 4) return plain
  const canonical = new SocketAddress({ address: plain, family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)?.[1]
  return mapped ?? (scope === undefined ? canonical : `${canonical}%${scope}`)
}

/** The address as a number. Only for what `readAddress` gave. */
export function addressNumber(address: string): { readonly bits: 32 | 128; readonly value: bigint } {
  const plain = address.split('%')[0]!
  if (isIP(plain) === 4) return { bits: 32, value: octets(plain) }
  // The canonical form ends in an IPv4 address for some prefixes (`64:ff9b::192.0.2.1` stays hex, `::192.0.2.1` not).
  const hex = plain.replace(/\d+\.\d+\.\d+\.\d+$/, tail => {
    const value = octets(tail)
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
  })
  const [head = '', tail] = hex.split('::')
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  const gap = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(gap).fill('0'), ...groups(tail)]
  return { bits: 128, value: all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) }
}

const octets = (text: string): bigint =>
  text.split('.').reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n)

/** `10.0.0.0/8`, `fc00::/7`, or one address → canonical `ADDRESS/PREFIX`. */
export function readNetwork(text: string): string | Flaw {
  const [written, length, ...more] = text.split('/') as [string, ...string[]]
  const address = readAddress(written)
  if (isFlaw(address) || address.includes('%') || more.length > 0)
    return flaw('is not a network', 'write ADDRESS/PREFIX')
  const { bits, value } = addressNumber(address)
  const unwrapped = bits === 32 && written.includes(':') ? 96 : 0
  if (length !== undefined && !/^\d{1,3}$/.test(length))
    return flaw('has no valid prefix length', prefixOf(bits, length))
  const prefix = length === undefined ? bits : Number(length) - unwrapped
  if (prefix < 0 || prefix > bits) return flaw(`has no prefix length between 0 and ${bits}`)
  const host = BigInt(bits - prefix)
  const base = (value >> host) << host
  if (base !== value) return flaw('has bits set behind its prefix', `${numberAddress(bits, base)}/${prefix}`)
  return `${address}/${prefix}`
}

/** `255.255.0.0` as prefix → `/16`. */
function prefixOf(bits: number, mask: string): string | undefined {
  if (bits !== 32 || isIP(mask) !== 4) return undefined
  const ones = octets(mask).toString(2).padStart(32, '0')
  return /^1*0*$/.test(ones) ? `write the prefix length /${ones.replaceAll('0', '').length}` : undefined
}

function numberAddress(bits: 32 | 128, value: bigint): string {
  const width = bits === 32 ? 8n : 16n
  const parts = Array.from({ length: bits === 32 ? 4 : 8 }, (_, index) => {
    const part = (value >> (BigInt(bits) - width * BigInt(index + 1))) & ((1n << width) - 1n)
    return part.toString(bits === 32 ? 10 : 16)
  })
  if (bits === 32) return parts.join('.')
  return new SocketAddress({ address: parts.join(':'), family: 'ipv6' }).address
}

/** Takes what `readNetwork` gave. */
export function network(canonical: string): Network {
  const [address, prefix] = canonical.split('/') as [string, string]
  const { bits, value } = addressNumber(address)
  return { bits, base: value, prefix: Number(prefix) }
}

/** True when every address of `inner` is in `outer`. */
export function covers(outer: Network, inner: Network): boolean {
  const host = BigInt(outer.bits - outer.prefix)
  return (
    outer.bits === inner.bits && inner.prefix >= outer.prefix && inner.base >> host === outer.base >> host
  )
}

export const isLoopback = (address: string): boolean => {
  const { bits, value } = addressNumber(address)
  return bits === 32 ? value >> 24n === 127n : value === 1n
}

/** `0.0.0.0` or `::`. */
export const isWildcard = (address: string): boolean => addressNumber(address).value === 0n

/** `ADDRESS:PORT`, `[IPV6]:PORT`. */
export function readEndpoint(text: string): Endpoint | Flaw {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  if (digits === undefined) return flaw('is not ADDRESS:PORT', endpointGuess(text))
  const port = Number(digits)
  if (port > 65_535) return flaw('has no port between 0 and 65535')
  const address = readAddress(bracketed ?? plain ?? '')
  if (isFlaw(address)) {
    const host = plain === '*' || plain === '' ? '0.0.0.0' : address.suggestion
    return flaw('does not begin with an IP address', host === undefined ? undefined : `${host}:${port}`)
  }
  return bracketed !== undefined && isIP(bracketed) === 4
    ? flaw('has brackets around an IPv4 address', `${address}:${port}`)
    : { address, port }
}

/** `::1:25` → `[::1]:25`; `2525` → `127.0.0.1:2525`; an address alone → with the SMTP port. */
function endpointGuess(text: string): string | undefined {
  if (/^\d{1,5}$/.test(text)) return `127.0.0.1:${text}`
  const [, before, port] = /^(.*):(\d{1,5})$/.exec(text) ?? []
  if (before !== undefined && isIP(before) === 6 && Number(port) <= 65_535) return `[${before}]:${port}`
  const family = isIP(text)
  return family === 0 ? undefined : writeEndpoint({ address: text, port: 25 })
}

export const writeEndpoint = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

/** `ADDRESS`, `ADDRESS:PORT` or `[IPV6]:PORT` → `ADDRESS:PORT` as `Resolver.setServers` takes it. */
export function readServer(text: string): string | Flaw {
  const alone = readAddress(text)
  if (!isFlaw(alone)) return writeEndpoint({ address: alone, port: 53 })
  const endpoint = readEndpoint(text)
  if (isFlaw(endpoint)) return flaw('is not ADDRESS or ADDRESS:PORT', endpoint.suggestion)
  return endpoint.port === 0 ? flaw('has port 0') : writeEndpoint(endpoint)
}
