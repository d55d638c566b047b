/**
 * Mail addresses as SMTP knows them: the Mailbox of RFC 5321 §4.1.2, with the UTF-8 of RFC 6531 when it was asked for.
 *
 * Promises: one reading of every address, in linear time; what is ambiguous is refused, not guessed. A parsed Address is
 * in one canonical wire form (domain lower-case in A-labels, local part quoted only when it must be), so that it can be
 * written between `<` and `>` without a further look, and holds no CR, LF, NUL or other control character.
 * Leaves out: header addresses (RFC 5322), source routes (refused: RFC 5321 appendix C lets us), delivery meaning. What
 * a percent sign or a bang in a local part may mean to another host is a question for `admission/relay.ts`.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'

/** Lower-case host name in A-label form, such as `example.org` or `xn--bcher-kva.example`. */
export type Domain = string & { readonly __brand: 'Domain' }

/** Canonical wire form without the angle brackets: `jo@example.org`, `"a b"@example.org`, `jo@[192.0.2.1]`. */
export type Address = string & { readonly __brand: 'Address' }

/** `''` is the null reverse-path `<>` of notifications (RFC 5321 §4.5.5). */
export type ReversePath = Address | ''

/** `reason` is a sentence for the operator that repeats nothing of what came from outside. */
export interface AddressError {
  readonly kind: 'address-error'
  readonly reason: string
}

export interface AddressOptions {
  /** SMTPUTF8 was asked for in MAIL (RFC 6531 §3.4): UTF-8 local parts and U-labels are allowed. */
  readonly smtputf8?: boolean
  /** Where `<postmaster>` without a domain goes (RFC 5321 §4.1.1.3); without it the short form is refused. */
  readonly postmasterDomain?: Domain
}

// RFC 5321 §4.5.3.1.1 names 64 octets and §4.5.3.1 asks for no limits where none are needed: return paths of mailing
// systems carry the recipient inside (VERP) and run past 64. Twice that is enough for them.
const localPartLimit = 128
const addressLimit = 254 // RFC 5321 §4.5.3.1.3: 256 octets with the angle brackets
const domainLimit = 253 // RFC 5321 §4.5.3.1.2 says 255; DNS has room for 253 (RFC 1035 §2.3.4)
const labelLimit = 63 // RFC 1035 §2.3.4

const dotString =
  /^[a-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\uffff]+(?:\.[a-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\uffff]+)*$/i
const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/
const digits = /^[0-9]+$/
const ascii = /^[\x00-\x7f]*$/
// Lone surrogates, controls, separators and invisible format characters would make two addresses look like one or break
// a log line. Joiners stay: Persian and the scripts of India need them (RFC 5892 appendix A).
const refusedUnicode = /[\p{Cc}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\ufffd]|(?=[^\x20])\p{Zs}|(?=[^\u200c\u200d])\p{Cf}/u

const wrong = (reason: string): AddressError => ({ kind: 'address-error', reason })

export const isAddressError = (value: Address | '' | AddressError): value is AddressError =>
  typeof value === 'object'

/** Reads what stands between `<` and `>` in MAIL and RCPT; the empty text is the null path. */
export function parsePath(text: string, options: AddressOptions = {}): ReversePath | AddressError {
  if (text === '') return ''
  // RFC 5321 §4.1.1.3: postmaster is the one recipient without a domain, in any case.
  if (options.postmasterDomain !== undefined && /^postmaster$/i.test(text))
    return `${text}@${options.postmasterDomain}` as Address
  return parseAddress(text, options)
}

/** Reads one mailbox without angle brackets. */
export function parseAddress(text: string, options: AddressOptions = {}): Address | AddressError {
  // UTF-16 units never outnumber UTF-8 octets. Quoting can be twice as long as what it says.
  if (text.length > 2 * localPartLimit + addressLimit) return wrong('The address is too long.')
  if (text.startsWith('@')) return wrong('The address is a source route or has no local part.')
  if (!ascii.test(text)) {
    if (!options.smtputf8) return wrong('The address is not ASCII, and SMTPUTF8 was not asked for.')
    if (refusedUnicode.test(text)) return wrong('The address contains an invisible or control character.')
  }
  const local = text.startsWith('"') ? readQuotedString(text) : readDotString(text)
  if ('kind' in local) return local
  const domain = readDomain(text.slice(local.end + 1), options)
  if (typeof domain === 'object') return domain
  if (Buffer.byteLength(local.canonical) > localPartLimit)
    return wrong('The local part is longer than 128 octets.')
  const address = `${local.canonical}@${domain}`
  if (Buffer.byteLength(address) > addressLimit) return wrong('The address is longer than 254 octets.')
  return address as Address
}

/** A host name in any case, or with U-labels; undefined when it is none. An address literal is none. */
export function parseDomain(text: string): Domain | undefined {
  if (text.startsWith('[')) return undefined
  const domain = readDomain(text, { smtputf8: true })
  return typeof domain === 'object' ? undefined : (domain as Domain)
}

/** The domain, or the address literal with its brackets. Lower-case but for the tag of `[IPv6:…]`. */
export const domainOf = (address: Address): string => address.slice(address.lastIndexOf('@') + 1)

/** The local part in wire form: with its quotes when it needs them. */
export const localPartOf = (address: Address): string => address.slice(0, address.lastIndexOf('@'))

/** The local part as its owner means it: without quotes and backslashes. Not for the wire. */
export function localPartText(address: Address): string {
  const local = localPartOf(address)
  return local.startsWith('"') ? local.slice(1, -1).replace(/\\(.)/gs, '$1') : local
}

/** The IP address inside `[192.0.2.1]` or `[IPv6:2001:db8::1]`, in any case; undefined for a domain. */
export function addressOfLiteral(domain: string): string | undefined {
  if (!domain.startsWith('[')) return undefined
  return domain.slice(/^\[ipv6:/i.test(domain) ? 6 : 1, -1)
}

/** True for an address that only a server with SMTPUTF8 takes (RFC 6531 §3.1). */
export const needsSmtpUtf8 = (address: Address | ''): boolean => !ascii.test(address)

interface LocalPart {
  readonly canonical: string
  /** Index of the `@` behind it. */
  readonly end: number
}

function readDotString(text: string): LocalPart | AddressError {
  const end = text.indexOf('@')
  if (end < 0) return wrong('The address has no domain.')
  const local = text.slice(0, end)
  // RFC 5321 §4.1.2: Dot-string = Atom *("." Atom), so no dot first, last or twice.
  if (!dotString.test(local)) return wrong('The local part is neither a dot-string nor quoted.')
  return { canonical: local, end }
}

/** RFC 5321 §4.1.2: Quoted-string = DQUOTE *QcontentSMTP DQUOTE. Stops at the first quote that is not escaped. */
function readQuotedString(text: string): LocalPart | AddressError {
  let content = ''
  let index = 1
  for (; index < text.length && text[index] !== '"'; index++) {
    const escaped = text[index] === '\\'
    if (escaped) index++
    const code = text.charCodeAt(index)
    // quoted-pairSMTP is ASCII only, also with SMTPUTF8 (RFC 6531 §3.3). NaN, behind the end, fails the first test.
    if (!(code >= 0x20) || code === 0x7f || (escaped && code > 0x7e))
      return wrong('The quoted local part contains a character that it must not.')
    content += text[index]
  }
  if (text[index] !== '"') return wrong('The quoted local part has no end.')
  if (text[index + 1] !== '@') return wrong('The quoted local part is not followed by @.')
  return { canonical: quoteLocalPart(content), end: index + 1 }
}

// RFC 5321 §4.1.2: the form without quotes is to be preferred wherever it can say the same.
const quoteLocalPart = (content: string): string =>
  dotString.test(content) ? content : `"${content.replace(/["\\]/g, '\\$&')}"`

function readDomain(text: string, options: AddressOptions): string | AddressError {
  if (text.startsWith('[')) return readLiteral(text)
  if (text.length > domainLimit) return wrong('The domain is longer than 253 octets.')
  const name = ascii.test(text) ? text.toLowerCase() : options.smtputf8 ? ofUnicode(text) : undefined
  if (name === undefined) return wrong('The domain is not a valid internationalised name.')
  if (name.length > domainLimit) return wrong('The domain is longer than 253 octets.')
  const labels = name.split('.')
  // RFC 5321 §4.1.2: sub-domain = Let-dig [Ldh-str]. An underscore names no host that takes mail (RFC 1123 §2.1).
  if (!labels.every(each => each.length <= labelLimit && label.test(each)))
    return wrong('The domain is not a host name of letters, digits and hyphens.')
  // RFC 3696 §2: no top level domain is all digits; `1.2.3.4` without brackets has two readings.
  if (digits.test(labels.at(-1)!))
    return wrong('The domain ends in a number: an address literal needs brackets.')
  if (name.includes('xn--') && !survivesUnicode(name)) return wrong('The domain has an invalid A-label.')
  return name
}

/**
 * U-labels to A-labels. UTS #46 maps full-width letters, ideographic full stops and ligatures to other characters and
 * drops soft hyphens; a name that does not survive the way there and back has two spellings, and is refused.
 */
function ofUnicode(text: string): string | undefined {
  const name = domainToASCII(text)
  if (name === '' || domainToUnicode(name) !== text.toLowerCase().normalize('NFC')) return undefined
  // The Kelvin sign lower-cases to a plain k: a label that is not ASCII must not become one that is.
  const labels = name.split('.')
  return text.split('.').every((each, index) => ascii.test(each) || labels[index]?.startsWith('xn--'))
    ? name
    : undefined
}

/** RFC 5891 §4.4: an A-label is one only if it is what its U-label encodes to. Node leaves the others as they are. */
function survivesUnicode(name: string): boolean {
  const unicode = domainToUnicode(name)
  return !/(?:^|\.)xn--/.test(unicode) && domainToASCII(unicode) === name
}

/** RFC 5321 §4.1.3. Of the tagged forms only IPv6 is registered; leading zeros are refused (octal or decimal?). */
function readLiteral(text: string): string | AddressError {
  const content = text.slice(1, -1)
  if (!text.endsWith(']')) return wrong('The address literal has no end.')
  if (isIPv4(content)) return text
  if (/^ipv6:/i.test(content) && isIPv6(content.slice(5)) && !content.includes('%'))
    return `[IPv6:${new URL(`http://[${content.slice(5)}]`).hostname.slice(1)}`
  return wrong('The address literal is not an IP address.')
}
