/**
 * The links in the attributes of a tag.
 *
 * They are reported as they stand there, entities undone and without the tabs and line ends that browsers drop, in the order
 * of `attributes`. `<base>` is one of them, so that who resolves relative links finds it. Of a `data:` URL what is before its
 * data; of `mailto:` the addresses. Leaves out `cid:`, which is a part of the message, and fragments, which are here.
 */
import type { Links } from './links.ts'
import { beginsCaseless, equalsCaseless, hexadecimal, isSpace, lowerCase, trimmed } from './octet.ts'
import type { Attribute, Tag } from './tag.ts'

const urls: readonly Attribute[] = [
  'action',
  'background',
  'cite',
  'codebase',
  'data',
  'dynsrc',
  'formaction',
  'href',
  'longdesc',
  'lowsrc',
  'manifest',
  'ping',
  'poster',
  'src',
  'xlink:href',
]
const all: readonly Attribute[] = [...urls, 'srcset', 'imagesrcset', 'style', 'content']

/** Octets that are escaped are decoded, except for controls and what is not ASCII: the result stays valid UTF-8. */
const unescaped = (text: string) =>
  text.replace(/%([0-9a-fA-F]{2})/g, (escaped, digits: string) => {
    const value = hexadecimal(digits.charCodeAt(0)) * 16 + hexadecimal(digits.charCodeAt(1))
    return value > 0x20 && value < 0x7f ? String.fromCharCode(value) : escaped
  })

/** https://url.spec.whatwg.org/#concept-basic-url-parser: controls and spaces around it, tabs and line ends within. */
export function cleaned(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && value.charCodeAt(start) <= 0x20) start++
  while (end > start && value.charCodeAt(end - 1) <= 0x20) end--
  return value.slice(start, end).replace(/[\t\n\r]/g, '')
}

const upTo = (text: string, mark: string) => {
  const end = text.indexOf(mark)
  return end < 0 ? text : text.slice(0, end)
}

const isQuote = (c: string | undefined) => c === '"' || c === "'"

/** Where white space that begins at `at` ends. */
function behindSpace(text: string, at: number): number {
  let end = at
  while (end < text.length && isSpace(text.charCodeAt(end))) end++
  return end
}

/** https://html.spec.whatwg.org/#parse-a-srcset-attribute */
function* candidates(value: string): Generator<string> {
  for (let at = 0; ; ) {
    while (at < value.length && (isSpace(value.charCodeAt(at)) || value[at] === ',')) at++
    if (at >= value.length) return
    const start = at
    while (at < value.length && !isSpace(value.charCodeAt(at))) at++
    let end = at
    while (end > start && value[end - 1] === ',') end--
    yield value.slice(start, end)
    if (end < at) continue
    for (let depth = 0; at < value.length && (depth > 0 || value[at] !== ','); at++) {
      if (value[at] === '(') depth++
      if (value[at] === ')' && depth > 0) depth--
    }
  }
}

function* inStyle(value: string): Generator<string> {
  const text = lowerCase(value)
  for (let at = text.indexOf('url('); at >= 0; at = text.indexOf('url(', at)) {
    at = behindSpace(value, at + 4)
    const quoted = isQuote(value[at])
    const closing = quoted ? value[at++]! : ')'
    const stop = value.indexOf(closing, at)
    const end = stop < 0 ? value.length : stop
    yield value.slice(at, end)
    at = end
  }
}

/** https://html.spec.whatwg.org/#shared-declarative-refresh-steps */
function refreshTarget(value: string): string {
  const found = lowerCase(value).indexOf('url')
  if (found < 0) return ''
  const sign = behindSpace(value, found + 3)
  if (value[sign] !== '=') return ''
  const at = behindSpace(value, sign + 1)
  return isQuote(value[at]) ? upTo(value.slice(at + 1), value[at]!) : value.slice(at)
}

export class MarkupLinks {
  readonly #links: Links

  constructor(links: Links) {
    this.#links = links
  }

  /** Whether the tag may have a link. */
  static mayHave(tag: Tag): boolean {
    return all.some(attribute => tag.has(attribute))
  }

  report(tag: Tag): void {
    for (const attribute of urls) if (tag.has(attribute)) this.#url(tag.get(attribute))
    for (const url of candidates(tag.get('srcset'))) this.#url(url)
    for (const url of candidates(tag.get('imagesrcset'))) this.#url(url)
    for (const url of inStyle(tag.get('style'))) this.#url(url)
    if (equalsCaseless(trimmed(tag.get('http-equiv')), 'refresh'))
      this.#url(refreshTarget(tag.get('content')))
  }

  #url(value: string): void {
    const link = cleaned(value)
    if (link === '' || link.startsWith('#') || beginsCaseless(link, 'cid:')) return
    if (beginsCaseless(link, 'mailto:')) this.#mailto(link)
    else this.#links.report('url', 'markup', beginsCaseless(link, 'data:') ? upTo(link, ',') : link)
  }

  /** RFC 6068 §2: addresses with commas between, each escaped. */
  #mailto(link: string): void {
    for (const part of upTo(link.slice('mailto:'.length), '?').split(',')) {
      const address = unescaped(trimmed(part))
      if (address.includes('@')) this.#links.report('address', 'markup', address)
    }
  }
}
