/**
 * The records of a scanned message whose text was kept: from a match to the text in which it was found.
 */
import { fieldColumns, linkColumns, textColumns, type Zone, zones } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

/** Offsets in octets of the zone of the part. */
export interface RecordRange {
  readonly start: number
  readonly end: number
}

export interface Records {
  /** The record in which something ends behind the octet `end - 1`; undefined when the tables know none. */
  at(part: number, zone: Zone, end: number): RecordRange | undefined
  /** What was kept of the record, a view; shorter than the record where it was cut. */
  kept(part: number, zone: Zone, record: RecordRange): Uint8Array
}

interface TextRow {
  readonly size: number
  readonly keptStart: number
  readonly keptEnd: number
}

export function readRecords(output: ScanOutput): Records {
  let texts: ReadonlyMap<string, TextRow> | undefined
  let ranges: ReadonlyMap<string, readonly RecordRange[]> | undefined
  const textOf = (part: number, zone: Zone): TextRow | undefined => {
    texts ??= readTexts(output.texts)
    return texts.get(`${part} ${zone}`)
  }
  return {
    at(part, zone, end) {
      if (zone === 'header' || zone === 'url' || zone === 'address') {
        ranges ??= readRanges(output)
        return recordAt(ranges.get(`${part} ${zone}`) ?? [], end)
      }
      const text = textOf(part, zone)
      return text && { start: 0, end: text.size }
    },
    kept(part, zone, { start, end }) {
      const text = textOf(part, zone)
      if (text === undefined) return new Uint8Array()
      const from = Math.min(text.keptStart + start, text.keptEnd)
      return output.text.subarray(from, Math.min(text.keptStart + end, text.keptEnd))
    },
  }
}

function readTexts(table: Uint32Array): ReadonlyMap<string, TextRow> {
  const found = new Map<string, TextRow>()
  for (let at = 0; at < table.length; at += textColumns.length) {
    const value = (name: (typeof textColumns)[number]): number => table[at + textColumns.indexOf(name)]!
    found.set(`${value('part')} ${zones[value('zone')]}`, {
      size: value('size'),
      keptStart: value('keptStart'),
      keptEnd: value('keptEnd'),
    })
  }
  return found
}

/** Of the zones that have several records a part, in their order. */
function readRanges({ fields, links }: ScanOutput): ReadonlyMap<string, readonly RecordRange[]> {
  const found = new Map<string, RecordRange[]>()
  const add = (key: string, range: RecordRange): void => {
    const list = found.get(key)
    if (list === undefined) found.set(key, [range])
    else list.push(range)
  }
  for (let at = 0; at < fields.length; at += fieldColumns.length) {
    const value = (name: (typeof fieldColumns)[number]): number => fields[at + fieldColumns.indexOf(name)]!
    add(`${value('part')} header`, { start: value('textStart'), end: value('textEnd') })
  }
  for (let at = 0; at < links.length; at += linkColumns.length) {
    const value = (name: (typeof linkColumns)[number]): number => links[at + linkColumns.indexOf(name)]!
    add(`${value('part')} ${zones[value('zone')]}`, { start: value('start'), end: value('end') })
  }
  for (const list of found.values()) list.sort((a, b) => a.end - b.end)
  return found
}

function recordAt(ranges: readonly RecordRange[], end: number): RecordRange | undefined {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle]!.end < end) low = middle + 1
    else high = middle
  }
  return ranges[low]
}
