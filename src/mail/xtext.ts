/**
 * xtext: how MAIL and RCPT parameters carry arbitrary text (RFC 3461 §4), for ENVID, ORCPT and AUTH.
 *
 * Promises: what is decoded holds printable characters only, so that it can be written to a notification, a log line or
 * an SMTP command of ours; what is encoded holds no space, `+`, `=` or control character.
 * Leaves out: what the text means.
 */

const encoded = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/
const printable = /^[ -~]*$/
const atom = /^[A-Za-z0-9!#$%&'*+\-/?^_`{|}~]+$/
// RFC 6533 §3: EmbeddedUnicodeChar, with the characters that must be written so (space, controls, `+`, `=`, `\`).
const embedded = /\\x\{([0-9A-F]{2,6})\}/g
const invisible = /[\p{Cc}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}\ufffd]/u

const envelopeIdLimit = 100 // RFC 3461 §4.4, octets as they stand in the command
const originalRecipientLimit = 500 // RFC 3461 §4.2

/** Text to xtext; what is not ASCII goes as the octets of its UTF-8. */
export const encodeXtext = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^!-~]|[+=]/g, octet => `+${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** Xtext to printable ASCII; undefined when it is not xtext, or says something unprintable. */
export function decodeXtext(text: string): string | undefined {
  if (!encoded.test(text)) return undefined
  const decoded = text.replace(/\+(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return printable.test(decoded) ? decoded : undefined
}

/** The value of ENVID= (RFC 3461 §4.4), decoded. */
export const parseEnvelopeId = (value: string): string | undefined =>
  value === '' || value.length > envelopeIdLimit ? undefined : decodeXtext(value)

/**
 * The value of ORCPT= (RFC 3461 §4.2), as `addr-type;address` with the address decoded and the type in lower case.
 * The type `utf-8` (RFC 6533 §3) may also hold `\x{…}` and, when SMTPUTF8 was asked for, UTF-8 itself.
 */
export function parseOriginalRecipient(
  value: string,
  options: { readonly smtputf8?: boolean } = {},
): string | undefined {
  if (value.length > originalRecipientLimit) return undefined
  const separator = value.indexOf(';')
  const type = value.slice(0, Math.max(separator, 0)).toLowerCase()
  if (!atom.test(type)) return undefined
  const text = value.slice(separator + 1)
  const address = type === 'utf-8' ? decodeUtf8Address(text, options.smtputf8 === true) : decodeXtext(text)
  return address === undefined || address === '' ? undefined : `${type};${address}`
}

/** `addr-type;address` to the value of ORCPT=. Serves every server with DSN, also one without SMTPUTF8. */
export function formatOriginalRecipient(originalRecipient: string): string {
  const separator = originalRecipient.indexOf(';')
  const type = originalRecipient.slice(0, separator)
  const address = originalRecipient.slice(separator + 1)
  return `${type};${type === 'utf-8' ? encodeUtf8Address(address) : encodeXtext(address)}`
}

/** RFC 6533 §3: utf-8-addr-xtext everywhere, utf-8-addr-unitext beside it with SMTPUTF8. */
function decodeUtf8Address(text: string, smtputf8: boolean): string | undefined {
  const ascii = text.replace(/[\u0080-\u{10ffff}]/gu, '')
  if (/[^!-~]|=/.test(ascii) || (!smtputf8 && ascii !== text)) return undefined
  let malformed = false
  const decoded = text
    // Some senders write plain xtext here as well; `+HH` of an ASCII character has no other reading.
    .replace(/\+(..)?/g, (_, hex: string | undefined) => {
      if (hex !== undefined && /^[2-7][0-9A-F]$/.test(hex))
        return String.fromCharCode(Number.parseInt(hex, 16))
      malformed = true
      return ''
    })
    .replace(embedded, (_, hex: string) => {
      const point = Number.parseInt(hex, 16)
      malformed ||= point > 0x10ffff
      return malformed ? '' : String.fromCodePoint(point)
    })
  return malformed || invisible.test(decoded) ? undefined : decoded
}

const encodeUtf8Address = (address: string): string =>
  address.replace(
    /[^!-~]|[+=\\]/gu,
    character => `\\x{${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}}`,
  )
