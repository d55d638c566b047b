/**
 * The line discipline of a message, checked while it passes: CR and LF only as CRLF, no NUL, lines, header and message
 * within their limits, not too many Received fields.
 *
 * Promises: the first fault in the order of the octets is named, however they were cut into chunks; nothing is passed
 * on once a fault was found. One look at each octet, pieces pass uncopied.
 * Leaves out: what the header says. A message whose header does not end within the limit is refused even if it never
 * meant to have one.
 */
import { ControlSearch } from '#session/control-search.ts'
import type { PieceSink } from '#session/data-reader.ts'

export interface ContentLimits {
  /** Octets of content as the client sent it, without dot-stuffing (RFC 1870 §5). */
  readonly messageSize: number
  readonly headerSize: number
  /** Octets without CRLF. */
  readonly lineLength: number
  readonly hops: number
}

export type ContentFault =
  | 'bare-cr'
  | 'bare-lf'
  | 'nul-octet'
  | 'message-too-large'
  | 'header-too-large'
  | 'line-too-long'
  | 'hops-exceeded'

const carriageReturn = 13
const lineFeed = 10
const received = 'received:'

export class ContentChecker implements PieceSink {
  readonly #limits: ContentLimits
  readonly #sink: PieceSink
  readonly #controls = new ControlSearch()
  /** Octets of all pieces before the current one. */
  #passed = 0
  /** Offset at which the current line began. */
  #lineStart = 0
  #inHeader = true
  #hops = 0
  /** The last octet was a CR: its line ends with the next octet or is at fault. */
  #owed = false
  /** First octets of the current header line, as far as they came with earlier pieces. */
  #fieldName = ''
  /** What is wrong, and at which octet of the content. */
  fault: { readonly name: ContentFault; readonly offset: number } | undefined

  constructor(limits: ContentLimits, sink: PieceSink) {
    this.#limits = limits
    this.#sink = sink
  }

  get size(): number {
    return this.#passed
  }

  /** True when the last line has no CRLF yet: only BDAT can end so. */
  get lineOpen(): boolean {
    return this.#passed > this.#lineStart
  }

  take(piece: Buffer): void {
    if (this.fault === undefined) this.#scan(piece)
    this.#passed += piece.length
    if (this.fault === undefined) this.#sink.take(piece)
  }

  /** The content is complete. */
  finish(): void {
    if (this.#owed && this.fault === undefined) this.#fail('bare-cr', this.#passed - 1)
  }

  /** Called for every octet of every message: offsets are numbers, nothing is allocated. */
  #scan(piece: Buffer): void {
    const { length } = piece
    let at = 0
    this.#controls.begin(piece)
    if (this.#owed && length > 0) {
      this.#owed = false
      if (piece[0] !== lineFeed) {
        this.#fail('bare-cr', this.#passed - 1)
        return
      }
      this.#endLine(piece, -1)
      at = 1
    }
    while (this.fault === undefined) {
      at = this.#controls.next(at)
      if (at >= length) break
      const octet = piece[at]!
      if (octet !== carriageReturn && octet !== lineFeed && octet !== 0) {
        at++
        continue
      }
      this.#checkLimits(this.#passed + at)
      if (this.fault !== undefined) return
      if (octet === lineFeed) {
        this.#fail('bare-lf', this.#passed + at)
        return
      }
      if (octet === 0) {
        this.#fail('nul-octet', this.#passed + at)
        return
      }
      if (at + 1 === length) {
        this.#owed = true
        at++
      } else if (piece[at + 1] === lineFeed) {
        this.#endLine(piece, at)
        at += 2
      } else {
        this.#fail('bare-cr', this.#passed + at)
        return
      }
    }
    this.#checkLimits(this.#passed + length - (this.#owed ? 1 : 0))
    this.#rememberFieldName(piece)
  }

  /** `at` is where the CR stands in the piece; -1 when it was the last octet of the one before. */
  #endLine(piece: Buffer, at: number): void {
    const offset = this.#passed + at
    if (this.#inHeader) {
      if (offset === this.#lineStart) this.#inHeader = false
      else this.#countHop(piece, at)
      if (offset + 2 > this.#limits.headerSize) this.#fail('header-too-large', this.#limits.headerSize)
      this.#fieldName = ''
    }
    this.#lineStart = offset + 2
    if (this.#lineStart > this.#limits.messageSize) this.#fail('message-too-large', this.#limits.messageSize)
  }

  /** `until`: how many octets are known to be there that are not the CR of a line end. */
  #checkLimits(until: number): void {
    const { messageSize, headerSize, lineLength } = this.#limits
    const longest = this.#lineStart + lineLength
    const header = this.#inHeader ? headerSize : Number.POSITIVE_INFINITY
    if (until <= messageSize && until <= longest && until <= header) return
    const first = Math.min(messageSize, longest, header)
    if (first === header) this.#fail('header-too-large', first)
    else if (first === longest) this.#fail('line-too-long', first)
    else this.#fail('message-too-large', first)
  }

  /** RFC 5321 §6.3: loops are found by counting Received fields. */
  #countHop(piece: Buffer, at: number): void {
    if (this.#nameOfField(piece, Math.max(at, 0)).toLowerCase() !== received) return
    if (++this.#hops > this.#limits.hops) this.#fail('hops-exceeded', this.#lineStart)
  }

  #rememberFieldName(piece: Buffer): void {
    if (this.#inHeader) this.#fieldName = this.#nameOfField(piece, piece.length)
  }

  /** The first octets of the current line, of which those before `until` stand in the piece. */
  #nameOfField(piece: Buffer, until: number): string {
    const missing = received.length - this.#fieldName.length
    if (missing === 0) return this.#fieldName
    const from = Math.max(this.#lineStart - this.#passed, 0)
    return this.#fieldName + piece.toString('latin1', from, Math.min(from + missing, until))
  }

  #fail(name: ContentFault, offset: number): void {
    this.fault ??= { name, offset }
  }
}
