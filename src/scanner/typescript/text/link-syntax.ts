/**
 * What a link looks like that stands in a text.
 *
 * A URL begins with a scheme and `//` (or the backslashes that browsers take for it), or with `www.`, or it is a domain
 * right before a slash; it ends at white space, at `<`, `>`, `"` or at a punctuation mark beyond ASCII. An e-mail address
 * has a domain of two labels or more. Punctuation at the end belongs to the sentence, and so does a bracket that was opened
 * before.
 * Leaves out: domains that nothing follows. Without a list of top level domains `end.Start` is one; `www.` or a path tell.
 *
 * All texts are octet strings.
 */
import { beginsCaseless, equalsCaseless, isAlphanumeric, isContinuation, isLetter, isSlash } from './octet.ts'

/** Octets that can be needed behind or before a trigger to know a link other than by its end. */
export const linkReach = 256

export interface FoundLink {
  readonly zone: 'url' | 'address'
  readonly start: number
  readonly end: number
  /** It goes on to the end of the text: there may be more of it. */
  readonly open: boolean
}

const longestLocal = 64 // RFC 5321 §4.5.3.1.1
const longestDomain = 253 // RFC 1035 §2.3.4, as text
const longestScheme = 16
const knownSchemes = ['https', 'http', 'hxxps', 'hxxp', 'ftp']

const colon = 0x3a
const at = 0x40
const slash = 0x2f
const dot = 0x2e
const hyphen = 0x2d

const isAscii = (c: number) => c < 0x80

const localMarks = new Set(Buffer.from("!#$%&'*+/=?^_`{|}~.-"))
const isLocal = (c: number) => isAlphanumeric(c) || localMarks.has(c)
const isScheme = (c: number) => isAlphanumeric(c) || c === 0x2b || c === dot || c === hyphen

const fullWidth = new Set([
  0xbc81, 0xbc82, 0xbc87, 0xbc88, 0xbc89, 0xbc8c, 0xbc9a, 0xbc9b, 0xbc9f, 0xbcbb, 0xbcbd, 0xbd9b, 0xbd9d,
  0xbda1, 0xbda2, 0xbda3, 0xbda4,
])

/** Octets of the punctuation mark beyond ASCII that begins at `i`, or 0. */
function punctuationAt(text: string, i: number): number {
  const second = text.charCodeAt(i + 1)
  const third = text.charCodeAt(i + 2)
  switch (text.charCodeAt(i)) {
    case 0xc2: // « »
      return second === 0xab || second === 0xbb ? 2 : 0
    case 0xe2: // dashes, quotation marks, ellipsis
      return second === 0x80 && third >= 0x90 && third <= 0xbf ? 3 : 0
    case 0xe3: // 、。〈〉「」【】
      return second === 0x80 && third >= 0x81 && third <= 0x9f ? 3 : 0
    case 0xef: // ！＂（），：；？［］｛｝｡｢｣､
      return fullWidth.has(second * 256 + third) ? 3 : 0
    default:
      return 0
  }
}

function urlEnd(text: string, from: number): number {
  let i = from
  while (i < text.length && (isAscii(text.charCodeAt(i)) || punctuationAt(text, i) === 0)) i++
  return i
}

function urlFrom(text: string, start: number, body: number): FoundLink | undefined {
  const rest = urlEnd(text, body)
  const end = trimLink(text, start, body, rest)
  if (end === body) return undefined
  return { zone: 'url', start, end, open: rest === text.length }
}

function withScheme(text: string, floor: number, i: number): FoundLink | undefined {
  if (i + 3 >= text.length || !isSlash(text.charCodeAt(i + 1)) || !isSlash(text.charCodeAt(i + 2)))
    return undefined
  for (const scheme of knownSchemes)
    if (i - floor >= scheme.length && equalsCaseless(text.slice(i - scheme.length, i), scheme))
      return urlFrom(text, i - scheme.length, i + 3)
  // Some other scheme, such as `file://` and what programs have registered.
  let start = i
  while (start > floor && i - start <= longestScheme && isScheme(text.charCodeAt(start - 1))) start--
  while (start < i && !isLetter(text.charCodeAt(start))) start++
  if (i - start < 2 || i - start > longestScheme || text.slice(i + 1, i + 3) !== '//') return undefined
  return urlFrom(text, start, i + 3)
}

function withWww(text: string, floor: number, i: number): FoundLink | undefined {
  const start = i - 3
  if (start < floor || !equalsCaseless(text.slice(start, i), 'www')) return undefined
  if (start > floor) {
    const before = text.charCodeAt(start - 1)
    if (isAlphanumeric(before) || before === hyphen || before === dot) return undefined
  }
  if (i + 1 >= text.length) return undefined
  const next = text.charCodeAt(i + 1)
  return isAscii(next) && !isAlphanumeric(next) ? undefined : urlFrom(text, start, i + 1)
}

/**
 * Whether a letter beyond ASCII ends at `end` that belongs to a script with spaces: such are two octets long. Those of other
 * scripts stand right beside links that they are no part of.
 */
function isLetterBefore(text: string, floor: number, end: number): boolean {
  if (end < floor + 2 || !isContinuation(text.charCodeAt(end - 1))) return false
  const first = text.charCodeAt(end - 2)
  return first >= 0xc3 && first <= 0xdf
}

const isLabel = (label: string) =>
  label.length > 0 && label.length <= 63 && !label.startsWith('-') && !label.endsWith('-')

/** Whether that can be a domain: two labels or more, and the last one is not a number. */
function isDomain(domain: string, asciiTop: boolean): boolean {
  const labels = domain.split('.')
  if (!labels.every(isLabel)) return false
  const top = labels.at(-1)!
  if (labels.length < 2 || top.length < 2) return false
  if (beginsCaseless(top, 'xn--')) return true
  for (let i = 0; i < top.length; i++) {
    const c = top.charCodeAt(i)
    if (!isLetter(c) && (asciiTop || isAscii(c))) return false
  }
  return true
}

function address(text: string, floor: number, i: number): FoundLink | undefined {
  let start = i
  while (start > floor && i - start < longestLocal) {
    if (isLocal(text.charCodeAt(start - 1))) start--
    else if (isLetterBefore(text, floor, start)) start -= 2
    else break
  }
  for (; start < i; start++) {
    const c = text.charCodeAt(start)
    if (!isAscii(c) || isAlphanumeric(c) || c === 0x5f) break
  }
  let end = i + 1
  for (; end < text.length && end - i <= longestDomain; end++) {
    const c = text.charCodeAt(end)
    if (isAscii(c) ? !isAlphanumeric(c) && c !== hyphen && c !== dot : punctuationAt(text, end) > 0) break
    // A script without spaces goes on right behind a domain in ASCII.
    if (c >= 0xe0 && isLetter(text.charCodeAt(end - 1)) && isDomain(text.slice(i + 1, end), true)) break
  }
  while (end > i + 1 && (text.charCodeAt(end - 1) === dot || text.charCodeAt(end - 1) === hyphen)) end--
  if (start === i || !isDomain(text.slice(i + 1, end), false)) return undefined
  // Never cut within a character.
  if (end < text.length && isContinuation(text.charCodeAt(end))) return undefined
  return { zone: 'address', start, end, open: false }
}

function beforeSlash(text: string, floor: number, i: number): FoundLink | undefined {
  let start = i
  while (start > floor && i - start < longestDomain) {
    const c = text.charCodeAt(start - 1)
    if (isAlphanumeric(c) || c === hyphen || c === dot) start--
    else if (isLetterBefore(text, floor, start)) start -= 2
    else break
  }
  while (start < i && (text.charCodeAt(start) === hyphen || text.charCodeAt(start) === dot)) start++
  // Part of a path.
  if (start > floor && isSlash(text.charCodeAt(start - 1))) return undefined
  if (!isDomain(text.slice(start, i), true)) return undefined
  return urlFrom(text, start, i)
}

const alwaysTrimmed = new Set(Buffer.from(".,;:!?'*`|"))
const brackets: ReadonlyMap<number, readonly [pair: number, change: number]> = new Map([
  [0x28, [0, 1]],
  [0x29, [0, -1]],
  [0x5b, [1, 1]],
  [0x5d, [1, -1]],
  [0x7b, [2, 1]],
  [0x7d, [2, -1]],
])

/** The end of a link without punctuation; never before `least`. */
function trimLink(text: string, start: number, least: number, from: number): number {
  // How many more brackets are opened than closed.
  const opened = [0, 0, 0]
  for (let i = start; i < from; i++) {
    const bracket = brackets.get(text.charCodeAt(i))
    if (bracket) opened[bracket[0]]! += bracket[1]
  }
  let end = from
  for (; end > least; end--) {
    const c = text.charCodeAt(end - 1)
    if (alwaysTrimmed.has(c)) continue
    const bracket = brackets.get(c)
    if (!bracket || bracket[1] > 0 || opened[bracket[0]]! >= 0) break
    opened[bracket[0]]!++
  }
  return end
}

/** Every link has one of these, where it is recognised: `:` `@` `/` and the dot of `www.` */
export const isTrigger = (c: number) => c === colon || c === at || c === slash || c === dot

/** The link whose trigger stands at `i`, if there is one that begins at `floor` or behind. */
export function recogniseLink(text: string, floor: number, i: number): FoundLink | undefined {
  switch (text.charCodeAt(i)) {
    case colon:
      return withScheme(text, floor, i)
    case at:
      return address(text, floor, i)
    case dot:
      return withWww(text, floor, i)
    case slash:
      return beforeSlash(text, floor, i)
    default:
      return undefined
  }
}
