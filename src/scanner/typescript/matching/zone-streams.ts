/**
 * The zones of the message that is being scanned; `native/src/matching/zone_streams.h` for TypeScript.
 *
 * Promises: the same texts, words and matches as there, within what `pattern.ts` leaves open for regular expressions.
 */
import { textColumns, type Zone, zones } from '#scanner/layout.ts'
import { createInterruptible } from '#scanner/patterns/interruptible.ts'
import type { ScanLimits } from '#scanner/scanner.ts'
import type { ZoneStreams } from '../sink.ts'
import { ExpressionSearch } from './expression-search.ts'
import { gatherRows } from './match-rows.ts'
import type { TypescriptPatternSet } from './pattern-set.ts'
import { type TextRow, ZoneStream } from './zone-stream.ts'

/** Milliseconds that regular expressions may take of one message. */
const expressionBudget = 2_000

const isKept = (zone: Zone): boolean => zone !== 'attachment' && zone !== 'wire'

export function makeZoneStreams(
  patterns: TypescriptPatternSet | undefined,
  limits: Pick<ScanLimits, 'kept' | 'matches'>,
): ZoneStreams {
  const expressions = new ExpressionSearch(createInterruptible(), expressionBudget)
  const streams = new Map<Zone, ZoneStream>()
  for (const zone of zones) {
    const wanted = patterns?.byZone.get(zone)
    if (isKept(zone) || wanted !== undefined)
      streams.set(zone, new ZoneStream(zone, wanted, expressions, limits))
  }
  const open = (zone: Zone, part: number): ZoneStream | undefined => {
    const stream = streams.get(zone)
    return stream?.isOpen(part) ? stream : undefined
  }
  let matchesWereCut = false
  return {
    wants: zone => streams.has(zone),
    write: (zone, part, piece) => streams.get(zone)?.write(part, piece),
    endRecord: (zone, part) => open(zone, part)?.endRecord(),
    position: (zone, part) => open(zone, part)?.position ?? 0,
    end: (zone, part) => open(zone, part)?.endPart(),
    textWasCut: () => [...streams.values()].some(stream => stream.wasCut),
    matchesWereCut: () => matchesWereCut,
    finish() {
      for (const stream of streams.values()) stream.endPart()
      const rows = [...streams.values()].map(stream => stream.matches)
      const { matches, isCut } = gatherRows(rows, limits.matches)
      matchesWereCut = isCut
      return { ...gatherTexts(streams), matches }
    },
    reset() {
      for (const stream of streams.values()) stream.reset()
      expressions.reset()
      matchesWereCut = false
    },
  }
}

/** One zone behind the other; rows by part, zone and place. */
function gatherTexts(streams: ReadonlyMap<Zone, ZoneStream>): {
  readonly texts: Uint32Array
  readonly text: Uint8Array
} {
  const rows: (TextRow & { readonly zone: number })[] = []
  const texts: Uint8Array[] = []
  let shift = 0
  for (const [zone, stream] of streams) {
    for (const row of stream.texts)
      rows.push({
        ...row,
        zone: zones.indexOf(zone),
        keptStart: row.keptStart + shift,
        keptEnd: row.keptEnd + shift,
      })
    texts.push(stream.kept)
    shift += stream.kept.length
  }
  rows.sort((a, b) => a.part - b.part || a.zone - b.zone || a.keptStart - b.keptStart)
  return {
    texts: Uint32Array.from(rows.flatMap(row => textColumns.map(column => row[column]))),
    text: Buffer.concat(texts),
  }
}
