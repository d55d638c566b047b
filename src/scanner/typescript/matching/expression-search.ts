/**
 * Looks for the regular expressions of a zone in a record, by RegExp.
 *
 * Promises: a message takes no more time here than its budget, whatever its text does to an expression that backtracks; who
 * ran out of it is told. What reaches the place where a record was cut is no match.
 */
import { none } from '#scanner/layout.ts'
import { perPattern } from '#scanner/pattern.ts'
import type { Interruptible } from '#scanner/patterns/interruptible.ts'
import { createPositions, type Positions } from '#scanner/patterns/positions.ts'
import type { Expression } from './pattern-set.ts'

export interface RecordText {
  readonly octets: Uint8Array
  /** There was more of it than is looked at. */
  readonly isCut: boolean
  /** Words of the zone before the record; undefined where words are not counted. */
  readonly words: number | undefined
}

/** Offsets in the record; `start` may be none. */
export type TakeExpression = (pattern: number, start: number, end: number, word: number) => void

export class ExpressionSearch {
  readonly #interruptible: Interruptible
  readonly #budget: number
  #left: number

  /** `budget`: milliseconds for one message. */
  constructor(interruptible: Interruptible, budget: number) {
    this.#interruptible = interruptible
    this.#budget = this.#left = budget
  }

  /** Ready for the next message. */
  reset(): void {
    this.#left = this.#budget
  }

  /** False when time ran out. */
  search(expressions: readonly Expression[], record: RecordText, take: TakeExpression): boolean {
    if (this.#left <= 0) return false
    const began = performance.now()
    const ended = this.#interruptible(() => searchAll(expressions, record, take), this.#left)
    this.#left -= performance.now() - began
    return ended
  }
}

function searchAll(expressions: readonly Expression[], record: RecordText, take: TakeExpression): void {
  const { buffer, byteOffset, length } = record.octets
  const octets = Buffer.from(buffer, byteOffset, length)
  const texts = new Map<boolean, string>()
  for (const expression of expressions) {
    const { isText } = expression
    const text = texts.get(isText) ?? octets.toString(isText ? 'utf8' : 'latin1')
    texts.set(isText, text)
    const known =
      record.words === undefined ? undefined : { record: { start: 0 }, end: 0, word: record.words }
    searchOne(expression, text, record.isCut, createPositions(text, octets, isText, known), take)
  }
}

function searchOne(
  { pattern, regexp, every }: Expression,
  text: string,
  isCut: boolean,
  positions: Positions,
  take: TakeExpression,
): void {
  regexp.lastIndex = 0
  for (let found = 0; found < perPattern; ) {
    const match = regexp.exec(text)
    if (match === null) return
    const end = match.index + match[0].length
    if (match[0] === '') regexp.lastIndex += String.fromCodePoint(text.codePointAt(end) ?? 0).length
    if (isCut && end === text.length) return
    if (match[0] === '' && every) continue
    const start = positions.octet(match.index)
    const behind = positions.octet(end)
    take(pattern, every ? start : none, behind, positions.word(behind))
    found++
    if (!every) return
  }
}
