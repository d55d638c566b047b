/**
 * One pass over a message in wire form: line discipline, header fields, parts, decoded texts.
 *
 * Promises: what `native/src/mime/mime_scanner.h` promises, in the same tables; README.md says how each thing is read.
 * Leaves out: speed beyond what V8 gives a plain reading.
 */
import { briefOf } from '#scanner/brief.ts'
import { none } from '#scanner/layout.ts'
import type { ScanBrief, ScanLimits, Scanner, ScanOutput } from '#scanner/scanner.ts'
import { Between } from '#scanner/typescript/mime/between.ts'
import { Containers, type Judgement, longestDelimiter } from '#scanner/typescript/mime/containers.ts'
import { HeaderReader } from '#scanner/typescript/mime/header-reader.ts'
import { Leaf } from '#scanner/typescript/mime/leaf.ts'
import { dashesAt, Lines } from '#scanner/typescript/mime/lines.ts'
import { bufferOf, latin1, lineBreakSize } from '#scanner/typescript/mime/octets.ts'
import { Tables } from '#scanner/typescript/mime/tables.ts'
import type { ZoneStreams } from '#scanner/typescript/sink.ts'

const lf = 0x0a
const cr = 0x0d
const nothing = Buffer.alloc(0)

class MimeScanner implements Scanner {
  readonly #zones: ZoneStreams
  readonly #tables: Tables
  readonly #lines: Lines
  readonly #containers = new Containers()
  #size = 0
  /** Undefined: a body is read. */
  #header: HeaderReader | undefined
  #reader: Leaf | Between | undefined
  /** Whose header or body is read. */
  #part = 0
  /** Octets above 127 are a fault here. */
  #eightBit = false
  /** In a body: the next octet begins a line, or continues `line`. */
  #lineStart = false
  /** The beginning of a line that is not complete. */
  #line: Buffer[] = []
  #lineSize = 0
  #lineOffset = 0
  /** A line break that belongs to the boundary if one follows, else to the body. */
  #break = nothing
  /** Octets of the line break before this line, which a boundary takes with it. */
  #beforeLine = 0

  constructor(zones: ZoneStreams, limits: ScanLimits) {
    this.#zones = zones
    this.#tables = new Tables(limits)
    this.#lines = new Lines(this.#tables)
    this.#beginPart(none, true, false, 0)
  }

  write(octets: Uint8Array): void {
    const piece = bufferOf(octets)
    if (piece.length > 0 && this.#zones.wants('wire')) this.#zones.write('wire', 0, piece)
    for (let at = 0; at < piece.length; ) {
      const rest = piece.subarray(at)
      const offset = this.#size + at
      at += this.#header === undefined ? this.#takeBody(rest, offset) : this.#takeHeader(rest, offset)
    }
    this.#size += piece.length
  }

  end(): ScanOutput {
    if (this.#header !== undefined && this.#lineSize > 0) this.#headerLine(this.#takeLine(), this.#lineOffset)
    if (this.#header === undefined && this.#lineSize > 0) this.#judgeLine(this.#takeLine(), this.#lineOffset)
    this.#lines.finish(this.#size, this.#part)
    this.#endHeaderEarly(this.#size)
    this.#lineOffset = this.#size
    this.#releaseBreak()
    this.#endBody(this.#size)
    while (this.#containers.count > 0) this.#closeContainer(this.#size)
    if (this.#zones.wants('wire')) this.#zones.end('wire', 0)
    const size = this.#size
    const found = this.#zones.finish()
    if (this.#zones.textWasCut()) this.#tables.raise(0, 'text-cut', 0)
    if (this.#zones.matchesWereCut()) this.#tables.raise(0, 'matches-many', 0)
    const output = { size, ...this.#tables.finish(), ...found, text: new Uint8Array(found.text) }
    this.abandon()
    return output
  }

  endInBrief(): ScanBrief {
    return briefOf(this.end())
  }

  abandon(): void {
    this.#zones.reset()
    this.#tables.reset()
    this.#lines.reset()
    this.#containers.clear()
    this.#size = 0
    this.#line = []
    this.#lineSize = 0
    this.#break = nothing
    this.#reader = undefined
    this.#beginPart(none, true, false, 0)
  }

  // The header.

  #takeHeader(piece: Buffer, offset: number): number {
    const newline = piece.indexOf(lf)
    const rest = newline < 0 ? piece : piece.subarray(0, newline + 1)
    this.#lines.examine(rest, offset, this.#part, { dashes: false, eightBit: false })
    if (newline >= 0 && this.#lineSize === 0) {
      this.#headerLine(rest, offset)
      return rest.length
    }
    // What is longer is not read anyway.
    this.#gather(rest, offset, this.#tables.limits.header + longestDelimiter)
    if (newline >= 0) this.#headerLine(this.#takeLine(), this.#lineOffset)
    return rest.length
  }

  /** A line that begins no field is read again as the beginning of the body, which may be a message with a header of its own. */
  #headerLine(line: Buffer, offset: number): void {
    if (this.#containers.awaiting && dashesAt(line, 0)) {
      const judgement = this.#judge(line, offset)
      if (judgement.kind === 'delimiter' || judgement.kind === 'close') {
        this.#endHeaderEarly(offset)
        this.#delimiter(judgement, offset, line)
        return
      }
    }
    while (this.#header !== undefined) {
      const next = this.#header.line(line, offset)
      if (next === 'line') return
      this.#header.finish()
      this.#beginBody(next === 'body' ? offset + line.length : offset, this.#header)
      if (next === 'body') return
    }
    const high = this.#eightBit ? line.findIndex(octet => octet > 0x7f) : -1
    if (high >= 0) this.#tables.raise(this.#part, 'encoding-8bit', offset + high)
    this.#lineStart = false
    // Where no boundary is awaited, none will ask for the line break.
    if (this.#containers.awaiting) this.#deliver(line, offset)
    else this.#feed(line, offset)
  }

  /** A boundary, or the end of the message, comes before the empty line. */
  #endHeaderEarly(offset: number): void {
    while (this.#header !== undefined) {
      this.#header.finish()
      this.#tables.raise(this.#part, 'header-unfinished', offset)
      this.#beginBody(offset, this.#header)
    }
  }

  // The body.

  #takeBody(piece: Buffer, offset: number): number {
    const eightBit = this.#eightBit
    if (!this.#containers.awaiting) {
      this.#lines.examine(piece, offset, this.#part, { dashes: false, eightBit })
      this.#feed(piece, offset)
      return piece.length
    }
    if (this.#lineStart) return this.#takeLineStart(piece, offset)
    if (this.#break.length > 0) {
      // A CR at the end of the last piece.
      if (piece[0] === lf) {
        this.#lines.examine(piece.subarray(0, 1), offset, this.#part, { dashes: false, eightBit })
        this.#break = Buffer.from('\r\n')
        this.#beforeLine = 2
        this.#lineStart = true
        return 1
      }
      this.#lineOffset = offset
      this.#releaseBreak()
    }
    const examined = this.#lines.examine(piece, offset, this.#part, { dashes: true, eightBit })
    this.#deliver(piece.subarray(0, examined), offset)
    return examined
  }

  /** At the beginning of a line: gathers it for as long as it may become a delimiter. */
  #takeLineStart(piece: Buffer, offset: number): number {
    if (this.#lineSize === 0) {
      this.#lineOffset = offset
      if (!dashesAt(piece, 0)) {
        this.#releaseBreak()
        return 0
      }
    }
    const newline = piece.indexOf(lf)
    const rest = newline < 0 ? piece : piece.subarray(0, newline + 1)
    this.#lines.examine(rest, offset, this.#part, { dashes: false, eightBit: this.#eightBit })
    if (newline >= 0 && this.#lineSize === 0) {
      this.#judgeLine(rest, offset)
      return rest.length
    }
    this.#gather(rest, offset, Number.POSITIVE_INFINITY)
    const whole = newline >= 0 || this.#lineSize > longestDelimiter
    if (whole || !this.#containers.mayBecome(latin1(Buffer.concat(this.#line))))
      this.#judgeLine(this.#takeLine(), this.#lineOffset)
    return rest.length
  }

  #gather(rest: Buffer, offset: number, most: number): void {
    if (this.#lineSize === 0) this.#lineOffset = offset
    const kept = Buffer.from(rest.subarray(0, Math.max(0, most - this.#lineSize)))
    this.#line.push(kept)
    this.#lineSize += kept.length
  }

  #takeLine(): Buffer {
    const line = Buffer.concat(this.#line)
    this.#line = []
    this.#lineSize = 0
    return line
  }

  #judge(line: Buffer, offset: number): Judgement {
    const judgement = this.#containers.judge(line.toString('latin1', 0, line.length - lineBreakSize(line)))
    if (judgement.kind === 'near')
      this.#tables.raise(this.#containers.at(judgement.level).part, 'boundary-near', offset)
    return judgement
  }

  #judgeLine(line: Buffer, offset: number): void {
    if (dashesAt(line, 0)) {
      const judgement = this.#judge(line, offset)
      if (judgement.kind === 'delimiter' || judgement.kind === 'close') {
        this.#delimiter(judgement, offset, line)
        return
      }
    }
    this.#releaseBreak()
    this.#deliver(line, offset)
  }

  /** The line break that was held back belongs to the body: no boundary followed. */
  #releaseBreak(): void {
    this.#lineStart = false
    const held = this.#break
    this.#break = nothing
    this.#feed(held, this.#lineOffset - held.length)
  }

  /** Hands octets to the reader, but for a line break at their end. */
  #deliver(piece: Buffer, offset: number): void {
    const size = lineBreakSize(piece)
    const held = size === 0 && piece.at(-1) === cr ? 1 : size
    this.#feed(piece.subarray(0, piece.length - held), offset)
    this.#break = Buffer.from(piece.subarray(piece.length - held))
    this.#beforeLine = held
    this.#lineStart = size > 0
  }

  #feed(piece: Buffer, offset: number): void {
    if (piece.length > 0) this.#reader?.write(piece, offset)
  }

  // Parts.

  #beginPart(parent: number, message: boolean, digest: boolean, offset: number): void {
    if (this.#tables.partsFull) {
      this.#tables.raise(parent, 'parts-many', offset)
      this.#readWith(undefined, parent)
      return
    }
    const depth = parent === none ? 0 : this.#tables.part(parent).depth + 1
    this.#part = this.#tables.addPart(parent, depth, offset)
    this.#header = new HeaderReader(this.#tables, this.#zones, this.#part, offset, message, digest)
  }

  #beginBody(offset: number, { header }: HeaderReader): void {
    const row = this.#tables.part(this.#part)
    row.bodyStart = row.bodyEnd = offset
    this.#beforeLine = 0
    this.#break = nothing
    if (header.kind === 'multipart' || header.kind === 'message') {
      this.#beginParts(offset, header)
    } else {
      this.#readWith(new Leaf(this.#tables, this.#zones, this.#part, header), this.#part)
      this.#eightBit = header.claims7bit
    }
  }

  #beginParts(offset: number, header: HeaderReader['header']): void {
    const part = this.#part
    if (this.#tables.part(part).depth >= this.#tables.limits.depth) {
      this.#tables.raise(part, 'nesting-deep', offset)
      this.#readWith(undefined, part)
      return
    }
    if (this.#containers.push(part, header.boundary, header.type === 'multipart/digest'))
      this.#tables.raise(part, 'boundary-same', header.typeOffset)
    if (header.kind === 'multipart') this.#readWith(new Between(this.#tables, this.#zones, part, false), part)
    else this.#beginPart(part, true, false, offset)
  }

  #readWith(reader: Leaf | Between | undefined, part: number): void {
    this.#header = undefined
    this.#reader = reader
    this.#part = part
    this.#eightBit = false
    this.#lineStart = true
  }

  #endBody(end: number): void {
    this.#reader?.finish(end)
    this.#tables.part(this.#part).bodyEnd = end
  }

  /** `line` stands at `offset`, with its break. */
  #delimiter(judgement: Judgement, offset: number, line: Buffer): void {
    const end = offset - this.#beforeLine
    this.#endBody(end)
    while (this.#containers.count - 1 > judgement.level) this.#closeContainer(end)
    const container = this.#containers.top
    container.met = true
    this.#break = nothing
    this.#beforeLine = lineBreakSize(line)
    if (judgement.kind === 'delimiter') {
      this.#beginPart(container.part, false, container.digest, offset + line.length)
      return
    }
    container.closed = true
    this.#readWith(new Between(this.#tables, this.#zones, container.part, true), container.part)
  }

  #closeContainer(end: number): void {
    const { part, boundary, met, closed } = this.#containers.top
    if (boundary !== '' && !closed)
      this.#tables.raise(part, met ? 'boundary-unclosed' : 'boundary-absent', end)
    this.#tables.part(part).bodyEnd = end
    this.#containers.pop()
  }
}

/** `zones` are those of one scanner; it resets them between messages. */
export const makeMimeScanner = (zones: ZoneStreams, limits: ScanLimits): Scanner =>
  new MimeScanner(zones, limits)
