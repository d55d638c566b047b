/**
 * A report as it stands in the journal (little-endian):
 *
 *   mark "SLR1", length of the body, CRC-32 of the body
 *   body: milliseconds (f64), kind (1: spam), octets of the reporter, slots of each group (4 × u32), reporter, slots
 *
 * Promises: what is damaged, torn or foreign is skipped and counted, and everything whole behind it is found; nothing of a
 * record is believed before its checksum. Reading is linear, whatever the octets.
 */
import { crc32 } from 'node:zlib'
import { mostSlots, type Report, reporterOf } from '#content/spam/learning/report.ts'

const mark = Buffer.from('SLR1', 'latin1')
const headSize = 12
const fixedSize = 8 + 4 + 4 + 4 * mostSlots.length
const largestBody = fixedSize + 320 + 4 * mostSlots.reduce((sum, most) => sum + most, 0)

export function encodeReport({ reporter, at, spam, slots }: Report): Buffer {
  const name = Buffer.from(reporter)
  const count = slots.reduce((sum, { length }) => sum + length, 0)
  const record = Buffer.alloc(headSize + fixedSize + name.length + 4 * count)
  const body = record.subarray(headSize)
  body.writeDoubleLE(at, 0)
  body.writeUInt32LE(spam ? 1 : 0, 8)
  body.writeUInt32LE(name.length, 12)
  for (const [group, { length }] of slots.entries()) body.writeUInt32LE(length, 16 + 4 * group)
  name.copy(body, fixedSize)
  let place = fixedSize + name.length
  for (const group of slots) for (const slot of group) place = body.writeUInt32LE(slot, place)
  mark.copy(record)
  record.writeUInt32LE(body.length, 4)
  record.writeUInt32LE(crc32(body), 8)
  return record
}

export interface ReportsRead {
  readonly reports: readonly Report[]
  /** Octets that belong to no whole record: torn by a crash, or damaged. */
  readonly lost: number
}

export function decodeReports(octets: Buffer): ReportsRead {
  const reports: Report[] = []
  let lost = 0
  let at = 0
  while (at < octets.length) {
    const record = recordAt(octets, at)
    if (record === undefined) {
      const next = octets.indexOf(mark, at + 1)
      const end = next < 0 ? octets.length : next
      lost += end - at
      at = end
      continue
    }
    reports.push(record.report)
    at = record.end
  }
  return { reports, lost }
}

function recordAt(octets: Buffer, at: number): { readonly report: Report; readonly end: number } | undefined {
  if (octets.length - at < headSize + fixedSize || mark.compare(octets, at, at + 4) !== 0) return undefined
  const size = octets.readUInt32LE(at + 4)
  const end = at + headSize + size
  if (size < fixedSize || size > largestBody || end > octets.length) return undefined
  const body = octets.subarray(at + headSize, end)
  if (crc32(body) !== octets.readUInt32LE(at + 8)) return undefined
  const report = reportIn(body)
  return report && { report, end }
}

function reportIn(body: Buffer): Report | undefined {
  const nameSize = body.readUInt32LE(12)
  const counts = mostSlots.map((_, group) => body.readUInt32LE(16 + 4 * group))
  const count = counts.reduce((sum, each) => sum + each, 0)
  if (fixedSize + nameSize + 4 * count !== body.length) return undefined
  if (counts.some((each, group) => each > mostSlots[group]!)) return undefined
  const reporter = reporterOf(body.toString('utf8', fixedSize, fixedSize + nameSize))
  if (reporter === undefined) return undefined
  let place = fixedSize + nameSize
  const slots = counts.map(each => {
    const group = Uint32Array.from({ length: each }, (_, index) => body.readUInt32LE(place + 4 * index))
    place += 4 * each
    return group
  })
  return { reporter, at: body.readDoubleLE(0), spam: body.readUInt32LE(8) === 1, slots }
}
