/**
 * What the header of a part says about its body: media type, encoding, disposition, names, boundary.
 *
 * Promises: what `native/src/mime/part_header.h` promises: of a field that must occur once the first counts; what is
 * missing or broken has the default of RFC 2045 §5.2; a multipart that cannot be taken apart is read as text.
 */
import type { FlagName } from '#scanner/flag.ts'
import {
  type Disposition,
  dispositions,
  type Encoding,
  encodings,
  type PartKind,
  partKinds,
} from '#scanner/layout.ts'
import { decodeHeaderText, unfold } from '#scanner/typescript/mime/encoded-word.ts'
import { hasOddCharacters, longestFileName } from '#scanner/typescript/mime/file-name.ts'
import {
  lastOctets,
  latin1,
  lower,
  octetsOf,
  tokenAt,
  trim,
  trimEnd,
} from '#scanner/typescript/mime/octets.ts'
import { Parameters, skipComments } from '#scanner/typescript/mime/parameters.ts'
import type { Tables } from '#scanner/typescript/mime/tables.ts'

/** RFC 5322 §3.6 and RFC 2045 §3: at most once in a header. */
const once = new Set([
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'mime-version',
  'date',
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
  'content-description',
  'content-location',
])

const nested = new Set(['message/rfc822', 'message/global', 'message/news'])
const longestBoundary = 1_000
const longestType = 256
const longestId = 1_024

interface FileName {
  readonly text: Buffer
  readonly offset: number
}

const noName: FileName = { text: Buffer.alloc(0), offset: 0 }

/** Raises a flag where the field begins. */
type Raise = (flag: FlagName) => void

export class PartHeader {
  readonly #tables: Tables
  readonly #part: number
  readonly #message: boolean
  readonly #seen = new Set<string>()
  #version = false
  #typeName = noName
  #dispositionName = noName
  /** Of the file, as in the row of the part. */
  fileName: Buffer = noName.text
  type: string
  kind: PartKind = 'text'
  encoding: Encoding = 'identity'
  /** No encoding that allows octets above 127. */
  claims7bit = true
  boundary = ''
  charset = ''
  /** Where Content-Type stands. */
  typeOffset: number

  /** `message`: the header of a message, not only of a part of one. `digest`: of a part in a multipart/digest. */
  constructor(tables: Tables, part: number, message: boolean, digest: boolean) {
    this.#tables = tables
    this.#part = part
    this.#message = message
    this.type = digest ? 'message/rfc822' : 'text/plain' // RFC 2045 §5.2, RFC 2046 §5.1.5
    this.typeOffset = tables.part(part).headerStart
  }

  /** `name` in lower case, `value` as on the wire, latin1. */
  field(name: string, value: string, offset: number): void {
    if (!once.has(name)) return
    const raise: Raise = flag => this.#tables.raise(this.#part, flag, offset)
    if (this.#seen.has(name)) raise('header-duplicate')
    else this.#read(name, value, offset, raise)
  }

  #read(name: string, value: string, offset: number, raise: Raise): void {
    this.#seen.add(name)
    if (name === 'content-type') this.#contentType(value, offset, raise)
    if (name === 'content-transfer-encoding') this.#contentEncoding(value, raise)
    if (name === 'content-disposition') this.#contentDisposition(value, offset, raise)
    if (name === 'content-id') this.#contentId(value)
    if (name === 'mime-version') this.#version = value.startsWith('1.0', skipComments(value, 0).at)
  }

  /** The header is complete: fills the row of the part. */
  finish(): void {
    const mime = ['content-type', 'content-transfer-encoding', 'mime-version'].some(name =>
      this.#seen.has(name),
    )
    const row = this.#tables.part(this.#part)
    if (this.#message && !this.#version && mime)
      this.#tables.raise(this.#part, 'mime-version', row.headerStart)
    this.#decideKind()
    row.kind = partKinds.indexOf(this.kind)
    row.encoding = encodings.indexOf(this.encoding)
    ;({ start: row.typeStart, end: row.typeEnd } = this.#tables.keep(octetsOf(this.type)))
    ;({ start: row.charsetStart, end: row.charsetEnd } = this.#tables.keep(octetsOf(this.charset)))
    this.#fileNames()
  }

  #contentType(value: string, offset: number, raise: Raise): void {
    this.typeOffset = offset
    const begin = skipComments(value, 0)
    const type = tokenAt(value, begin.at)
    const slash = skipComments(value, begin.at + type.length)
    const isSlash = value[slash.at] === '/'
    const second = skipComments(value, slash.at + (isSlash ? 1 : 0))
    const subtype = tokenAt(value, second.at)
    const loose = begin.comment || slash.at !== begin.at + type.length || second.at > slash.at + 1
    if (type === '' || subtype === '' || !isSlash || type.length + subtype.length >= longestType) {
      raise('type-syntax')
      this.type = 'text/plain'
    } else {
      this.type = lower(`${type}/${subtype}`)
      if (loose) raise('parameter-syntax')
    }
    const parameters = new Parameters(value.slice(second.at + subtype.length))
    if (this.type.startsWith('multipart/')) this.#readBoundary(parameters, raise)
    this.charset = lower(trim(readOctets(parameters, 'charset') ?? '').slice(0, longestType))
    this.#typeName =
      readName(parameters, 'name', offset, raise) ?? readName(parameters, 'filename', offset, raise) ?? noName
    raiseNotes(parameters, raise)
  }

  #readBoundary(parameters: Parameters, raise: Raise): void {
    const value = readOctets(parameters, 'boundary')
    if (value === undefined) {
      raise('boundary-missing')
      return
    }
    if (decodeHeaderText(value).encoded) raise('parameter-encoded-word') // some programs undo it
    // RFC 2046 §5.1.1
    if (!/^[-0-9A-Za-z'()+_,./:=? ]{0,69}[-0-9A-Za-z'()+_,./:=?]$/.test(value)) raise('boundary-syntax')
    const usable = trimEnd(value)
    if (usable.length <= longestBoundary) this.boundary = usable
  }

  #contentEncoding(value: string, raise: Raise): void {
    const { at, comment } = skipComments(value, 0)
    const name = lower(tokenAt(value, at))
    this.claims7bit = name === '7bit' || name === 'quoted-printable'
    const known = encodingOf(name)
    this.encoding = known ?? 'unknown'
    const rest = trim(value.slice(at + name.length))
    if (comment || rest !== '' || known === undefined || known === 'uuencode') raise('encoding-unknown')
  }

  #contentDisposition(value: string, offset: number, raise: Raise): void {
    const { at, comment } = skipComments(value, 0)
    const name = tokenAt(value, at)
    if (comment || name === '') raise('parameter-syntax')
    this.#tables.part(this.#part).disposition = dispositions.indexOf(dispositionOf(lower(name)))
    const parameters = new Parameters(value.slice(at + name.length))
    // RFC 7578 §4.2: the name of form-data is that of the field in the form.
    const second = () =>
      lower(name) === 'form-data' ? undefined : readName(parameters, 'name', offset, raise)
    this.#dispositionName = readName(parameters, 'filename', offset, raise) ?? second() ?? noName
    raiseNotes(parameters, raise)
  }

  #contentId(value: string): void {
    let id = trim(unfold(value))
    if (id.startsWith('<')) id = id.slice(1)
    if (id.endsWith('>')) id = id.slice(0, -1)
    const row = this.#tables.part(this.#part)
    ;({ start: row.idStart, end: row.idEnd } = this.#tables.keep(octetsOf(id.slice(0, longestId))))
  }

  #decideKind(): void {
    const encoded = this.encoding !== 'identity' && this.encoding !== 'unknown'
    if (this.type.startsWith('multipart/')) {
      this.kind = this.boundary === '' ? 'text' : 'multipart'
    } else if (nested.has(this.type)) {
      // Its octets are searched as those of a file, then: no program agrees with another about them.
      this.kind = encoded ? 'other' : 'message'
    } else {
      this.kind = leafKind(this.type)
      if (this.type === 'message/partial' || this.type === 'message/external-body')
        this.#tables.raise(this.#part, 'message-elsewhere', this.typeOffset)
      return
    }
    if (encoded) this.#tables.raise(this.#part, 'encoding-composite', this.typeOffset)
  }

  #fileNames(): void {
    const type = this.#typeName
    const disposition = this.#dispositionName
    const chosen = disposition.text.length === 0 ? type : disposition
    if (type.text.length > 0 && disposition.text.length > 0 && !type.text.equals(disposition.text))
      this.#tables.raise(this.#part, 'filename-disagrees', disposition.offset)
    if (chosen.text.length > longestFileName)
      this.#tables.raise(this.#part, 'filename-control', chosen.offset)
    const row = this.#tables.part(this.#part)
    this.fileName = lastOctets(chosen.text, longestFileName)
    const kept = this.#tables.keep(this.fileName)
    ;({ start: row.filenameStart, end: row.filenameEnd } = kept)
  }
}

function encodingOf(name: string): Encoding | undefined {
  if (name === '7bit' || name === '8bit' || name === 'binary') return 'identity'
  if (name === 'base64' || name === 'quoted-printable') return name
  return name === 'x-uuencode' || name === 'uuencode' || name === 'x-uue' ? 'uuencode' : undefined
}

const dispositionOf = (name: string): Disposition =>
  name === 'inline' || name === 'attachment' ? name : 'other'

function leafKind(type: string): PartKind {
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html'
  return type.startsWith('text/') || type.startsWith('message/') ? 'text' : 'other' // reports are shown as text
}

function raiseNotes({ notes }: Parameters, raise: Raise): void {
  if (notes.syntax) raise('parameter-syntax')
  if (notes.duplicate) raise('parameter-duplicate')
  if (notes.continuation) raise('parameter-continuation')
}

/** A plain value goes first; who does not know RFC 2231 sees nothing else. Latin1. */
function readOctets(parameters: Parameters, name: string): string | undefined {
  const extended = parameters.extended(name)
  if (extended !== undefined) parameters.notes.continuation = true
  return parameters.plain(name) ?? (extended === undefined ? undefined : latin1(extended))
}

/** The value by RFC 2231 goes first, since only it can carry every name. */
function readName(parameters: Parameters, name: string, offset: number, raise: Raise): FileName | undefined {
  const extended = parameters.extended(name)
  const value = parameters.plain(name)
  if (extended !== undefined && hasOddCharacters(extended)) raise('filename-control')
  if (value === undefined) return extended && { text: extended, offset }
  const plain = decodeHeaderText(value)
  if (plain.encoded) raise('parameter-encoded-word')
  if (plain.broken) raise('encoded-word')
  if (hasOddCharacters(octetsOf(value)) || hasOddCharacters(plain.text)) raise('filename-control')
  if (extended !== undefined && !plain.text.equals(extended)) parameters.notes.continuation = true
  return { text: extended ?? plain.text, offset }
}
