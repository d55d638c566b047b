/**
 * Where mail goes next, as it is written: `capture`, `mx`, `smtp://HOST:PORT`, `lmtp://HOST:PORT`, `lmtp+unix:/PATH`,
 * `HOST:PORT` (SMTP) or `HOST` (SMTP, port 25).
 *
 * Promises: host names are A-labels and addresses canonical, ports are 1 to 65535; nothing is left that could break a
 * command line or a log line. `writeNextHop` gives one canonical text for each meaning.
 * Leaves out: names are not looked up here; that is routing's, at the time of delivery.
 */
import { readAddress } from '#config/grammar/address.ts'
import { readDomain } from '#config/grammar/domain.ts'
import { type Flaw, flaw, isFlaw } from '#config/grammar/reading.ts'

export type NextHop =
  /** The built-in Maildir under `data/capture`. */
  | { readonly kind: 'capture' }
  /** The MX records of the recipient's domain (RFC 5321 §5.1). */
  | { readonly kind: 'mx' }
  /** Host is an A-label name or an IP address without brackets. */
  | { readonly kind: 'smtp' | 'lmtp'; readonly host: string; readonly port: number }
  | { readonly kind: 'lmtp-socket'; readonly path: string }

const defaultPorts = { smtp: 25, lmtp: 24 } as const

export function readNextHop(text: string): NextHop | Flaw {
  if (text === 'capture' || text === 'mx') return { kind: text }
  if (/^(capture|mx)$/i.test(text)) return flaw('is not a next hop', text.toLowerCase())
  const [, scheme, rest] = /^([a-z+]+):(\/.*)$/i.exec(text) ?? []
  if (scheme === 'lmtp+unix') return socket(rest!)
  if (scheme === undefined) return readHost('smtp', text)
  if (!rest!.startsWith('//')) return flaw('is not a next hop', `${scheme}://${rest!.replace(/^\/+/, '')}`)
  if (scheme === 'smtp' || scheme === 'lmtp') return readHost(scheme, rest!.slice(2))
  if (scheme === 'smtps')
    return flaw(
      'names a protocol that is not spoken: STARTTLS is',
      `smtp://${rest!.slice(2).replace(/:\d+$/, '')}`,
    )
  return flaw('names an unknown protocol', 'smtp:// or lmtp://')
}

function readHost(kind: 'smtp' | 'lmtp', text: string): NextHop | Flaw {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? []
  if (bracketed === undefined && plain === undefined) {
    const bare = readAddress(text)
    return flaw('is not a next hop', isFlaw(bare) ? undefined : `[${bare}]:${defaultPorts[kind]}`)
  }
  const port = digits === undefined ? defaultPorts[kind] : Number(digits)
  if (port < 1 || port > 65_535) return flaw('has no port between 1 and 65535')
  const address = readAddress(bracketed ?? plain!)
  if (!isFlaw(address)) return { kind, host: address, port }
  if (bracketed !== undefined) return flaw('has something else than an IP address in its brackets')
  const host = readDomain(plain!)
  return isFlaw(host) ? flaw('does not name a host', host.suggestion) : { kind, host, port }
}

/** A socket's path has 108 octets with its final NUL (unix(7)). */
function socket(path: string): NextHop | Flaw {
  if (path.startsWith('//'))
    return flaw('has more than one slash before the path', `lmtp+unix:${path.replace(/^\/+/, '/')}`)
  return Buffer.byteLength(path) > 107
    ? flaw('has a path of more than 107 octets')
    : { kind: 'lmtp-socket', path }
}

export function writeNextHop(hop: NextHop): string {
  if (hop.kind === 'capture' || hop.kind === 'mx') return hop.kind
  if (hop.kind === 'lmtp-socket') return `lmtp+unix:${hop.path}`
  return `${hop.kind}://${hop.host.includes(':') ? `[${hop.host}]` : hop.host}:${hop.port}`
}

/** Takes text that the schema let through: a flaw here is an error of ours. */
export function nextHop(text: string): NextHop {
  const hop = readNextHop(text)
  if (isFlaw(hop)) throw new TypeError(`next hop ${text} ${hop.reason}`)
  return hop
}
