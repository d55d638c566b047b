/**
 * Messages as zones see them, written to zone streams in any pieces.
 */
import { type Zone, zones } from '#scanner/layout.ts'
import type { ZoneStreams } from '#scanner/typescript/sink.ts'

/** One zone of one part. */
export interface ZoneText {
  readonly zone: Zone
  readonly part: number
  readonly records: readonly Uint8Array[]
}

export interface Tables {
  readonly texts: readonly (readonly number[])[]
  readonly text: string
  readonly matches: readonly (readonly number[])[]
  readonly textWasCut: boolean
  readonly matchesWereCut: boolean
}

/** `cuts` are lengths of pieces, used in turn. */
export function scanZones(
  streams: ZoneStreams,
  message: readonly ZoneText[],
  cuts: readonly number[],
): Tables {
  let turn = 0
  for (const { zone, part, records } of message) {
    for (const record of records) {
      for (let at = 0; at < record.length; ) {
        const length = cuts.length === 0 ? record.length : cuts[turn++ % cuts.length]!
        streams.write(zone, part, record.subarray(at, at + length))
        at += length
      }
      streams.endRecord(zone, part)
    }
    streams.end(zone, part)
  }
  const { texts, text, matches } = streams.finish()
  const tables = {
    texts: rowsOf(texts, 6),
    text: Buffer.from(text).toString('latin1'),
    matches: rowsOf(matches, 6),
    textWasCut: streams.textWasCut(),
    matchesWereCut: streams.matchesWereCut(),
  }
  streams.reset()
  return tables
}

function rowsOf(table: Uint32Array, width: number): readonly (readonly number[])[] {
  return Array.from({ length: table.length / width }, (_, row) => [
    ...table.subarray(row * width, row * width + width),
  ])
}

export const zoneNumber = (zone: Zone): number => zones.indexOf(zone)
