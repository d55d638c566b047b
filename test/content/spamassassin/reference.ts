/**
 * Matches by RegExp, one pattern after the other, on the texts that a scan has kept: slow, obvious, and without a compiler.
 * With it the rules can be tested on any scanner, and by the thousand.
 */
import {
  fieldColumns,
  linkColumns,
  matchColumns,
  none,
  textColumns,
  type Zone,
  zones,
} from '../../../src/scanner/layout.ts'
import type { RegexPattern } from '../../../src/scanner/pattern.ts'
import type { ScanOutput } from '../../../src/scanner/scanner.ts'

interface Record {
  readonly part: number
  readonly zone: Zone
  readonly start: number
  readonly text: string
}

function* rows<Name extends string>(table: Uint32Array, columns: readonly Name[]) {
  for (let at = 0; at < table.length; at += columns.length)
    yield Object.fromEntries(columns.map((name, index) => [name, table[at + index]!])) as {
      [key in Name]: number
    }
}

function recordsOf(scan: ScanOutput, wire: Buffer): Record[] {
  const records: Record[] = [{ part: 0, zone: 'wire', start: 0, text: wire.toString('latin1') }]
  const texts = new Map<string, string>()
  for (const { part, zone, keptStart, keptEnd } of rows(scan.texts, textColumns)) {
    const text = Buffer.from(scan.text.subarray(keptStart, keptEnd)).toString('latin1')
    const name = zones[zone]!
    texts.set(`${part} ${name}`, text)
    if (['text', 'hidden', 'source'].includes(name)) records.push({ part, zone: name, start: 0, text })
  }
  const cut = (part: number, zone: Zone, start: number, end: number) =>
    records.push({ part, zone, start, text: (texts.get(`${part} ${zone}`) ?? '').slice(start, end) })
  for (const { part, textStart, textEnd } of rows(scan.fields, fieldColumns))
    cut(part, 'header', textStart, textEnd)
  for (const { part, zone, start, end } of rows(scan.links, linkColumns)) cut(part, zones[zone]!, start, end)
  return records
}

export type Match = (scan: ScanOutput, wire: Buffer) => ScanOutput

/** Gives scans their matches. */
export function referenceMatcher(patterns: readonly RegexPattern[]): Match {
  const expressions = patterns.map(
    ({ script, source, caseless }) => new RegExp(script ?? source, `g${caseless ? 'i' : ''}`),
  )
  return (scan, wire) => {
    const records = recordsOf(scan, wire)
    const matches: number[] = []
    patterns.forEach((pattern, index) => {
      for (const { part, zone, start, text } of records) {
        if (!pattern.zones.includes(zone)) continue
        for (const found of text.matchAll(expressions[index]!)) {
          const end = start + found.index + found[0].length
          const row = { pattern: index, part, zone: zones.indexOf(zone), start: none, end, word: 0 }
          matches.push(...matchColumns.map(name => row[name]))
          if (!pattern.every) break
        }
      }
    })
    return { ...scan, matches: Uint32Array.from(matches) }
  }
}

export const withReferenceMatches = (
  scan: ScanOutput,
  patterns: readonly RegexPattern[],
  wire: Buffer,
): ScanOutput => referenceMatcher(patterns)(scan, wire)
