/**
 * Where two scans of one message differ, in words: which table, which row, which column, with names for numbers and the
 * texts that offsets point to.
 *
 *   node test/scanner/difference.ts FILE…
 *
 * scans each file with every scanner there is, whole and cut into pieces, and prints what differs.
 */
import { readFileSync } from 'node:fs'
import { flagNames } from '#scanner/flag.ts'
import * as layout from '#scanner/layout.ts'
import type { Scanner, ScanOutput } from '#scanner/scanner.ts'

type Table = 'parts' | 'fields' | 'texts' | 'links' | 'flags' | 'matches'

const columnsOf: Record<Table, readonly string[]> = {
  parts: layout.partColumns,
  fields: layout.fieldColumns,
  texts: layout.textColumns,
  links: layout.linkColumns,
  flags: layout.flagColumns,
  matches: layout.matchColumns,
}

/** Columns whose numbers have names. */
const namesOf: Record<string, readonly string[]> = {
  'parts.kind': layout.partKinds,
  'parts.encoding': layout.encodings,
  'parts.disposition': layout.dispositions,
  'texts.zone': layout.zones,
  'links.zone': layout.zones,
  'links.origin': layout.linkOrigins,
  'flags.flag': flagNames,
  'matches.zone': layout.zones,
}

/** Pairs of columns that point into `strings` or `text`. */
const pointers: readonly (readonly [Table, string, 'strings' | 'text'])[] = [
  ...['type', 'charset', 'filename', 'id', 'head'].map(name => ['parts', name, 'strings'] as const),
  ['fields', 'name', 'strings'],
  ['texts', 'kept', 'text'],
]

/** Octets as text that fits a line; what is not printable is escaped. */
const shown = (octets: Uint8Array, most = 70) =>
  JSON.stringify(Buffer.from(octets.subarray(0, most)).toString('latin1')) + (octets.length > most ? '…' : '')

function rowsOf(table: Table, output: ScanOutput): Map<string, string>[] {
  const columns = columnsOf[table]
  const cells = output[table]
  return Array.from({ length: Math.ceil(cells.length / columns.length) }, (_, row) => {
    const at = (column: string) => cells[row * columns.length + columns.indexOf(column)]!
    const entries = columns.map((column): [string, string] => {
      const value = at(column)
      return [column, namesOf[`${table}.${column}`]?.[value] ?? (value === layout.none ? 'none' : `${value}`)]
    })
    for (const [of, name, into] of pointers)
      if (of === table)
        entries.push([`${name}*`, shown(output[into].subarray(at(`${name}Start`), at(`${name}End`)))])
    return new Map(entries)
  })
}

const print = (row: Map<string, string> | undefined, only?: readonly string[]) =>
  row === undefined
    ? 'no such row'
    : [...row]
        .filter(([column]) => only === undefined || only.includes(column))
        .map(([column, value]) => `${column}=${value}`)
        .join(' ')

/** At most `most` rows of one table that differ. */
function tableDifference(table: Table, left: ScanOutput, right: ScanOutput, most: number): string[] {
  const [ours, theirs] = [rowsOf(table, left), rowsOf(table, right)]
  const lines: string[] = []
  for (let row = 0; row < Math.max(ours.length, theirs.length) && lines.length < most * 3; row++) {
    const [one, other] = [ours[row], theirs[row]]
    const columns = [...(one ?? other)!.keys()].filter(column => one?.get(column) !== other?.get(column))
    if (columns.length === 0) continue
    const differing = one === undefined || other === undefined ? undefined : columns
    lines.push(`${table} row ${row}${differing === undefined ? '' : ` (${print(one)})`}:`)
    lines.push(`  - ${print(one, differing)}`, `  + ${print(other, differing)}`)
  }
  if (lines.length > 0 && ours.length !== theirs.length)
    lines.push(`${table}: ${ours.length} rows against ${theirs.length}`)
  return lines
}

/** The first octet that differs, with what stands around it. */
function octetsDifference(name: 'strings' | 'text', left: ScanOutput, right: ScanOutput): string[] {
  const [ours, theirs] = [left[name], right[name]]
  if (Buffer.compare(ours, theirs) === 0) return []
  let at = 0
  while (at < ours.length && ours[at] === theirs[at]) at++
  const around = (octets: Uint8Array) => shown(octets.subarray(Math.max(0, at - 20), at + 50))
  return [
    `${name}: ${ours.length} octets against ${theirs.length}, different from octet ${at}:`,
    `  - ${around(ours)}`,
    `  + ${around(theirs)}`,
  ]
}

/** What differs, `left` with -, `right` with +; undefined when they are the same octet for octet. */
export function difference(left: ScanOutput, right: ScanOutput, most = 5): string | undefined {
  const lines = left.size === right.size ? [] : [`size: ${left.size} against ${right.size}`]
  for (const table of Object.keys(columnsOf) as Table[])
    lines.push(...tableDifference(table, left, right, most))
  lines.push(...octetsDifference('strings', left, right), ...octetsDifference('text', left, right))
  return lines.length === 0 ? undefined : lines.join('\n')
}

/** The names of the tables that differ, for messages of which nothing may be printed. */
export function differingTables(left: ScanOutput, right: ScanOutput): string[] {
  const same = (name: Table | 'strings' | 'text') =>
    Buffer.compare(octetsOf(left[name]), octetsOf(right[name])) === 0
  const tables = [...(Object.keys(columnsOf) as Table[]), 'strings' as const, 'text' as const].filter(
    name => !same(name),
  )
  return left.size === right.size ? tables : ['size', ...tables]
}

const octetsOf = (cells: Uint8Array | Uint32Array) =>
  new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength)

/** The whole output in words, a row a line. */
export const describe = (output: ScanOutput): string =>
  (Object.keys(columnsOf) as Table[])
    .flatMap(table => rowsOf(table, output).map((row, index) => `${table} ${index}: ${print(row)}`))
    .join('\n')

/** One message, cut before each of `cuts` (ascending offsets). */
export function scan(scanner: Scanner, message: Uint8Array, cuts: readonly number[] = []): ScanOutput {
  let from = 0
  for (const cut of [...cuts, message.length]) {
    scanner.write(message.subarray(from, cut))
    from = cut
  }
  return scanner.end()
}

if (import.meta.main) {
  const { availableEngines } = await import('./engines.ts')
  const { engines, absent } = availableEngines()
  for (const sentence of absent) console.error(sentence)
  let differing = 0
  const files = process.argv.slice(2)
  for (const file of files) {
    const message = readFileSync(file)
    const outputs = engines.flatMap(engine =>
      [0, 1, 7, 64].map(step => {
        const cuts =
          step === 0 ? [] : Array.from({ length: Math.floor(message.length / step) }, (_, n) => n * step)
        return {
          name: `${engine.name} in pieces of ${step || 'any'}`,
          output: scan(engine.open({}), message, cuts),
        }
      }),
    )
    if (files.length === 1) console.log(describe(outputs[0]!.output))
    for (const { name, output } of outputs.slice(1)) {
      const found = difference(outputs[0]!.output, output)
      if (found === undefined) continue
      differing++
      console.log(`${file}: - ${outputs[0]!.name}, + ${name}\n${found}\n`)
      break
    }
  }
  console.log(`${differing} of ${files.length} messages differ`)
  process.exitCode = differing === 0 ? 0 : 1
}
