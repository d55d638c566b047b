/**
 * Tables of a scan made by hand, for what reads them without a scanner.
 */
import { fieldColumns, matchColumns, textColumns, type Zone, zones } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface MatchRow {
  readonly pattern: number
  readonly part: number
  readonly zone: Zone
  readonly start: number
  readonly end: number
  readonly word: number
}

export interface FieldRow {
  readonly part: number
  readonly name: string
  readonly textStart: number
  readonly textEnd: number
}

export interface TextRow {
  readonly part: number
  readonly zone: Zone
  readonly words: number
}

export function makeOutput(
  matches: readonly MatchRow[],
  fields: readonly FieldRow[] = [],
  texts: readonly TextRow[] = [],
): ScanOutput {
  let strings = ''
  const fieldRows = fields.map(({ part, name, textStart, textEnd }) => {
    const nameStart = strings.length
    strings += name
    return columns(fieldColumns, { part, nameStart, nameEnd: strings.length, textStart, textEnd })
  })
  const zoneNumber = (zone: Zone): number => zones.indexOf(zone)
  return {
    size: 0,
    parts: new Uint32Array(),
    fields: Uint32Array.from(fieldRows.flat()),
    texts: Uint32Array.from(
      texts.flatMap(row => columns(textColumns, { ...row, zone: zoneNumber(row.zone) })),
    ),
    links: new Uint32Array(),
    flags: new Uint32Array(),
    matches: Uint32Array.from(
      matches.flatMap(row => columns(matchColumns, { ...row, zone: zoneNumber(row.zone) })),
    ),
    strings: Buffer.from(strings),
    text: new Uint8Array(),
  }
}

const columns = (names: readonly string[], values: Readonly<Record<string, number>>): readonly number[] =>
  names.map(name => values[name] ?? 0)
