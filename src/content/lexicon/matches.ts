/**
 * The matches of one message, as the rules ask for them: the occurrences of a term, in the places where it looks.
 *
 * Promises: linear in the number of matches of the term (but for sorting what the engines give nearly sorted); nothing is
 * looked at before a rule asks for it.
 */
import { fieldColumns, matchColumns, type Zone, zones } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import type { CompiledPiece, CompiledTerm, PlaceFilter } from './program.ts'

/** Words count from 1 within a zone of a part. */
export interface Occurrence {
  /** One number for each record: distances are within one. */
  readonly record: number
  readonly first: number
  readonly last: number
  readonly part: number
  readonly zone: number
  readonly start: number
  readonly end: number
}

export interface Matches {
  /** By record, then by the last word. */
  occurrences(term: CompiledTerm): readonly Occurrence[]
  /** Which of the rules' patterns were found. */
  found(): Iterable<number>
}

const width = matchColumns.length
const fieldWidth = fieldColumns.length
const header: number = zones.indexOf('header' satisfies Zone)
const column = (name: (typeof fieldColumns)[number]): number => fieldColumns.indexOf(name)
const [partColumn, nameStart, nameEnd, textEnd] = [
  column('part'),
  column('nameStart'),
  column('nameEnd'),
  column('textEnd'),
]

/** `first` and `count`: which numbers of patterns are ours. */
export function readMatches(output: ScanOutput, first: number, count: number): Matches {
  const rows = rowsByPattern(output.matches, first, count)
  const fields = readFields(output)
  const known = new Map<CompiledTerm, readonly Occurrence[]>()

  const read = (row: number, span: number, filter: PlaceFilter): Occurrence | undefined => {
    const value = (offset: number): number => output.matches[row * width + offset]!
    const [part, zone, end, word] = [value(1), value(2), value(4), value(5)]
    const names = filter.get(zone)
    if (names === undefined) return undefined
    let owner = part
    if (zone === header) {
      owner = fields.at(part, end)
      if (names !== 'any' && !names.has(fields.name(owner))) return undefined
    }
    return {
      record: owner * zones.length + zone,
      first: word - span,
      last: word,
      part,
      zone,
      start: value(3),
      end,
    }
  }

  const ofPiece = ({ patterns, span }: CompiledPiece, filter: PlaceFilter): readonly Occurrence[] => {
    const found: Occurrence[] = []
    for (const pattern of patterns)
      for (const row of rows.get(pattern) ?? []) {
        const occurrence = read(row, span, filter)
        if (occurrence !== undefined) found.push(occurrence)
      }
    return found.sort(byPlace)
  }

  return {
    found: () => rows.keys(),
    occurrences(term) {
      let occurrences = known.get(term)
      if (occurrences === undefined) {
        occurrences = term.pieces
          .map(piece => ofPiece(piece, term.filter))
          .reduce((before, next, index) => join(before, next, term.pieces[index]!.gap))
        known.set(term, occurrences)
      }
      return occurrences
    },
  }
}

export const byPlace = (a: Occurrence, b: Occurrence): number =>
  a.record - b.record || a.last - b.last || a.end - b.end || a.start - b.start

function rowsByPattern(matches: Uint32Array, first: number, count: number): Map<number, number[]> {
  const rows = new Map<number, number[]>()
  for (let row = 0, at = 0; at < matches.length; row++, at += width) {
    const pattern = matches[at]! - first
    if (pattern < 0 || pattern >= count) continue
    const list = rows.get(pattern)
    if (list === undefined) rows.set(pattern, [row])
    else list.push(row)
  }
  return rows
}

/** Pairs that follow each other at exactly this distance, as one occurrence each. */
function join(
  before: readonly Occurrence[],
  next: readonly Occurrence[],
  gap: number,
): readonly Occurrence[] {
  const ends = new Map<string, Occurrence>()
  for (const occurrence of before) ends.set(`${occurrence.record} ${occurrence.last}`, occurrence)
  return next.flatMap(occurrence => {
    const left = ends.get(`${occurrence.record} ${occurrence.first - gap}`)
    return left === undefined ? [] : [{ ...occurrence, first: left.first, start: left.start }]
  })
}

interface Fields {
  /** The row of the field whose record holds the octet before `end`; -1 when there is none. */
  at(part: number, end: number): number
  name(row: number): string
}

/** Rows of one part follow each other: its header is read before what is inside it. */
function readFields({ fields, strings }: ScanOutput): Fields {
  let ranges: Map<number, { from: number; to: number }> | undefined
  const names = new Map<number, string>()
  const partRanges = () => {
    const found = new Map<number, { from: number; to: number }>()
    for (let row = 0; row * fieldWidth < fields.length; row++) {
      const part = fields[row * fieldWidth + partColumn]!
      const range = found.get(part)
      if (range === undefined) found.set(part, { from: row, to: row + 1 })
      else range.to = row + 1
    }
    return found
  }
  return {
    at(part, end) {
      ranges ??= partRanges()
      const { from, to } = ranges.get(part) ?? { from: 0, to: 0 }
      let [low, high] = [from, to]
      while (low < high) {
        const middle = (low + high) >> 1
        if (fields[middle * fieldWidth + textEnd]! < end) low = middle + 1
        else high = middle
      }
      return low < to ? low : -1
    },
    name(row) {
      if (row < 0) return ''
      let name = names.get(row)
      if (name === undefined) {
        const at = row * fieldWidth
        name = Buffer.from(strings.subarray(fields[at + nameStart]!, fields[at + nameEnd]!)).toString('utf8')
        names.set(row, name)
      }
      return name
    },
  }
}
