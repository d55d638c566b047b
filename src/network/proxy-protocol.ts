/**
 * The PROXY protocol, versions 1 and 2: how a load balancer in front of us tells who the client is.
 *
 * Promises: a pure function of the bytes so far; says `incomplete` only while more bytes could make a header, and never
 * for more than `longestHeader` octets; takes only TCP addresses, in canonical form, and never guesses.
 * Leaves out: whether the peer may send a header at all (the listener's list), and the checksum of version 2: TCP has one,
 * and a peer that is trusted to name the client is trusted to name it right.
 *
 * The specification is https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt, cited by its sections.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { canonicalAddress } from './cidr.ts'

export type ProxyHeader =
  | { readonly kind: 'incomplete' }
  | {
      readonly kind: 'header'
      /** Octets of the header; what follows belongs to the client. */
      readonly length: number
      /** Absent when the proxy speaks for itself (health check) or does not know: the socket's own address counts. */
      readonly source?: { readonly address: string; readonly port: number }
      /** Whether the client spoke TLS to the proxy; absent when the proxy does not say. */
      readonly secure?: boolean
    }
  | { readonly kind: 'invalid'; readonly reason: string }

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1') // §2.2
const text = Buffer.from('PROXY ', 'latin1') // §2.1
const longestText = 107 // §2.1, with CRLF

/** Of version 2 with its TLVs. §2.2 lets a header be 64 KiB; HAProxy and nginx stay below 600 octets. */
const longestBinary = 4_096
export const longestHeader = longestBinary

const sslTlv = 0x20 // §2.2.6: PP2_TYPE_SSL
const clientSsl = 0x01 // §2.2.6: PP2_CLIENT_SSL

const incomplete = { kind: 'incomplete' } as const
const invalid = (reason: string): ProxyHeader => ({ kind: 'invalid', reason })

export function parseProxyHeader(buffer: Uint8Array): ProxyHeader {
  const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  if (beginsLike(bytes, signature)) return bytes.length < 16 ? incomplete : readBinary(bytes)
  if (beginsLike(bytes, text)) return bytes.length < text.length ? incomplete : readText(bytes)
  return invalid('The connection does not begin with a PROXY header.')
}

/** True when the bytes so far are those of the mark, or the mark and more. */
function beginsLike(bytes: Buffer, mark: Buffer): boolean {
  const length = Math.min(bytes.length, mark.length)
  return bytes.compare(mark, 0, length, 0, length) === 0
}

/** §2.1: `PROXY TCP4 192.0.2.1 198.51.100.1 56324 25` CRLF, one blank between words. */
function readText(bytes: Buffer): ProxyHeader {
  const window = bytes.subarray(0, longestText)
  const end = window.indexOf('\r\n')
  if (end < 0) return window.length < longestText ? incomplete : invalid('The PROXY line has no end.')
  const length = end + 2
  const words = window.toString('latin1', text.length, end).split(' ')
  // §2.1: what follows UNKNOWN must be ignored.
  if (words[0] === 'UNKNOWN') return { kind: 'header', length }
  const [protocol, source, destination, sourcePort, destinationPort, more] = words
  const isAddress = protocol === 'TCP4' ? isIPv4 : protocol === 'TCP6' ? isIPv6 : undefined
  if (isAddress === undefined) return invalid('The PROXY line names neither TCP4, TCP6 nor UNKNOWN.')
  if (more !== undefined || !isAddress(source ?? '') || !isAddress(destination ?? ''))
    return invalid('The PROXY line has no valid addresses.')
  if (!isPort(sourcePort) || !isPort(destinationPort)) return invalid('The PROXY line has no valid ports.')
  return { kind: 'header', length, source: { address: canonicalAddress(source!)!, port: Number(sourcePort) } }
}

const isPort = (word: string | undefined): boolean =>
  word !== undefined && /^(?:0|[1-9][0-9]{0,4})$/.test(word) && Number(word) <= 65_535

/** §2.2: signature, version and command, family and protocol, length, addresses, TLVs. */
function readBinary(bytes: Buffer): ProxyHeader {
  const version = bytes[12]! >>> 4
  const command = bytes[12]! & 15
  const length = 16 + bytes.readUInt16BE(14)
  if (version !== 2) return invalid('The PROXY header is of an unknown version.')
  if (command > 1) return invalid('The PROXY header has an unknown command.')
  if (length > longestBinary) return invalid('The PROXY header is longer than 4096 octets.')
  if (bytes.length < length) return incomplete
  const content = bytes.subarray(16, length)
  if (command === 0) return { kind: 'header', length } // §2.2: LOCAL, what follows must be ignored
  return readAddresses(bytes[13]!, content, length)
}

function readAddresses(family: number, content: Buffer, length: number): ProxyHeader {
  switch (family) {
    case 0x11: // TCP over IPv4
      if (content.length < 12) return invalid('The PROXY header is too short for its addresses.')
      return withTlvs(content.subarray(12), length, {
        address: content.subarray(0, 4).join('.'),
        port: content.readUInt16BE(8),
      })
    case 0x21: // TCP over IPv6
      if (content.length < 36) return invalid('The PROXY header is too short for its addresses.')
      return withTlvs(content.subarray(36), length, {
        address: canonicalAddress(textOfIPv6(content.subarray(0, 16)))!,
        port: content.readUInt16BE(32),
      })
    case 0x00: // §2.2: unspecified, the socket's own address counts
    case 0x31: // a UNIX stream has no address that a limit could count
      return { kind: 'header', length }
    default:
      return invalid('The PROXY header is not about a TCP connection.')
  }
}

const textOfIPv6 = (octets: Buffer): string => octets.toString('hex').match(/.{4}/g)!.join(':')

/** §2.2.7: type, length, value; all are skipped but the one that says whether the client spoke TLS. */
function withTlvs(
  tlvs: Buffer,
  length: number,
  source: { readonly address: string; readonly port: number },
): ProxyHeader {
  let secure: boolean | undefined
  for (let at = 0; at < tlvs.length; ) {
    if (at + 3 > tlvs.length) return invalid('The PROXY header ends inside a TLV.')
    const type = tlvs[at]!
    const end = at + 3 + tlvs.readUInt16BE(at + 1)
    if (end > tlvs.length) return invalid('A TLV of the PROXY header is longer than the header.')
    if (type === sslTlv) {
      if (end - at < 3 + 5) return invalid('The TLS record of the PROXY header is too short.')
      secure = (tlvs[at + 3]! & clientSsl) !== 0
    }
    at = end
  }
  return { kind: 'header', length, source, ...(secure !== undefined && { secure }) }
}
