/**
 * Matches that the engine cannot decide are confirmed by RegExp on the kept text of their record, or removed.
 *
 * Promises: a message takes no more time here than its budget, whatever its text does to a RegExp that backtracks: the
 * interruption is V8's own, and what cannot get lost goes without. What could not be decided, for want of time or because the text was cut, is said by pattern:
 * it counts as not found, and whoever reads the result decides what that means. A message without such matches costs one
 * pass over its match rows.
 * Of an expression that is not reported `every` time one match a record remains, as the contract has it.
 */
import { matchColumns, none, type Zone, zones } from '#scanner/layout.ts'
import { perPattern, type RegexPattern } from '#scanner/pattern.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import { waysAtOnePlace } from './backtracking.ts'
import { confirmingExpression } from './expression.ts'
import { createInterruptible, type Interruptible } from './interruptible.ts'
import { createPositions, hasWords } from './positions.ts'
import { type RecordRange, type Records, readRecords } from './records.ts'

export interface Undecided {
  /** Number in the list of patterns. */
  readonly pattern: number
  /** `time`: the budget of the message was spent. `cut`: what would decide was not kept. */
  readonly reason: 'time' | 'cut'
}

export interface Confirmation {
  /** The same object when there was nothing to confirm. */
  readonly output: ScanOutput
  /** A pattern at most once for each reason. */
  readonly undecided: readonly Undecided[]
}

export type Confirm = (output: ScanOutput) => Confirmation

/** Milliseconds for one message. */
export const usualBudget = 100

/** So many tries take less than the interruption of a call costs, or not much more: they need none. */
const mostTries = 200_000

const width = matchColumns.length

/** For one thread; `confirmed` as in PreparedSet. */
export function createConfirm(
  confirmed: ReadonlyMap<number, RegexPattern>,
  budget: number = usualBudget,
): Confirm {
  if (confirmed.size === 0) return output => ({ output, undecided: [] })
  const expressions = new Map<number, Expression>()
  for (const [pattern, { unicode, every, ...rest }] of confirmed) {
    const regexp = confirmingExpression({ unicode, ...rest })
    if (typeof regexp !== 'string')
      expressions.set(pattern, {
        regexp,
        isText: unicode,
        every: every === true,
        ways: waysAtOnePlace(regexp.source),
      })
  }
  const interruptible = createInterruptible()
  return output => {
    const candidates = findCandidates(output, expressions)
    if (candidates.size === 0) return { output, undecided: [] }
    const outcome = decide([...candidates.values()], interruptible, budget)
    return { output: { ...output, matches: rewrite(output.matches, candidates) }, undecided: outcome }
  }
}

interface Expression {
  readonly regexp: RegExp
  /** Text of characters; else of octets. */
  readonly isText: boolean
  readonly every: boolean
  /** See waysAtOnePlace. */
  readonly ways: number
}

/** One expression in one record. */
interface Candidate {
  readonly pattern: number
  readonly part: number
  readonly zone: number
  readonly expression: Expression
  readonly record: RecordRange
  readonly octets: Uint8Array
  /** Of the first row: the end of the match there, and its word. */
  readonly end: number
  readonly word: number
  /** Rows of the table that it replaces. */
  readonly rows: Set<number>
  /** Rows that take their place, filled in by `decide`. */
  confirmed: readonly (readonly number[])[]
}

const rowKey = (pattern: number, part: number, zone: number, start: number): string =>
  `${pattern} ${part} ${zone} ${start}`

function findCandidates(
  output: ScanOutput,
  expressions: ReadonlyMap<number, Expression>,
): ReadonlyMap<string, Candidate> {
  const candidates = new Map<string, Candidate>()
  let records: Records | undefined
  for (let row = 0; row * width < output.matches.length; row++) {
    const pattern = output.matches[row * width]!
    const expression = expressions.get(pattern)
    if (expression === undefined) continue
    records ??= readRecords(output)
    addCandidate(candidates, output, row, expression, records)
  }
  return candidates
}

function addCandidate(
  candidates: Map<string, Candidate>,
  { matches }: ScanOutput,
  row: number,
  expression: Expression,
  records: Records,
): void {
  const [pattern, part, zone, , end, word] = matches.subarray(row * width, row * width + width)
  const name = zones[zone!] as Zone
  const record = records.at(part!, name, end!) ?? { start: end!, end: end! }
  const key = rowKey(pattern!, part!, zone!, record.start)
  const known = candidates.get(key)
  if (known !== undefined) {
    known.rows.add(row)
    return
  }
  const octets = records.kept(part!, name, record)
  candidates.set(key, {
    pattern: pattern!,
    part: part!,
    zone: zone!,
    expression,
    record,
    octets,
    end: end!,
    word: word!,
    rows: new Set([row]),
    confirmed: [],
  })
}

function decide(
  candidates: readonly Candidate[],
  interruptible: Interruptible,
  budget: number,
): readonly Undecided[] {
  const undecided = new Map<string, Undecided>()
  const doubt = (pattern: number, reason: Undecided['reason']): void => {
    undecided.set(`${pattern} ${reason}`, { pattern, reason })
  }
  const left = new Map<number, number>()
  let next = 0
  const work = (): void => {
    for (; next < candidates.length; next++) {
      const candidate = candidates[next]!
      const mayBe = left.get(candidate.pattern) ?? perPattern
      const rows = search(candidate, mayBe)
      candidate.confirmed = rows.found
      left.set(candidate.pattern, mayBe - rows.found.length)
      if (rows.isCut) doubt(candidate.pattern, 'cut')
    }
  }
  const tries = candidates.reduce((sum, { expression, octets }) => sum + expression.ways * octets.length, 0)
  if (tries <= mostTries) work()
  // The one that was being searched, and those that never were.
  else if (!interruptible(work, budget))
    for (const { pattern } of candidates.slice(next)) doubt(pattern, 'time')
  return [...undecided.values()]
}

function search(
  candidate: Candidate,
  most: number,
): { readonly found: readonly (readonly number[])[]; readonly isCut: boolean } {
  const { pattern, part, zone, expression, record, octets } = candidate
  const { regexp, isText, every } = expression
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString(
    isText ? 'utf8' : 'latin1',
  )
  const isCut = octets.length < record.end - record.start
  const positions = createPositions(text, octets, isText, hasWords(zones[zone]!) ? candidate : undefined)
  const found: number[][] = []
  regexp.lastIndex = 0
  while (found.length < most) {
    const match = regexp.exec(text)
    if (match === null) return { found, isCut: isCut && (every || found.length === 0) }
    const end = match.index + match[0].length
    if (match[0] === '') regexp.lastIndex += String.fromCodePoint(text.codePointAt(end) ?? 0).length
    // What reaches the place where the text was cut may be another match, or none, in the whole text.
    if (isCut && end === text.length) return { found, isCut: true }
    const start = positions.octet(match.index)
    const behind = positions.octet(end)
    if (match[0] !== '' || !every)
      found.push([
        pattern,
        part,
        zone,
        every ? record.start + start : none,
        record.start + behind,
        positions.word(behind),
      ])
    if (!every) break
  }
  return { found, isCut: false }
}

/** Confirmed rows stand where the first of the rows stood that they replace. */
function rewrite(matches: Uint32Array, candidates: ReadonlyMap<string, Candidate>): Uint32Array {
  const owners = new Map<number, Candidate>()
  for (const candidate of candidates.values()) for (const row of candidate.rows) owners.set(row, candidate)
  const rows: number[] = []
  const written = new Set<Candidate>()
  for (let row = 0; row * width < matches.length; row++) {
    const owner = owners.get(row)
    if (owner === undefined) rows.push(...matches.subarray(row * width, row * width + width))
    else if (!written.has(owner)) {
      written.add(owner)
      for (const confirmed of owner.confirmed) rows.push(...confirmed)
    }
  }
  return Uint32Array.from(rows)
}
