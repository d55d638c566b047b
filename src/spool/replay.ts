/**
 * From the records of a segment to the changes that they mean: the same changes that its index tells.
 */
import type { SpoolFiles } from '#spool/files.ts'
import { jobsOf } from '#spool/jobs.ts'
import { finishedEntrySize, headerSize, type RecordHeader, recordTypes } from '#spool/record.ts'
import { type ScanResult, SegmentScan } from '#spool/scan.ts'
import type { Segment } from '#spool/segment.ts'
import { type Replay, tellMessage } from '#spool/segment-index.ts'
import { readEnvelope } from '#spool/stored-envelope.ts'

/** Scans the open file of a segment up to `limit` and tells everything in order. Rejects only when it cannot be read. */
export const scanInto = (
  into: readonly Replay[],
  files: SpoolFiles,
  descriptor: number,
  segment: Segment,
  limit: number,
): Promise<ScanResult> =>
  new SegmentScan(files, descriptor, limit).run(segment.life, segment.sequence, (record, header, offset) =>
    replayRecord(into, record, header, segment.sequence, offset),
  )

/** Tells what a whole record changed. False when its head makes no sense although its CRC is right. */
function replayRecord(
  into: readonly Replay[],
  record: Buffer,
  header: RecordHeader,
  sequence: number,
  offset: number,
): boolean {
  const { type, flags, idHigh, idLow, length, first, second, time } = header
  if (type === recordTypes.state) {
    for (const replay of into)
      replay.state(idHigh, idLow, second, sequence, offset, length, flags, first, time)
    return true
  }
  if (type === recordTypes.finished) {
    for (let entry = 0; entry < first; entry++) {
      const at = headerSize + entry * finishedEntrySize
      const home = record.readUInt32LE(at)
      for (const replay of into)
        replay.finished(sequence, home, record.readUInt32LE(at + 4), record.readUInt32LE(at + 8))
    }
    return true
  }
  const envelope = readEnvelope(record, header)
  if (envelope === undefined) return false
  const jobs = jobsOf(envelope)
  const copy = type === recordTypes.copy
  for (const replay of into)
    tellMessage(replay, copy, idHigh, idLow, sequence, offset, length, first, flags, time, jobs)
  return true
}
