/**
 * One segment of the log: its name, its first block, and what is known of it in memory.
 *
 * Block 0 is the header, records follow from block 1:
 *
 *      0  `SLUICEsg` · 8 version · 12 sequence number
 *     16  life: 8 random octets, in each record of this use of the file
 *     24  newest message id when the segment was begun, high and low word: ids go on behind it although all mail has gone
 *     32  sequence number of the segment before, 36 its end in octets: what lies behind was never acknowledged
 *     40  CRC-32 of octets 0 to 40
 *
 * Sequence numbers only grow; the file name is the number in 8 hexadecimal digits.
 */
import { crc32 } from 'node:zlib'
import { blockSize } from '#spool/block.ts'
import type { Summary } from '#spool/segment-index.ts'

const magic = Buffer.from('SLUICEsg')
const version = 1
const covered = 40

export interface SegmentHeader {
  readonly sequence: number
  readonly life: Buffer
  readonly newestHigh: number
  readonly newestLow: number
  readonly previousSequence: number
  readonly previousEnd: number
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const block = Buffer.alloc(blockSize)
  magic.copy(block)
  block.writeUInt32LE(version, 8)
  block.writeUInt32LE(header.sequence, 12)
  header.life.copy(block, 16)
  block.writeUInt32LE(header.newestHigh, 24)
  block.writeUInt32LE(header.newestLow, 28)
  block.writeUInt32LE(header.previousSequence, 32)
  block.writeUInt32LE(header.previousEnd, 36)
  block.writeUInt32LE(crc32(block.subarray(0, covered)), covered)
  return block
}

/** Any bytes may come in; undefined when they are not a whole header. */
export function decodeSegmentHeader(block: Buffer): SegmentHeader | undefined {
  if (block.length < covered + 4 || block.compare(magic, 0, 8, 0, 8) !== 0) return undefined
  if (block.readUInt32LE(8) !== version) return undefined
  if (block.readUInt32LE(covered) !== crc32(block.subarray(0, covered))) return undefined
  return {
    sequence: block.readUInt32LE(12),
    life: Buffer.from(block.subarray(16, 24)),
    newestHigh: block.readUInt32LE(24),
    newestLow: block.readUInt32LE(28),
    previousSequence: block.readUInt32LE(32),
    previousEnd: block.readUInt32LE(36),
  }
}

export const segmentName = (sequence: number): string => `${sequence.toString(16).padStart(8, '0')}.segment`
export const indexName = (sequence: number): string => `${sequence.toString(16).padStart(8, '0')}.index`

const shape = /^([0-9a-f]{8})\.segment$/

/** The sequence number that a file name says; undefined for another file. */
export function sequenceOfName(name: string): number | undefined {
  const digits = shape.exec(name)?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}

export class Segment {
  readonly sequence: number
  readonly life: Buffer
  /** End of what is known to be on disk, octets from the start of the file. */
  end: number
  /** Octets that the file has or may grow to; behind `end` they are zeros or leftovers. */
  size: number
  /** The file ends where its records do. */
  grows = false
  /** Nothing is appended any more. */
  sealed = false
  /** What the index file will say; undefined once it was written. */
  summary: Summary | undefined
  /** A message was moved out: its old record is still here. */
  evacuated = false
  /** Messages whose content or envelope lives here. */
  liveMessages = 0
  /** Octets of their records and of the latest states of waiting jobs. */
  liveOctets = 0
  /** Octets of ends of messages of other segments, an upper bound of those that still matter. */
  finishedOctets = 0

  constructor(sequence: number, life: Buffer, end: number, size: number) {
    this.sequence = sequence
    this.life = life
    this.end = end
    this.size = size
  }
}
