/**
 * What a scan returns, column by column: the numbers in the typed arrays of `ScanOutput`.
 *
 * Both scanners write these tables, and everything that reads a message reads them. `native/src/layout.h` says the same in
 * C++; a contract test compares the two.
 *
 * Promises: a row never changes its width within a version; an offset "on the wire" counts octets from the first of the
 * message, an offset "in the zone" counts octets of that zone's UTF-8 text within that part.
 * Leaves out: reading the tables (`output.ts`).
 */

/**
 * Where in a message a text stands. Patterns name the zones that they are for. A zone is made of records, and no pattern
 * matches across the end of one.
 *
 * - `header`: one record a field: its value unfolded, encoded words decoded (RFC 2047), trimmed, UTF-8.
 * - `text`: what a reader sees: one record a part; charset and HTML undone; a run of white space is one space, a paragraph
 *   ends with one LF; invisible characters are gone.
 * - `hidden`: text of HTML that a reader does not see (hidden by style, comments); one record a part, white space as in `text`.
 *   Of a multipart: its epilogue as it stands.
 * - `source`: the text of a part before HTML is undone, in UTF-8, line ends as they came; one record a part.
 *   Of a multipart: its preamble.
 * - `attachment`: the decoded octets of parts that are not text; one record a part.
 * - `url`: one record a URL as found in text or markup.
 * - `address`: one record an e-mail address found in text or markup.
 * - `wire`: the whole message as it came; one record.
 * - `filename`: the file name of a part, as in the table of parts; one record a part that has one.
 */
export const zones = [
  'header',
  'text',
  'hidden',
  'source',
  'attachment',
  'url',
  'address',
  'wire',
  'filename',
] as const
export type Zone = (typeof zones)[number]

/** What a part is for the scanner; its media type says more. */
export const partKinds = ['text', 'html', 'multipart', 'message', 'other'] as const
export type PartKind = (typeof partKinds)[number]

export const encodings = ['identity', 'base64', 'quoted-printable', 'uuencode', 'unknown'] as const
export type Encoding = (typeof encodings)[number]

export const dispositions = ['none', 'inline', 'attachment', 'other'] as const
export type Disposition = (typeof dispositions)[number]

/** Where a link was found. */
export const linkOrigins = ['text', 'markup'] as const
export type LinkOrigin = (typeof linkOrigins)[number]

/** For "there is none", in every column. */
export const none = 0xffff_ffff

/** A part a row, in the order of their headers on the wire; row 0 is the message itself. */
export const partColumns = [
  'parent', // row of the part that contains it, or none
  'kind', // index into partKinds
  'depth', // 0 for the message
  'headerStart', // on the wire
  'bodyStart', // on the wire: behind the empty line
  'bodyEnd', // on the wire: before the line break that belongs to the boundary
  'encoding', // index into encodings
  'disposition', // index into dispositions
  'decodedSize', // octets behind the transfer encoding; 0 for multipart and message
  'typeStart', // in strings: lower-case media type, `text/plain` when none is given (RFC 2045 §5.2)
  'typeEnd',
  'charsetStart', // in strings: lower-case, as declared; empty when none is
  'charsetEnd',
  'filenameStart', // in strings: UTF-8; the filename of the disposition, else the name of the type; empty when none
  'filenameEnd',
  'idStart', // in strings: Content-ID without brackets; empty when none
  'idEnd',
  'headStart', // in strings: the first decoded octets, at most 64, for telling file types; empty for multipart and message
  'headEnd',
] as const

/** A header field a row, in wire order, nested messages and MIME parts included. */
export const fieldColumns = [
  'part',
  'start', // on the wire: first octet of the name
  'colon', // on the wire
  'end', // on the wire: behind the last octet, before the CRLF that ends the field
  'nameStart', // in strings: lower-case
  'nameEnd',
  'textStart', // in the header zone of the part: the record
  'textEnd',
] as const

/** What is known of a zone of a part; zones without an octet have no row. */
export const textColumns = [
  'part',
  'zone', // index into zones
  'size', // octets of the zone in this part
  'words', // in zones text, hidden, header and filename: what white space separates in each record; else 0
  'keptStart', // in `text` of the output: the kept beginning of the zone; equal to keptEnd when nothing was kept
  'keptEnd',
] as const

/** A link a row. Its record stands in zone `url` or `address` of the part. */
export const linkColumns = [
  'part',
  'zone', // index into zones: url or address
  'origin', // index into linkOrigins
  'start', // in the zone
  'end',
] as const

/** The first occurrence of each flag in each part. */
export const flagColumns = [
  'flag', // index into flags
  'part',
  'offset', // on the wire; bodyStart of the part for what is only seen behind decoding
] as const

export const matchColumns = [
  'pattern', // index in the list of patterns
  'part', // 0 in zone wire
  'zone', // index into zones
  'start', // in the zone, or none where the pattern does not tell
  'end', // in the zone, behind the last octet
  'word', // how many words of the zone begin before `end`, in zones text, hidden, header and filename; else 0. For distances.
] as const

/** The one row of a scan in brief. */
export const briefColumns = [
  'sizeLow', // octets of the message, as 64 bits
  'sizeHigh',
  'parts',
  'flagsLow', // a bit for each flag that was raised, as 64 bits
  'flagsHigh',
] as const
