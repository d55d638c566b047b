/**
 * One zone of the message that is being scanned: its beginning, its words, its search for patterns.
 *
 * Promises: as `native/src/matching/zone_stream.h`. Expressions see what is kept of a record; of zones that are not kept, as
 * much is held until the record ends.
 */
import { none, type Zone, zones } from '#scanner/layout.ts'
import { hasWords } from '#scanner/patterns/positions.ts'
import type { ExpressionSearch } from './expression-search.ts'
import { LiteralSearch } from './literal-search.ts'
import { MatchRows } from './match-rows.ts'
import { OctetBuffer } from './octet-buffer.ts'
import type { ZonePatterns } from './pattern-set.ts'

/** The columns of `textColumns`, but for the zone. */
export interface TextRow {
  readonly part: number
  readonly size: number
  readonly words: number
  readonly keptStart: number
  readonly keptEnd: number
}

const nothing: ZonePatterns = { exact: undefined, folded: undefined, longest: 0, expressions: [] }

export class ZoneStream {
  readonly matches: MatchRows
  readonly #zone: number
  readonly #patterns: ZonePatterns
  readonly #literals: LiteralSearch | undefined
  readonly #expressions: ExpressionSearch
  readonly #isKept: boolean
  readonly #countsWords: boolean
  /** What is kept of all parts; of a zone that is not kept, the record. */
  readonly #text: OctetBuffer
  #texts: TextRow[] = []
  #part = none
  #partStart = 0
  #size = 0
  #words = 0
  #recordStart = 0
  #recordText = 0
  #isCut = false

  constructor(
    zone: Zone,
    patterns: ZonePatterns | undefined,
    expressions: ExpressionSearch,
    limits: { readonly kept: number; readonly matches: number },
  ) {
    this.#zone = zones.indexOf(zone)
    this.#patterns = patterns ?? nothing
    this.#expressions = expressions
    this.#isKept = zone !== 'attachment' && zone !== 'wire'
    this.#countsWords = hasWords(zone)
    this.#text = new OctetBuffer(limits.kept)
    this.matches = new MatchRows(limits.matches)
    const take = (pattern: number, start: number, end: number, word: number) =>
      this.#take(pattern, start, end, this.#words + word)
    const { exact, folded } = this.#patterns
    if (exact !== undefined || folded !== undefined || this.#countsWords)
      this.#literals = new LiteralSearch(this.#patterns, take)
  }

  isOpen(part: number): boolean {
    return this.#part === part
  }

  get position(): number {
    return this.#size
  }

  get texts(): readonly TextRow[] {
    return this.#texts
  }

  get kept(): Uint8Array {
    return this.#isKept ? this.#text.octets() : new Uint8Array()
  }

  get wasCut(): boolean {
    return this.#isKept && this.#isCut
  }

  write(part: number, piece: Uint8Array): void {
    if (piece.length === 0) return
    if (this.#part !== part) this.#beginPart(part)
    this.#size += piece.length
    if (this.#isKept || this.#patterns.expressions.length > 0)
      if (this.#text.append(piece) < piece.length) this.#isCut = true
    this.#literals?.write(piece)
  }

  endRecord(): void {
    if (this.#part === none) return
    const before = this.#words
    if (this.#countsWords) this.#words += this.#literals?.words ?? 0
    this.#endLiterals(before)
    if (this.#size > this.#recordStart) this.#searchExpressions(before)
    this.#recordStart = this.#size
    if (!this.#isKept) this.#text.reset()
    this.#recordText = this.#text.length
  }

  endPart(): void {
    if (this.#part === none) return
    this.endRecord()
    const keptEnd = this.#isKept ? this.#text.length : 0
    const size = Math.min(this.#size, none)
    this.#texts.push({
      part: this.#part,
      size,
      words: this.#words,
      keptStart: this.#isKept ? this.#partStart : 0,
      keptEnd,
    })
    this.#part = none
  }

  reset(): void {
    this.matches.reset()
    this.#text.reset()
    this.#literals?.reset()
    this.#texts = []
    this.#part = none
    this.#isCut = false
  }

  #beginPart(part: number): void {
    this.endPart()
    this.#part = part
    this.#partStart = this.#recordText = this.#text.length
    this.#size = this.#words = this.#recordStart = 0
  }

  /** Occurrences that waited for the end of the record count its words from its beginning. */
  #endLiterals(words: number): void {
    const all = this.#words
    this.#words = words
    this.#literals?.endRecord()
    this.#words = all
  }

  #searchExpressions(words: number): void {
    const { expressions } = this.#patterns
    if (expressions.length === 0) return
    const octets = this.#text.octets().subarray(this.#recordText)
    const record = {
      octets,
      isCut: octets.length < this.#size - this.#recordStart,
      words: this.#countsWords ? words : undefined,
    }
    const ended = this.#expressions.search(expressions, record, (pattern, start, end, word) =>
      this.#take(pattern, start, end, word),
    )
    if (!ended) this.matches.giveUp()
  }

  #take(pattern: number, start: number, end: number, word: number): void {
    const at = this.#recordStart
    this.matches.add([
      pattern,
      this.#part,
      this.#zone,
      start === none ? none : at + start,
      at + end,
      this.#countsWords ? word : 0,
    ])
  }
}
