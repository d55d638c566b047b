/**
 * The host of a link, and whether two of them belong together.
 *
 * Leaves out: the list of public suffixes. One host is the other's when they are equal or one lies below the other.
 * All texts are octet strings.
 */
import { recogniseLink } from './link-syntax.ts'
import { beginsCaseless, isAlphanumeric, isLetter, isSlash, lowerCase, trimmed } from './octet.ts'

const isScheme = (c: number) => isAlphanumeric(c) || c === 0x2b || c === 0x2e || c === 0x2d

/** Where the host may begin: behind the scheme and its slashes; -1 when the scheme has no hosts. */
function behindScheme(url: string): number {
  let at = 0
  while (at < url.length && isScheme(url.charCodeAt(at))) at++
  at = url[at] === ':' ? at + 1 : 0
  const scheme = lowerCase(url.slice(0, at))
  // Browsers want no two slashes behind these.
  const web = scheme === 'http:' || scheme === 'https:' || scheme === 'ftp:'
  if (web || (isSlash(url.charCodeAt(at)) && isSlash(url.charCodeAt(at + 1)))) {
    while (at < url.length && isSlash(url.charCodeAt(at))) at++
    return at
  }
  return at === 0 ? 0 : -1
}

const beyondAscii = /[\x80-\xff]/
const isInUnicode = (host: string) => beyondAscii.test(host)
const isInPunycode = (host: string) => lowerCase(host).includes('xn--')

const isBelow = (host: string, domain: string) => domain.includes('.') && host.endsWith(`.${domain}`)

const withoutWww = (host: string) => (beginsCaseless(host, 'www.') ? host.slice(4) : host)

const marks = /[\x00-,/:-@[-`{-\x7f]/

/** A word that is a domain, and maybe a path: `example.com`, `example.com/offers`. */
function isBareDomain(host: string): boolean {
  const dot = host.lastIndexOf('.')
  if (dot <= 0 || host.length - dot < 3) return false
  for (let i = dot + 1; i < host.length; i++)
    if (!isLetter(host.charCodeAt(i))) return beginsCaseless(host.slice(dot + 1), 'xn--')
  return !marks.test(host)
}

/** The host of a URL as it is written: with a scheme, with `//`, or bare. Empty when there is none. */
export function hostOf(url: string): string {
  const start = behindScheme(url)
  if (start < 0) return ''
  let end = start
  while (end < url.length && !isSlash(url.charCodeAt(end)) && url[end] !== '?' && url[end] !== '#') end++
  let host = url.slice(start, end)
  host = host.slice(host.lastIndexOf('@') + 1)
  if (host.startsWith('[')) return host.slice(0, host.indexOf(']') + 1)
  const port = host.indexOf(':')
  if (port >= 0) host = host.slice(0, port)
  while (host.endsWith('.')) host = host.slice(0, -1)
  return host
}

/**
 * The host that a reader takes for the target of a link with this text: that of the first URL in it, or the whole text when
 * it is a domain. Empty when the text speaks of none.
 */
export function hostShown(anchor: string): string {
  const text = trimmed(anchor)
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== ':' && text[at] !== '.') continue
    const link = recogniseLink(text, 0, at)
    if (link?.zone !== 'url') continue
    const url = text.slice(link.start, link.end)
    const end = url.search(/[ \n<>"]/)
    return hostOf(end < 0 ? url : url.slice(0, end))
  }
  if (/[ \n@:]/.test(text)) return ''
  const host = hostOf(text)
  return isBareDomain(host) ? host : ''
}

/** False when both are known and neither lies below the other. A host in Unicode and one in Punycode are not compared. */
export function mayBeSameSite(one: string, other: string): boolean {
  const a = lowerCase(withoutWww(one))
  const b = lowerCase(withoutWww(other))
  if (a === '' || b === '') return true
  if ((isInUnicode(a) && isInPunycode(b)) || (isInPunycode(a) && isInUnicode(b))) return true
  return a === b || isBelow(a, b) || isBelow(b, a)
}
