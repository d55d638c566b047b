/**
 * Octets of ASCII, and short texts as octet strings: one UTF-16 unit an octet (Node calls that latin1). Names, values and
 * links are octet strings, so that places in them are places in UTF-8; what is long stays a Uint8Array.
 *
 * Leaves out: locales. `toLowerCase` and `trim` know more characters than markup does, and would break UTF-8.
 */

export const isDigit = (c: number) => c >= 0x30 && c <= 0x39
export const lower = (c: number) => (c >= 0x41 && c <= 0x5a ? c + 32 : c)
export const isLetter = (c: number) => lower(c) >= 0x61 && lower(c) <= 0x7a
export const isAlphanumeric = (c: number) => isLetter(c) || isDigit(c)
/** White space between the words of a tag or a style. */
export const isSpace = (c: number) => c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0c || c === 0x0d
export const isSlash = (c: number) => c === 0x2f || c === 0x5c
/** An octet in the middle of a character. */
export const isContinuation = (c: number) => (c & 0xc0) === 0x80

/** The value of a hexadecimal digit, or -1. */
export function hexadecimal(c: number): number {
  if (isDigit(c)) return c - 0x30
  const l = lower(c)
  return l >= 0x61 && l <= 0x66 ? l - 0x61 + 10 : -1
}

const capitals = /[A-Z]+/g
export const lowerCase = (text: string) => text.replace(capitals, run => run.toLowerCase())

/** `lowercase` is in lower case already. */
export const equalsCaseless = (text: string, lowercase: string) =>
  text.length === lowercase.length && lowerCase(text) === lowercase

export const beginsCaseless = (text: string, lowercase: string) =>
  text.length >= lowercase.length && lowerCase(text.slice(0, lowercase.length)) === lowercase

export function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text.charCodeAt(start))) start++
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

export const octetString = (octets: Uint8Array, start: number, end: number) =>
  Buffer.from(octets.buffer, octets.byteOffset + start, end - start).toString('latin1')

export const octetsOf = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** Where the first `c` from `at` on stands, or the length. */
export function findOctet(octets: Uint8Array, at: number, c: number): number {
  const found = octets.indexOf(c, at)
  return found < 0 ? octets.length : found
}
