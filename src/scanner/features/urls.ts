/**
 * Links: their hosts, paths and parameters, and the domains of addresses. The same as `native/src/model/urls.cc`.
 */
import { type Collector, sayOctets } from '#scanner/features/collector.ts'
import { hashOf } from '#scanner/features/hash.ts'
import type { Kind } from '#scanner/features/kinds.ts'
import { isRelated, readAddress, senderDomain, suffixes } from '#scanner/features/mailbox.ts'
import { binOf, lowered, shapeOf } from '#scanner/features/shapes.ts'
import { type MessageView, zoneIndex } from '#scanner/features/view.ts'
import { linkColumns } from '#scanner/layout.ts'

/** In the order of their numbers. */
const hostForms = [
  'is a number',
  'has a port',
  'has a user in front',
  'is punycode',
  'has no scheme',
  'has digits',
  'is not ASCII',
  'is that of the sender',
]

const mostPathWords = 12
const mostParameters = 8
const longestPathWord = 30

export interface Url {
  readonly scheme: string
  readonly user: string
  readonly host: string
  readonly port: string
  readonly path: string
  /** Without its question mark. */
  readonly query: string
}

/** What is before the first of these marks, and the rest. */
function cut(text: string, marks: RegExp): readonly [string, string] {
  const at = text.search(marks)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)]
}

function withoutDots(host: string): string {
  let end = host.length
  while (end > 0 && host[end - 1] === '.') end--
  return host.slice(0, end)
}

/** Any octets are a URL of some kind: what no browser would follow is a feature, too. */
export function readUrl(text: string): Url {
  const colon = text.indexOf('://')
  const scheme = colon < 0 ? '' : text.slice(0, colon)
  const [whole, rest] = cut(colon < 0 ? text : text.slice(colon + 3), /[/?#\\]/)
  const at = whole.lastIndexOf('@') + 1
  const authority = whole.slice(at)
  const portColon = authority.indexOf(':', Math.max(authority.lastIndexOf(']'), 0))
  const [path, behind] = cut(rest, /[?#]/)
  const [query] = cut(behind, /#/)
  return {
    scheme,
    user: whole.slice(0, at),
    host: withoutDots(portColon < 0 ? authority : authority.slice(0, portColon)),
    port: portColon < 0 ? '' : authority.slice(portColon),
    path,
    query: query.slice(1),
  }
}

const digits = /[0-9]/
const numeric = /^[0-9.]+$/
const high = /[\x80-\xff]/
const notPathLetters = /[^a-z0-9\x80-\xff]/

class UrlFeatures {
  readonly #view: MessageView
  readonly #collector: Collector
  readonly #sender: string

  constructor(view: MessageView, collector: Collector) {
    this.#view = view
    this.#collector = collector
    this.#sender = senderDomain(view)
  }

  addAll(): void {
    const view = this.#view
    const { links } = view.output
    const width = linkColumns.length
    for (let row = 0; row + width <= links.length; row += width) {
      const part = links[row]!
      if (!view.says(part)) continue
      const [zone, start, end] = [links[row + 1], links[row + 3]!, links[row + 4]!]
      if (zone === zoneIndex.url) this.#addUrl(view.record(part, 'url', start, end))
      else if (zone === zoneIndex.address) this.#addAddress(view.record(part, 'address', start, end))
    }
  }

  #add(kind: Kind, first: number, second: number, say: () => string): void {
    this.#collector.add('url', kind, first, second, sayOctets(say))
  }

  #addAddress(address: string): void {
    for (const suffix of suffixes(lowered(readAddress(address).domain)))
      this.#add('addressDomain', hashOf(suffix), 0, () => suffix)
  }

  #addUrl(text: string): void {
    const url = readUrl(text)
    this.#add('scheme', hashOf(lowered(url.scheme)), 0, () => lowered(url.scheme) || '(none)')
    this.#addHost(url)
    this.#addPath(url.path)
    this.#addQuery(url.query)
  }

  #addHost(url: Url): void {
    const host = lowered(url.host)
    const form = (index: number, holds: boolean) => {
      if (holds) this.#add('hostForm', index, 0, () => hostForms[index]!)
    }
    const literal = host.startsWith('[') || numeric.test(host)
    for (const suffix of literal ? [host] : suffixes(host)) this.#add('host', hashOf(suffix), 0, () => suffix)
    form(0, literal)
    form(1, url.port !== '')
    form(2, url.user !== '')
    form(3, host.includes('xn--'))
    form(4, url.scheme === '')
    form(5, !literal && digits.test(host))
    form(6, high.test(host))
    form(7, isRelated(host, this.#sender))
    const dots = host.split('.').length - 1
    this.#add('hostLabels', Math.min(dots, 8), 0, () => String(dots))
    this.#add('hostSize', binOf(host.length), 0, () => String(host.length))
  }

  #addPath(path: string): void {
    const shape = shapeOf(path)
    this.#add('pathSize', binOf(path.length), 0, () => String(path.length))
    this.#add('pathShape', hashOf(shape), 0, () => shape)
    const known = lowered(path)
    const dot = known.lastIndexOf('.')
    if (dot >= 0 && !known.includes('/', dot)) {
      const suffix = known.slice(dot, dot + 12)
      this.#add('pathSuffix', hashOf(suffix), 0, () => suffix)
    }
    // What is long or has digits in it is made for one mail.
    const words = known
      .split(notPathLetters)
      .filter(word => word.length > 1 && word.length <= longestPathWord && !digits.test(word))
    for (const word of words.slice(0, mostPathWords)) this.#add('pathWord', hashOf(word), 0, () => word)
  }

  #addQuery(query: string): void {
    let rest = query
    for (let count = 0; rest !== '' && count < mostParameters; count++) {
      const [parameter, behind] = cut(rest, /&/)
      rest = behind.slice(1)
      const name = lowered(cut(parameter, /=/)[0])
      this.#add('query', hashOf(name), 0, () => name)
    }
  }
}

export const addUrls = (view: MessageView, collector: Collector): void =>
  new UrlFeatures(view, collector).addAll()
