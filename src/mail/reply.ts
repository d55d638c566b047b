/**
 * An SMTP reply as a value: code, enhanced code, text (RFC 5321 §4.2, RFC 2034, RFC 3463).
 *
 * Promises: a reply cannot contain CR, LF or other controls inside a line, or anything but ASCII, so no text that came from
 * outside can split it; the wire form of a constant reply is encoded once.
 */
export interface Reply {
  readonly code: number
  /** `2.0.0`; absent only on greetings, EHLO, HELO, 334 and 354, which carry none (RFC 2034 §4). */
  readonly enhanced?: string
  readonly lines: readonly string[]
  /** Complete wire form with CRLF. */
  readonly wire: string
}

// ASCII only: replies are written octet by octet, where U+010A would become a line feed.
const unprintable = /[^\x20-\x7e]/g

export function reply(code: number, enhanced: string | undefined, text: string | readonly string[]): Reply {
  const lines = (typeof text === 'string' ? [text] : text).map(line => line.replace(unprintable, '?'))
  const prefix = enhanced === undefined ? '' : `${enhanced} `
  const wire = lines
    .map((line, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${prefix}${line}\r\n`)
    .join('')
  return { code, ...(enhanced !== undefined && { enhanced }), lines, wire }
}
