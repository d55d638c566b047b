/**
 * One record of the log, as bytes.
 *
 *      0  life, 8 octets: random, new for each use of a segment file. A record whose life is not that of its segment is
 *         a leftover of an earlier use, or a forgery inside somebody's mail: nobody outside can know the life.
 *      8  sequence number of the segment
 *     12  CRC-32 of octets 16 to the end of the head
 *     16  type · 17 version · 18 flags (16 bits)
 *     20  message id, high and low word
 *     28  length of the head (envelope or state, JSON in UTF-8)
 *     32  message: octets of content     state: attempts          finished: number of messages
 *     36  message: CRC-32 of content     state: number of the job
 *     40  message: time of receipt       state: next attempt      (milliseconds since 1970, double)
 *     48  head, then the content unless it has a file of its own, then zeros up to a multiple of 16
 *
 * All numbers little-endian. Life and sequence are stamped when a commit knows its segment, so they stand outside the CRC.
 * The content has a CRC of its own: it is computed while the content arrives and checked when it leaves.
 */
import { crc32 } from 'node:zlib'

export const headerSize = 48
export const alignment = 16

/** `treatments`: its jobs are more than domains (`jobs.ts`); who does not know that sets the record aside. */
export const versions = { plain: 1, treatments: 2 } as const
export type RecordVersion = (typeof versions)[keyof typeof versions]

export const recordTypes = { message: 1, state: 2, finished: 3, copy: 4 } as const
export type RecordType = (typeof recordTypes)[keyof typeof recordTypes]

/** Bits of `flags`, in records and in the table of messages. */
export const flag = {
  /** The content is in `large/<id>`. */
  large: 1,
  held: 2,
  /** Nothing is left to do for this job; the message has others. */
  done: 4,
  delayNotified: 8,
} as const

/** Octets of one entry in the head of a `finished` record: segment, id high, id low. */
export const finishedEntrySize = 12

export interface RecordHeader {
  readonly type: RecordType
  readonly flags: number
  readonly idHigh: number
  readonly idLow: number
  readonly headLength: number
  /** Octets 32 to 35. */
  readonly first: number
  /** Octets 36 to 39. */
  readonly second: number
  readonly time: number
  /** Whole record with padding, octets. */
  readonly length: number
  /** Octets of content inside the record. */
  readonly inline: number
}

export const aligned = (length: number): number => Math.ceil(length / alignment) * alignment

/** Writes all of the header but life and sequence; the head must stand behind it already. */
export function writeHeader(
  buffer: Buffer,
  at: number,
  type: RecordType,
  version: RecordVersion,
  flags: number,
  idHigh: number,
  idLow: number,
  headLength: number,
  first: number,
  second: number,
  time: number,
): void {
  buffer[at + 16] = type
  buffer[at + 17] = version
  buffer.writeUInt16LE(flags, at + 18)
  buffer.writeUInt32LE(idHigh, at + 20)
  buffer.writeUInt32LE(idLow, at + 24)
  buffer.writeUInt32LE(headLength, at + 28)
  buffer.writeUInt32LE(first, at + 32)
  buffer.writeUInt32LE(second, at + 36)
  buffer.writeDoubleLE(time, at + 40)
  buffer.writeUInt32LE(headCrc(buffer, at, headLength), at + 12)
}

const headCrc = (buffer: Buffer, at: number, headLength: number): number =>
  crc32(buffer.subarray(at + 16, at + headerSize + headLength))

export function stamp(buffer: Buffer, at: number, life: Uint8Array, sequence: number): void {
  buffer.set(life, at)
  buffer.writeUInt32LE(sequence, at + 8)
}

export const headLengthAt = (buffer: Buffer, at: number): number => buffer.readUInt32LE(at + 28)

/** True when the record at `at` was written in this life of this segment, as far as its first octets tell. */
export const bearsStamp = (buffer: Buffer, at: number, life: Uint8Array, sequence: number): boolean =>
  buffer.compare(life, 0, 8, at, at + 8) === 0 && buffer.readUInt32LE(at + 8) === sequence

/**
 * The header at `at`, when it and its head are whole (the head must be in the buffer). The content is not looked at.
 * Any bytes may come in; a wrong one is undefined, never an exception.
 */
export function readHeader(buffer: Buffer, at: number): RecordHeader | undefined {
  if (at + headerSize > buffer.length) return undefined
  const headLength = headLengthAt(buffer, at)
  if (at + headerSize + headLength > buffer.length) return undefined
  if (buffer.readUInt32LE(at + 12) !== headCrc(buffer, at, headLength)) return undefined
  const type = buffer[at + 16]!
  if (type < 1 || type > 4 || !known(buffer[at + 17]!)) return undefined
  const flags = buffer.readUInt16LE(at + 18)
  const first = buffer.readUInt32LE(at + 32)
  const bears = type === recordTypes.message || type === recordTypes.copy
  const inline = bears && (flags & flag.large) === 0 ? first : 0
  if (type === recordTypes.finished && headLength !== first * finishedEntrySize) return undefined
  return {
    type: type as RecordType,
    flags,
    idHigh: buffer.readUInt32LE(at + 20),
    idLow: buffer.readUInt32LE(at + 24),
    headLength,
    first,
    second: buffer.readUInt32LE(at + 36),
    time: buffer.readDoubleLE(at + 40),
    length: aligned(headerSize + headLength + inline),
    inline,
  }
}

const known = (version: number): boolean => version === versions.plain || version === versions.treatments

/** Makes a record read from disk one of another type. */
export function retype(record: Buffer, type: RecordType): void {
  record[16] = type
  record.writeUInt32LE(headCrc(record, 0, headLengthAt(record, 0)), 12)
}
