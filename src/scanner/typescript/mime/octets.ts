/**
 * Classes of octets that the grammars of mail share. Octets of a header are handled as characters of a latin1 string, one
 * character an octet.
 */
export const isBlank = (c: string | undefined): boolean => c === ' ' || c === '\t'
export const isSpace = (c: string | undefined): boolean => isBlank(c) || c === '\r' || c === '\n'

/** ASCII only, unlike toLowerCase. */
export const lower = (text: string): string => text.replace(/[A-Z]+/g, letters => letters.toLowerCase())

/** RFC 2045 §5.1: token. */
export const token = /[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]*/y

export const isAscii = (text: string): boolean => !/[\x80-\xff]/.test(text)

export function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text[end - 1])) end -= 1
  return text.slice(0, end)
}

export function trim(text: string): string {
  let start = 0
  while (start < text.length && isSpace(text[start])) start += 1
  return trimEnd(text.slice(start))
}

/** The token at a place, possibly empty. */
export function tokenAt(text: string, at: number): string {
  token.lastIndex = at
  return token.exec(text)![0]
}

export const latin1 = (octets: Uint8Array): string => bufferOf(octets).toString('latin1')
export const octetsOf = (text: string): Buffer => Buffer.from(text, 'latin1')
export const bufferOf = (octets: Uint8Array): Buffer =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)

/** The last octets of a text in UTF-8, from the beginning of a character on. */
export function lastOctets(text: Buffer, limit: number): Buffer {
  if (text.length <= limit) return text
  let at = text.length - limit
  while (at < text.length && (text[at]! & 0xc0) === 0x80) at += 1
  return text.subarray(at)
}

/** CRLF, LF or nothing, at the end of a line: its length. */
export function lineBreakSize(line: Uint8Array): number {
  if (line.at(-1) !== 0x0a) return 0
  return line.at(-2) === 0x0d ? 2 : 1
}
