/**
 * The header of a message in wire form, field by field (RFC 5322 §2.2).
 *
 * Promises: linear in the size of the header, whatever stands in it; names are compared, never made keys of an object,
 * so that a field called `__proto__` is a field like any other; offsets are those of the bytes given, so that what was
 * judged can be passed on untouched. Only CRLF ends a line; a line that is neither field nor continuation is counted,
 * never guessed at.
 * Leaves out: the structure of values (addresses, dates, encoded words) and the body.
 *
 * A header of 1 MiB can hold 260,000 fields. An object and a Map entry for each took 200 ms, so fields are kept as
 * three numbers in one array and become objects when they are asked for.
 */

export interface HeaderField {
  /** Lower-case. */
  readonly name: string
  /** Offset of the first octet of the name. */
  readonly start: number
  /** Offset of the first octet behind the colon. */
  readonly value: number
  /** Offset behind the last octet, without the CRLF that ends the field. */
  readonly end: number
}

export interface Header {
  /** Fields in their order: start, colon and end of each, as offsets. */
  readonly offsets: readonly number[]
  /** Lines that are neither a field nor the continuation of one. */
  readonly malformed: number
  /** Offset of the first octet of the body; the size of the message when no empty line ends the header. */
  readonly end: number
  readonly complete: boolean
  /** The header as ISO 8859-1: an octet is a UTF-16 unit, so that offsets agree. */
  readonly text: string
}

const TAB = 9
const SPACE = 32

export function readHeader(message: Uint8Array): Header {
  const { text, complete, end } = headerText(message)
  const offsets: number[] = []
  let malformed = 0
  let continues = false
  // Looked for again only once it was passed: a search per line would cost the square of a header without colons.
  let colon = -1
  for (let start = 0, lineEnd = 0; start < text.length; start = lineEnd + 2) {
    lineEnd = endOfLine(text, start)
    if (!isWhite(text.charCodeAt(start))) {
      if (colon < start) colon = indexOrEnd(text, ':', start)
      continues = colon < lineEnd && isName(text, start, colon)
      if (continues) offsets.push(start, colon, lineEnd)
    } else if (continues) {
      offsets[offsets.length - 1] = lineEnd // RFC 5322 §2.2.3: folding
    }
    if (!continues) malformed++
  }
  return { offsets, malformed, end, complete, text }
}

/** Every field, in order. */
export function* fieldsOf(header: Header): Generator<HeaderField> {
  for (let at = 0; at < header.offsets.length; at += 3) yield fieldAt(header, at)
}

/** The fields of that name, in order. One pass over the starts of all fields, without allocation for the others. */
export function fieldsNamed(header: Header, name: string): readonly HeaderField[] {
  const found: HeaderField[] = []
  const wanted = name.toLowerCase()
  for (let at = 0; at < header.offsets.length; at += 3)
    if (beginsWithName(header.text, header.offsets[at]!, wanted)) found.push(fieldAt(header, at))
  return found
}

/** The value unfolded and trimmed (RFC 5322 §2.2.3), read as UTF-8 (RFC 6532); broken UTF-8 becomes U+FFFD. */
export const fieldValue = (message: Uint8Array, field: HeaderField): string =>
  asBuffer(message).toString('utf8', field.value, field.end).replaceAll('\r\n', '').trim()

/**
 * How many fields of that name the header has: for the Received count against loops (RFC 5321 §6.3).
 * Called per message: makes one string and no field, whatever the size.
 */
export function countFields(message: Uint8Array, lowerCaseName: string): number {
  const { text } = headerText(message)
  let count = 0
  for (let start = 0; start < text.length; start = endOfLine(text, start) + 2)
    if (beginsWithName(text, start, lowerCaseName)) count++
  return count
}

/** The lines before the first empty one, decoded once: a search in a string costs a tenth of one in a buffer. */
function headerText(message: Uint8Array): { text: string; complete: boolean; end: number } {
  const bytes = asBuffer(message)
  if (bytes[0] === 13 && bytes[1] === 10) return { text: '', complete: true, end: 2 }
  const last = bytes.indexOf('\r\n\r\n')
  if (last < 0) return { text: bytes.toString('latin1'), complete: false, end: bytes.length }
  return { text: bytes.toString('latin1', 0, last), complete: true, end: last + 4 }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const isWhite = (code: number): boolean => code === SPACE || code === TAB

const endOfLine = (text: string, start: number): number => indexOrEnd(text, '\r\n', start)

function indexOrEnd(text: string, what: string, start: number): number {
  const index = text.indexOf(what, start)
  return index < 0 ? text.length : index
}

function fieldAt(header: Header, at: number): HeaderField {
  const [start, colon, end] = header.offsets.slice(at, at + 3) as [number, number, number]
  return { name: header.text.slice(start, colon).trimEnd().toLowerCase(), start, value: colon + 1, end }
}

/**
 * RFC 5322 §2.2: printable ASCII before the colon. Blanks between are obsolete but must be understood (§4.5): a filter
 * that does not see `Subject :` is blind.
 */
function isName(text: string, start: number, colon: number): boolean {
  let end = colon
  while (end > start && isWhite(text.charCodeAt(end - 1))) end--
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index)
    if (code < 33 || code > 126) return false
  }
  return end > start
}

function beginsWithName(text: string, start: number, lowerCaseName: string): boolean {
  let index = start
  for (let letter = 0; letter < lowerCaseName.length; letter++, index++)
    if (lowerCase(text.charCodeAt(index)) !== lowerCaseName.charCodeAt(letter)) return false
  while (isWhite(text.charCodeAt(index))) index++
  return text[index] === ':'
}

const lowerCase = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code)
