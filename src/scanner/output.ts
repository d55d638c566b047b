/**
 * Reads the tables of a scan as values with names.
 *
 * Promises: every number of `layout.ts` has its name here, strings are decoded once per call, nothing is copied that is not
 * asked for.
 * Leaves out: speed. What runs over every match of every message (rules, features) reads the arrays themselves.
 */
import { type FlagName, flagNames } from '#scanner/flag.ts'
import {
  type Disposition,
  dispositions,
  type Encoding,
  encodings,
  fieldColumns,
  flagColumns,
  type LinkOrigin,
  linkColumns,
  linkOrigins,
  matchColumns,
  none,
  type PartKind,
  partColumns,
  partKinds,
  textColumns,
  type Zone,
  zones,
} from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface Part {
  readonly row: number
  /** Undefined for the message itself. */
  readonly parent: number | undefined
  readonly kind: PartKind
  readonly depth: number
  /** On the wire. */
  readonly headerStart: number
  readonly bodyStart: number
  readonly bodyEnd: number
  readonly encoding: Encoding
  readonly disposition: Disposition
  readonly decodedSize: number
  readonly type: string
  /** As declared; empty when it is not. */
  readonly charset: string
  readonly filename: string
  readonly contentId: string
  /** The first decoded octets. */
  readonly head: Uint8Array
}

export interface Field {
  readonly part: number
  /** Lower-case. */
  readonly name: string
  /** Decoded; undefined where more was kept than the limit allows. */
  readonly value: string | undefined
  /** On the wire. */
  readonly start: number
  readonly end: number
}

export interface ZoneText {
  readonly part: number
  readonly zone: Zone
  /** Octets of the whole zone of that part. */
  readonly size: number
  readonly words: number
  /** The kept beginning. */
  readonly kept: Uint8Array
}

export interface Link {
  readonly part: number
  readonly kind: 'url' | 'address'
  readonly origin: LinkOrigin
  readonly text: string | undefined
}

export interface RaisedFlag {
  readonly flag: FlagName
  readonly part: number
  /** On the wire. */
  readonly offset: number
}

export interface Match {
  readonly pattern: number
  readonly part: number
  readonly zone: Zone
  /** In the zone; undefined where the pattern does not tell. */
  readonly start: number | undefined
  readonly end: number
  readonly word: number
}

const octetsAt = (table: Uint8Array, start: number, end: number): Buffer =>
  Buffer.from(table.buffer, table.byteOffset + start, end - start)

/** A row of a table as an object with the names of its columns. */
function* rows<Column extends string>(
  table: Uint32Array,
  columns: readonly Column[],
): Generator<Readonly<Record<Column, number>>> {
  for (let at = 0; at < table.length; at += columns.length)
    yield Object.fromEntries(columns.map((column, index) => [column, table[at + index]!])) as Record<
      Column,
      number
    >
}

export function partsOf(output: ScanOutput): readonly Part[] {
  const string = (start: number, end: number): string => octetsAt(output.strings, start, end).toString()
  return Array.from(rows(output.parts, partColumns), (row, number) => ({
    row: number,
    parent: row.parent === none ? undefined : row.parent,
    kind: partKinds[row.kind]!,
    depth: row.depth,
    headerStart: row.headerStart,
    bodyStart: row.bodyStart,
    bodyEnd: row.bodyEnd,
    encoding: encodings[row.encoding]!,
    disposition: dispositions[row.disposition]!,
    decodedSize: row.decodedSize,
    type: string(row.typeStart, row.typeEnd),
    charset: string(row.charsetStart, row.charsetEnd),
    filename: string(row.filenameStart, row.filenameEnd),
    contentId: string(row.idStart, row.idEnd),
    head: octetsAt(output.strings, row.headStart, row.headEnd),
  }))
}

export const textsOf = (output: ScanOutput): readonly ZoneText[] =>
  Array.from(rows(output.texts, textColumns), ({ part, zone, size, words, keptStart, keptEnd }) => ({
    part,
    zone: zones[zone]!,
    size,
    words,
    kept: octetsAt(output.text, keptStart, keptEnd),
  }))

/** What was kept of a zone; undefined for one without an octet. */
export const zoneText = (output: ScanOutput, part: number, zone: Zone): ZoneText | undefined =>
  textsOf(output).find(text => text.part === part && text.zone === zone)

/** Gives the records of zones by their offsets. */
function recordReader(
  output: ScanOutput,
): (part: number, zone: Zone, start: number, end: number) => string | undefined {
  const kept = new Map(textsOf(output).map(text => [`${text.part} ${text.zone}`, text.kept]))
  return (part, zone, start, end) => {
    if (start === end) return ''
    const text = kept.get(`${part} ${zone}`)
    return text === undefined || end > text.length ? undefined : octetsAt(text, start, end).toString()
  }
}

export function fieldsOf(output: ScanOutput): readonly Field[] {
  const record = recordReader(output)
  return Array.from(rows(output.fields, fieldColumns), row => ({
    part: row.part,
    name: octetsAt(output.strings, row.nameStart, row.nameEnd).toString(),
    value: record(row.part, 'header', row.textStart, row.textEnd),
    start: row.start,
    end: row.end,
  }))
}

export function linksOf(output: ScanOutput): readonly Link[] {
  const record = recordReader(output)
  return Array.from(rows(output.links, linkColumns), row => {
    const kind = zones[row.zone] === 'address' ? 'address' : 'url'
    return {
      part: row.part,
      kind,
      origin: linkOrigins[row.origin]!,
      text: record(row.part, kind, row.start, row.end),
    }
  })
}

export const flagsOf = (output: ScanOutput): readonly RaisedFlag[] =>
  Array.from(rows(output.flags, flagColumns), row => ({ ...row, flag: flagNames[row.flag]! }))

export const matchesOf = (output: ScanOutput): readonly Match[] =>
  Array.from(rows(output.matches, matchColumns), row => ({
    ...row,
    zone: zones[row.zone]!,
    start: row.start === none ? undefined : row.start,
  }))
