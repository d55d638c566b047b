/**
 * The links of a message that it is judged by, taken apart.
 *
 * Promises: bounded by `mostLinks`, each link once, and each host once. A URL that was made harmless for an archive
 * (`hxxp://example[.]com`) is read as what it was.
 */
import { domainToUnicode } from 'node:url'
import { organisationOf } from '#content/spam/domain.ts'
import { unicode } from '#content/spam/own-header.ts'
import type { OwnView } from '#content/spam/own-view.ts'
import { lowered } from '#scanner/features/shapes.ts'
import { readUrl, type Url } from '#scanner/features/urls.ts'
import { zoneIndex } from '#scanner/features/view.ts'
import { type LinkOrigin, linkColumns, linkOrigins } from '#scanner/layout.ts'

/** Where a link leads, in lower case. Links to the same host share it. */
export interface HostFacts {
  readonly host: string
  /** With letters beyond ASCII where it is written in punycode. */
  readonly shown: string
  /** As it was registered; empty for an address in numbers. */
  readonly domain: string
  /** An address in numbers instead of a name. */
  readonly numeric: boolean
  /** The first link that leads there. */
  readonly text: string
}

export interface LinkFacts extends Url {
  /** As it stands in the message. */
  readonly text: string
  readonly origin: LinkOrigin
  /** It leads to a host by HTTP or FTP: no `tel:`, `mailto:` or picture within the message. */
  readonly web: boolean
}

export interface AllLinks {
  readonly links: readonly LinkFacts[]
  readonly hosts: readonly HostFacts[]
}

/** A newsletter has a hundred; what is behind the first ones says no more. */
export const mostLinks = 200

export function linksOf(view: OwnView): AllLinks {
  const links = new Map<string, LinkFacts>()
  const hosts = new Map<string, HostFacts>()
  const table = view.output.links
  const width = linkColumns.length
  for (let row = 0; row + width <= table.length && links.size < mostLinks; row += width) {
    const part = table[row]!
    if (table[row + 1] !== zoneIndex.url || !view.judged(part)) continue
    const octets = view.record(part, 'url', table[row + 3]!, table[row + 4]!)
    if (links.has(octets)) continue
    const link = linkOf(octets, linkOrigins[table[row + 2]!] ?? 'text')
    links.set(octets, link)
    if (link.web && !hosts.has(link.host)) hosts.set(link.host, hostOf(link))
  }
  return { links: [...links.values()], hosts: [...hosts.values()] }
}

function linkOf(octets: string, origin: LinkOrigin): LinkFacts {
  const url = readUrl(octets.includes('[.]') ? octets.replaceAll('[.]', '.') : octets)
  const scheme = lowered(url.scheme)
  const host = lowered(unicode(url.host))
  return {
    scheme,
    user: url.user,
    host,
    port: url.port,
    path: url.path,
    query: url.query,
    text: unicode(octets),
    origin,
    web: webScheme.test(scheme) && /[.[]/.test(host),
  }
}

const webScheme = /^(?:h(?:tt|xx)ps?|ftp)?$/
const numbers = /^(?:[0-9.]+|0x[0-9a-f.x]+|\[.*\]?)$/

function hostOf({ host, text }: LinkFacts): HostFacts {
  const numeric = numbers.test(host)
  const shown = host.includes('xn--') ? domainToUnicode(host) || host : host
  return { host, shown, domain: numeric ? '' : organisationOf(host), numeric, text }
}
