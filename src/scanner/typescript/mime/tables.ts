/**
 * The tables of the message that is being scanned: parts, fields, links, flags and the strings they point into.
 *
 * Promises: what `native/src/mime/tables.h` promises: rows within the limits, of each flag in each part the first
 * occurrence, flags in the order of part and flag.
 */
import { type FlagName, flagNames } from '#scanner/flag.ts'
import { type fieldColumns, type linkColumns, partColumns } from '#scanner/layout.ts'
import type { ScanLimits } from '#scanner/scanner.ts'
import type { Faults } from '#scanner/typescript/sink.ts'

type Row<Columns extends readonly string[]> = Record<Columns[number], number>
export type PartRow = Row<typeof partColumns>
export type FieldRow = Row<typeof fieldColumns>
export type LinkRow = Row<typeof linkColumns>

/** A range in `strings`. */
export interface StringRange {
  readonly start: number
  readonly end: number
}

const flagNumbers = new Map(flagNames.map((name, number) => [name, number]))

export class Tables {
  readonly limits: ScanLimits
  #parts: PartRow[] = []
  #fields: number[] = []
  #links: number[] = []
  #flags: Map<string, readonly [flag: number, part: number, offset: number]> = new Map()
  #fieldCount = 0
  #linkCount = 0
  #strings: Buffer[] = []
  #stringsSize = 0

  constructor(limits: ScanLimits) {
    // The message itself is a part.
    this.limits = { ...limits, parts: Math.max(limits.parts, 1) }
  }

  get partsFull(): boolean {
    return this.#parts.length >= this.limits.parts
  }
  get fieldsFull(): boolean {
    return this.#fieldCount >= this.limits.fields
  }
  get linksFull(): boolean {
    return this.#linkCount >= this.limits.links
  }

  /** A row with nothing in it yet but its place. */
  addPart(parent: number, depth: number, headerStart: number): number {
    const row = Object.fromEntries(partColumns.map(column => [column, 0])) as PartRow
    Object.assign(row, { parent, depth, headerStart, bodyStart: headerStart, bodyEnd: headerStart })
    return this.#parts.push(row) - 1
  }

  part(index: number): PartRow {
    return this.#parts[index]!
  }

  addField(row: FieldRow): void {
    this.#fieldCount += 1
    this.#fields.push(row.part, row.start, row.colon, row.end)
    this.#fields.push(row.nameStart, row.nameEnd, row.textStart, row.textEnd)
  }

  addLink(row: LinkRow): void {
    this.#linkCount += 1
    this.#links.push(row.part, row.zone, row.origin, row.start, row.end)
  }

  raise(part: number, flag: FlagName, offset: number): void {
    const key = `${part} ${flag}`
    if (!this.#flags.has(key)) this.#flags.set(key, [flagNumbers.get(flag)!, part, offset])
  }

  keep(octets: Uint8Array): StringRange {
    const start = this.#stringsSize
    this.#strings.push(Buffer.from(octets))
    this.#stringsSize += octets.length
    return { start, end: this.#stringsSize }
  }

  /** The tables of the output that are kept here; empty again afterwards. */
  finish() {
    const flags = [...this.#flags.values()].sort(
      ([flag, part], [other, otherPart]) => part - otherPart || flag - other,
    )
    const result = {
      parts: Uint32Array.from(this.#parts.flatMap(row => partColumns.map(column => row[column]))),
      fields: Uint32Array.from(this.#fields),
      links: Uint32Array.from(this.#links),
      flags: Uint32Array.from(flags.flat()),
      strings: new Uint8Array(Buffer.concat(this.#strings)),
    }
    this.reset()
    return result
  }

  reset(): void {
    this.#parts = []
    this.#fields = []
    this.#links = []
    this.#flags = new Map()
    this.#fieldCount = this.#linkCount = 0
    this.#strings = []
    this.#stringsSize = 0
  }
}

/** The flags of one part. */
export class PartFaults implements Faults {
  readonly #tables: Tables
  part = 0

  constructor(tables: Tables) {
    this.#tables = tables
  }

  raise(flag: FlagName, offset = this.#tables.part(this.part).bodyStart): void {
    this.#tables.raise(this.part, flag, offset)
  }
}
