/**
 * The body of a part that has no parts: undone, decoded, read, and handed to the zones.
 *
 * Promises: memory does not grow with the body; what a text carries as a uuencoded file becomes a part of its own.
 */
import { encodings, type LinkOrigin, linkOrigins, partKinds, type Zone, zones } from '#scanner/layout.ts'
import { makeCharsetDecoder } from '#scanner/typescript/decoding/charset.ts'
import { makeTransferDecoder } from '#scanner/typescript/decoding/transfer.ts'
import { makeUuencodeSplitter } from '#scanner/typescript/decoding/uuencode.ts'
import { toUtf8 } from '#scanner/typescript/mime/encoded-word.ts'
import { hasOddCharacters, writeFileName } from '#scanner/typescript/mime/file-name.ts'
import { bufferOf, octetsOf } from '#scanner/typescript/mime/octets.ts'
import type { PartHeader } from '#scanner/typescript/mime/part-header.ts'
import { PartFaults, type Tables } from '#scanner/typescript/mime/tables.ts'
import type { FileSinks, Readable, Sink, TransferDecoder, ZoneStreams } from '#scanner/typescript/sink.ts'
import { makeHtmlReader } from '#scanner/typescript/text/html.ts'
import { makePlainReader } from '#scanner/typescript/text/plain.ts'

const headSize = 64
const readableZones: readonly Zone[] = ['text', 'hidden', 'source', 'url', 'address']

/** Decoded octets of a part: counted, their beginning kept, handed on. */
class Content implements Sink {
  readonly #tables: Tables
  readonly #zones: ZoneStreams
  readonly #part: number
  readonly #next: Sink | undefined
  readonly #attachment: boolean
  #head = Buffer.alloc(0)
  #size = 0

  /** Without a sink behind it the octets are those of an attachment. */
  constructor(tables: Tables, zoneStreams: ZoneStreams, part: number, next: Sink | undefined) {
    this.#tables = tables
    this.#zones = zoneStreams
    this.#part = part
    this.#next = next
    this.#attachment = next === undefined && zoneStreams.wants('attachment')
  }

  write(piece: Uint8Array): void {
    if (this.#head.length < headSize)
      this.#head = Buffer.concat([this.#head, piece.subarray(0, headSize - this.#head.length)])
    this.#size += piece.length
    this.#next?.write(piece)
    if (this.#attachment) this.#zones.write('attachment', this.#part, piece)
  }

  end(): void {
    const row = this.#tables.part(this.#part)
    row.decodedSize = this.#size
    ;({ start: row.headStart, end: row.headEnd } = this.#tables.keep(this.#head))
    this.#next?.end()
    if (this.#attachment) this.#zones.end('attachment', this.#part)
  }
}

export class Leaf implements FileSinks, Readable {
  readonly #tables: Tables
  readonly #zones: ZoneStreams
  readonly #faults: PartFaults
  readonly #content: Content
  readonly #isText: boolean
  /** Takes a uuencoded body apart. */
  readonly #unwrapper: Sink | undefined
  readonly #decoder: TransferDecoder

  constructor(tables: Tables, zoneStreams: ZoneStreams, part: number, header: PartHeader) {
    this.#tables = tables
    this.#zones = zoneStreams
    this.#faults = new PartFaults(tables)
    this.#faults.part = part
    this.#isText = header.kind !== 'other'
    const content = new Content(tables, zoneStreams, part, this.#isText ? this.#textChain(header) : undefined)
    this.#content = content
    if (header.encoding === 'uuencode') {
      // What stands around a uuencoded body belongs to it.
      const beside: Sink = { write: piece => content.write(piece), end() {} }
      this.#unwrapper = makeUuencodeSplitter(beside, { open: () => beside }, this.#faults)
    }
    const encoding = this.#unwrapper === undefined ? header.encoding : 'identity'
    this.#decoder = makeTransferDecoder(encoding, this.#unwrapper ?? content, this.#faults)
  }

  /** `offset` is where the piece stands on the wire. */
  write(piece: Uint8Array, offset: number): void {
    this.#decoder.decode(piece, offset)
  }

  finish(offset: number): void {
    this.#decoder.finish(offset)
    this.#unwrapper?.end()
    this.#content.end()
    if (this.#isText) for (const zone of readableZones) this.#zones.end(zone, this.#faults.part)
  }

  /** A uuencoded file inside a text: a part of that text, at its place on the wire. */
  open(name: Uint8Array): Sink | undefined {
    const parent = this.#faults.part
    const text = this.#tables.part(parent)
    if (this.#tables.partsFull || text.depth + 1 > this.#tables.limits.depth) {
      this.#faults.raise(this.#tables.partsFull ? 'parts-many' : 'nesting-deep')
      return undefined
    }
    const part = this.#tables.addPart(parent, text.depth + 1, text.bodyStart)
    const row = this.#tables.part(part)
    row.kind = partKinds.indexOf('other')
    row.encoding = encodings.indexOf('uuencode')
    ;({ start: row.typeStart, end: row.typeEnd } = this.#tables.keep(octetsOf('application/octet-stream')))
    const { text: filename } = toUtf8('', bufferOf(name))
    if (hasOddCharacters(filename)) this.#tables.raise(part, 'filename-control', row.bodyStart)
    ;({ start: row.filenameStart, end: row.filenameEnd } = this.#tables.keep(filename))
    writeFileName(this.#zones, part, filename)
    return new Content(this.#tables, this.#zones, part, undefined)
  }

  visible(piece: Uint8Array): void {
    this.#zones.write('text', this.#faults.part, piece)
  }

  hidden(piece: Uint8Array): void {
    this.#zones.write('hidden', this.#faults.part, piece)
  }

  link(zone: 'url' | 'address', origin: LinkOrigin, text: Uint8Array): void {
    const part = this.#faults.part
    if (this.#tables.linksFull) {
      this.#faults.raise('links-many')
      return
    }
    const start = this.#zones.position(zone, part)
    this.#zones.write(zone, part, text)
    const end = this.#zones.position(zone, part)
    this.#zones.endRecord(zone, part)
    const row = { part, zone: zones.indexOf(zone), origin: linkOrigins.indexOf(origin), start, end }
    this.#tables.addLink(row)
  }

  /** Text in UTF-8 goes to zone source and to the reader. */
  #textChain(header: PartHeader): Sink {
    const { link } = this.#tables.limits
    const makeReader = header.kind === 'html' ? makeHtmlReader : makePlainReader
    const reader = makeReader(this, this.#faults, link)
    const source: Sink = {
      write: piece => {
        this.#zones.write('source', this.#faults.part, piece)
        reader.write(piece)
      },
      end: () => reader.end(),
    }
    const decoder = makeCharsetDecoder(header.charset, source, this.#faults)
    return header.type === 'text/plain' ? makeUuencodeSplitter(decoder, this, this.#faults) : decoder
  }
}
