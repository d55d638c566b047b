/**
 * Reads a segment record by record, verifies every CRC, and finds its way again behind damage.
 *
 * Promises: any bytes may stand in the file; what is not a whole record of this life of the segment is a gap in the result,
 * never an exception; everything behind a gap is found. Memory: one window, however large the segment.
 *
 * Finding the way: each record begins with the life of the segment, 8 random octets at a multiple of 16. Nobody who
 * sends mail knows them, so a forged record inside a message cannot be taken for a real one.
 */
import { crc32 } from 'node:zlib'
import { blockSize, padded } from '#spool/block.ts'
import type { SpoolFiles } from '#spool/files.ts'
import {
  alignment,
  bearsStamp,
  headerSize,
  headLengthAt,
  type RecordHeader,
  readHeader,
} from '#spool/record.ts'

const windowSize = 2 ** 20

export interface Gap {
  readonly start: number
  readonly end: number
}

export interface ScanResult {
  /** Behind the last whole record, padded to a block; octets. */
  readonly end: number
  /** Damage in front of the last whole record. */
  readonly gaps: readonly Gap[]
  /** There are stamped records behind `end` that are not whole: a write that a crash cut short. */
  readonly torn: boolean
}

/** Called with each whole record; `record` holds header and head, and is reused. Returns false when it makes no sense. */
export type OnRecord = (record: Buffer, header: RecordHeader, offset: number) => boolean

export class SegmentScan {
  readonly #files: SpoolFiles
  readonly #descriptor: number
  readonly #limit: number
  #window = Buffer.alloc(0)
  #start = 0

  /** Looks at octets up to `limit` only. */
  constructor(files: SpoolFiles, descriptor: number, limit: number) {
    this.#files = files
    this.#descriptor = descriptor
    this.#limit = limit
  }

  /** The octets `[offset, offset + length)`, fewer at the limit. */
  async #at(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.min(length, this.#limit - offset)
    if (wanted <= 0) return Buffer.alloc(0)
    if (offset < this.#start || offset + wanted > this.#start + this.#window.length) {
      const window = Buffer.allocUnsafe(Math.min(Math.max(windowSize, wanted), this.#limit - offset))
      const octets = await this.#files.read(this.#descriptor, window, offset)
      this.#window = window.subarray(0, octets)
      this.#start = offset
    }
    return this.#window.subarray(offset - this.#start, offset - this.#start + wanted)
  }

  /**
   * What is there from `offset` on: the rest of the window while that is enough to find a record, so that the zeros at the end
   * of each commit do not cost a window each; else a new window.
   */
  async #ahead(offset: number): Promise<Buffer> {
    const rest = this.#start + this.#window.length - offset
    return this.#at(offset, offset >= this.#start && rest >= headerSize ? rest : windowSize)
  }

  async run(life: Uint8Array, sequence: number, onRecord: OnRecord): Promise<ScanResult> {
    const gaps: Gap[] = []
    let end = blockSize
    let torn = false
    let at = blockSize
    while (at < this.#limit) {
      const length = await this.#record(at, life, sequence, onRecord)
      if (length > 0) {
        at += length
        end = at
        continue
      }
      const next = await this.#resume(at, life, sequence)
      if (length < 0) torn = true
      if (next === undefined) break
      // Zeros up to the next block are how a commit ends. All else in front of a record is damage.
      if (length < 0 || next !== padded(at)) gaps.push({ start: at, end: next })
      at = next
    }
    const kept = gaps.filter(gap => gap.start < end)
    return {
      end: padded(end),
      gaps: merged(kept),
      torn: torn && (gaps.length > kept.length || kept.length === 0),
    }
  }

  /** The length of the whole record at `at`; 0 when none begins there, -1 when one begins there and is not whole. */
  async #record(at: number, life: Uint8Array, sequence: number, onRecord: OnRecord): Promise<number> {
    let record = await this.#at(at, headerSize)
    if (record.length < headerSize || !bearsStamp(record, 0, life, sequence)) return 0
    const headLength = headLengthAt(record, 0)
    if (at + headerSize + headLength > this.#limit) return -1
    record = await this.#at(at, headerSize + headLength)
    const header = readHeader(record, 0)
    if (header === undefined || at + header.length > this.#limit) return -1
    // Kept aside: reading the content may move the window.
    const head = header.inline > 0 ? Buffer.from(record) : record
    if (!(await this.#whole(at + headerSize + headLength, header))) return -1
    return onRecord(head, header, at) ? header.length : -1
  }

  async #whole(start: number, header: RecordHeader): Promise<boolean> {
    if (header.inline === 0) return true
    let sum = 0
    for (let done = 0; done < header.inline; ) {
      const chunk = await this.#at(start + done, Math.min(windowSize, header.inline - done))
      if (chunk.length === 0) return false
      sum = crc32(chunk, sum)
      done += chunk.length
    }
    return sum === header.second
  }

  /** Where the next stamped record behind `at` begins, whole or not. */
  async #resume(at: number, life: Uint8Array, sequence: number): Promise<number | undefined> {
    for (let from = at + alignment; from < this.#limit; ) {
      const part = await this.#ahead(from)
      if (part.length < headerSize) return undefined
      for (let hit = part.indexOf(life, 0); hit >= 0; hit = part.indexOf(life, hit + 1))
        if (
          (from + hit) % alignment === 0 &&
          hit + 12 <= part.length &&
          bearsStamp(part, hit, life, sequence)
        )
          return from + hit
      // A stamp may stand across the border.
      from += Math.max(alignment, part.length - alignment)
    }
    return undefined
  }
}

/** Gaps that touch are one. */
function merged(gaps: readonly Gap[]): readonly Gap[] {
  const result: { start: number; end: number }[] = []
  for (const gap of gaps) {
    const last = result.at(-1)
    if (last !== undefined && last.end === gap.start) last.end = gap.end
    else result.push({ ...gap })
  }
  return result
}
