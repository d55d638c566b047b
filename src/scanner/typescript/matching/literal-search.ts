/**
 * Looks for the literals of a zone in its octets as they come.
 *
 * Promises: one pass; memory of the longest literal; results do not depend on the cuts.
 */
import type { Automaton } from './automaton.ts'
import { CharacterReader, CharacterTable } from './characters.ts'
import type { Literal, ZonePatterns } from './pattern-set.ts'

/** Offsets in the record; `word`: words of the record that begin before `end`. */
export type TakeLiteral = (pattern: number, start: number, end: number, word: number) => void

interface Waiting {
  readonly pattern: number
  readonly start: number
  readonly end: number
  readonly word: number
}

/** What is the same for every message: filled as characters come. */
const table = new CharacterTable()

export class LiteralSearch {
  readonly #take: TakeLiteral
  readonly #exact: Automaton<Literal> | undefined
  readonly #folded: Automaton<Literal> | undefined
  readonly #reader = new CharacterReader((point, length) => this.#character(point, length))
  /** Where the last characters begin, and what they are, in a ring. */
  readonly #starts: Float64Array
  readonly #points: Uint32Array
  #count = 0
  #exactState = 0
  #foldedState = 0
  #offset = 0
  #words = 0
  #isInside = false
  /** Occurrences whose next character decides. */
  #waiting: Waiting[] = []

  constructor(patterns: Pick<ZonePatterns, 'exact' | 'folded' | 'longest'>, take: TakeLiteral) {
    this.#take = take
    this.#exact = patterns.exact
    this.#folded = patterns.folded
    this.#starts = new Float64Array(patterns.longest + 2)
    this.#points = new Uint32Array(patterns.longest + 2)
  }

  /** Words of the record so far. */
  get words(): number {
    return this.#words
  }

  write(piece: Uint8Array): void {
    this.#reader.write(piece)
  }

  endRecord(): void {
    this.#reader.end()
    for (const { pattern, start, end, word } of this.#waiting) this.#take(pattern, start, end, word)
    this.reset()
  }

  reset(): void {
    this.#reader.reset()
    this.#waiting = []
    this.#count = this.#offset = this.#words = this.#exactState = this.#foldedState = 0
    this.#isInside = false
  }

  #character(point: number, length: number): void {
    if (this.#waiting.length > 0) this.#decide(point)
    const separates = point === 0x20 || point === 0x0a
    if (!separates && !this.#isInside) this.#words++
    this.#isInside = !separates
    const at = this.#count++ % this.#starts.length
    this.#starts[at] = this.#offset
    this.#points[at] = point
    this.#offset += length
    if (this.#exact !== undefined) {
      this.#exactState = this.#exact.step(this.#exactState, point)
      this.#exact.report(this.#exactState, literal => this.#found(literal))
    }
    if (this.#folded !== undefined) {
      this.#foldedState = this.#folded.step(this.#foldedState, table.caseClass(point))
      this.#folded.report(this.#foldedState, literal => this.#found(literal))
    }
  }

  #decide(next: number): void {
    const isWord = table.isWordCharacter(next)
    if (!isWord)
      for (const { pattern, start, end, word } of this.#waiting) this.#take(pattern, start, end, word)
    this.#waiting = []
  }

  #found({ pattern, length, wordStart, wordEnd }: Literal): void {
    const first = this.#count - length
    const start = this.#starts[first % this.#starts.length]!
    if (wordStart && first > 0 && table.isWordCharacter(this.#points[(first - 1) % this.#points.length]!))
      return
    const found = { pattern, start, end: this.#offset, word: this.#words }
    if (wordEnd) this.#waiting.push(found)
    else this.#take(pattern, start, this.#offset, this.#words)
  }
}
