/**
 * The links of a message that it is judged by, taken apart.
 *
 * Promises: bounded by `mostLinks`, each link once; hosts in lower case. A URL that was made harmless for an archive
 * (`hxxp://example[.]com`) is read as what it was.
 */
import { organisationOf } from '#content/spam/domain.ts'
import { unicode } from '#content/spam/own-header.ts'
import type { OwnView } from '#content/spam/own-view.ts'
import { lowered } from '#scanner/features/shapes.ts'
import { readUrl, type Url } from '#scanner/features/urls.ts'
import { zoneIndex } from '#scanner/features/view.ts'
import { type LinkOrigin, linkColumns, linkOrigins } from '#scanner/layout.ts'

export interface LinkFacts extends Url {
  /** As it stands in the message. */
  readonly text: string
  readonly origin: LinkOrigin
  /** As it was registered; empty for an address in numbers. */
  readonly domain: string
  /** An address in numbers instead of a name. */
  readonly numeric: boolean
}

/** A newsletter has a hundred; what is behind the first ones says no more. */
export const mostLinks = 200

const numbers = /^(?:[0-9.]+|0x[0-9a-f.x]+|\[.*\]?)$/

export function linksOf(view: OwnView): readonly LinkFacts[] {
  const { links } = view.output
  const found = new Map<string, LinkFacts>()
  const width = linkColumns.length
  for (let row = 0; row + width <= links.length && found.size < mostLinks; row += width) {
    const part = links[row]!
    if (links[row + 1] !== zoneIndex.url || !view.judged(part)) continue
    const octets = view.record(part, 'url', links[row + 3]!, links[row + 4]!)
    if (!found.has(octets)) found.set(octets, linkOf(octets, linkOrigins[links[row + 2]!] ?? 'text'))
  }
  return [...found.values()]
}

function linkOf(octets: string, origin: LinkOrigin): LinkFacts {
  const url = readUrl(octets.includes('[.]') ? octets.replaceAll('[.]', '.') : octets)
  const host = lowered(unicode(url.host))
  const numeric = numbers.test(host)
  return {
    ...url,
    scheme: lowered(url.scheme),
    host,
    text: unicode(octets),
    origin,
    numeric,
    domain: numeric ? '' : organisationOf(host),
  }
}
