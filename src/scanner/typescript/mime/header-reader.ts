/**
 * The header of one part, line by line: fields, their continuations, and where the header ends.
 *
 * Promises: what `native/src/mime/header_reader.h` promises: linear; each field is a row and a record of zone `header`. The
 * header ends at an empty line, or before a line that is no field: what stands there is body then.
 */
import type { FlagName } from '#scanner/flag.ts'
import { decodeHeaderText } from '#scanner/typescript/mime/encoded-word.ts'
import { writeFileName } from '#scanner/typescript/mime/file-name.ts'
import { isBlank, latin1, lineBreakSize, lower, octetsOf, trim } from '#scanner/typescript/mime/octets.ts'
import { PartHeader } from '#scanner/typescript/mime/part-header.ts'
import type { Tables } from '#scanner/typescript/mime/tables.ts'
import type { ZoneStreams } from '#scanner/typescript/sink.ts'

/** `body`: the line ended the header; `bodyAtLine`: it is the first line of the body. */
export type Next = 'line' | 'body' | 'bodyAtLine'

const longestName = 256

interface OpenField {
  readonly name: string
  readonly start: number
  /** In the text of the field. */
  readonly colon: number
  /** As on the wire, without the last line break, in pieces. */
  readonly text: string[]
  lineBreak: string
}

export class HeaderReader {
  readonly #tables: Tables
  readonly #zones: ZoneStreams
  readonly #part: number
  readonly #start: number
  readonly header: PartHeader
  #large = false
  /** A field that may be continued. */
  #field: OpenField | undefined

  constructor(
    tables: Tables,
    zones: ZoneStreams,
    part: number,
    start: number,
    message: boolean,
    digest: boolean,
  ) {
    this.#tables = tables
    this.#zones = zones
    this.#part = part
    this.#start = start
    this.header = new PartHeader(tables, part, message, digest)
  }

  /** A line with its break, if it has one. */
  line(octets: Uint8Array, offset: number): Next {
    const size = octets.length - lineBreakSize(octets)
    const line = latin1(octets)
    const text = line.slice(0, size)
    const lineBreak = line.slice(size)
    if (text === '') return 'body'
    if (offset + octets.length - this.#start > this.#tables.limits.header) return this.#beyond(text)
    if (isBlank(text[0])) return this.#continue(text, lineBreak, offset)
    this.#finishField()
    if (this.#beginField(text, lineBreak, offset)) return 'line'
    this.#raise('header-line', offset)
    // What mail boxes write before a message is not part of it.
    return offset === 0 && /^>?From /.test(text) ? 'line' : 'bodyAtLine'
  }

  /** No more lines come; the row of the part is filled. */
  finish(): void {
    this.#finishField()
    this.#zones.end('header', this.#part)
    this.header.finish()
    writeFileName(this.#zones, this.#part, this.header.fileName)
  }

  #raise(flag: FlagName, offset: number): void {
    this.#tables.raise(this.#part, flag, offset)
  }

  #beyond(text: string): Next {
    if (isBlank(text[0])) this.#field = undefined // a field is read whole or not at all
    this.#finishField()
    if (!this.#large) this.#raise('header-large', this.#start + this.#tables.limits.header)
    this.#large = true
    return 'line'
  }

  #continue(text: string, lineBreak: string, offset: number): Next {
    if (trim(text) === '') this.#raise('header-blank-fold', offset)
    if (this.#field === undefined) {
      this.#raise('header-line', offset)
    } else {
      this.#field.text.push(this.#field.lineBreak, text)
      this.#field.lineBreak = lineBreak
    }
    return 'line'
  }

  /** RFC 5322 §2.2, and §4.5: white space before the colon. */
  #beginField(text: string, lineBreak: string, start: number): boolean {
    const begin = /^([!-9;-~]+)[ \t]*:/.exec(text)
    if (begin === null) return false
    const colon = begin[0].length - 1
    if (colon > begin[1]!.length) this.#raise('header-space-colon', start)
    this.#field = { name: lower(begin[1]!), start, colon, text: [text], lineBreak }
    return true
  }

  #finishField(): void {
    const field = this.#field
    if (field === undefined) return
    this.#field = undefined
    const text = field.text.join('')
    const value = text.slice(field.colon + 1)
    if (this.#tables.fieldsFull) this.#raise('fields-many', field.start)
    else this.#keepField(field, value, text.length)
    this.header.field(field.name, value, field.start)
  }

  #keepField({ name, start, colon }: OpenField, value: string, size: number): void {
    const { text, raw, broken } = decodeHeaderText(value)
    if (raw) this.#raise('header-8bit', start)
    if (broken) this.#raise('encoded-word', start)
    const { start: nameStart, end: nameEnd } = this.#tables.keep(octetsOf(name.slice(0, longestName)))
    const textStart = this.#zones.position('header', this.#part)
    if (text.length > 0) this.#zones.write('header', this.#part, text)
    const textEnd = this.#zones.position('header', this.#part)
    this.#zones.endRecord('header', this.#part)
    const place = { part: this.#part, start, colon: start + colon, end: start + size }
    this.#tables.addField({ ...place, nameStart, nameEnd, textStart, textEnd })
  }
}
