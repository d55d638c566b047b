/**
 * Reads messages back: envelope and state from their records, content from its record or its file.
 *
 * Promises: what is returned was verified against its CRC; what does not verify is a value (`undefined`) or, for content,
 * `CorruptContent`. An error of the disk is thrown as it is: what cannot be read now may be readable later. Nothing is cached here. Callers keep the message in the queue while they read.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Envelope } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import { CorruptContent } from '#mail/queue.ts'
import { errorCode, type SpoolFiles } from '#spool/files.ts'
import { decodeState, type JobState, untouched } from '#spool/job-state.ts'
import { field, type MessageTable } from '#spool/message-table.ts'
import { bearsStamp, flag, headerSize, type RecordHeader, readHeader } from '#spool/record.ts'
import type { Segments } from '#spool/segments.ts'
import { readEnvelope } from '#spool/stored-envelope.ts'

/** Records up to this are read in one go, content and all. */
const wholeSize = 2 ** 17
/** Room for the header and a usual envelope, when the content is left out. */
const headSize = 2 ** 12
const chunkSize = 2 ** 18

export interface StoredMessage {
  readonly envelope: Envelope
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

export class Reading {
  readonly #files: SpoolFiles
  readonly #segments: Segments
  readonly #table: MessageTable
  readonly #large: string

  constructor(files: SpoolFiles, segments: Segments, table: MessageTable, large: string) {
    this.#files = files
    this.#segments = segments
    this.#table = table
    this.#large = large
  }

  /** The message of this row; undefined when its record is corrupt. Rejects when the disk cannot be read. */
  async message(row: number): Promise<StoredMessage | undefined> {
    const table = this.#table
    const sequence = table.get(row, field.sequence)
    const offset = table.get(row, field.offset)
    const length = table.get(row, field.length)
    const idHigh = table.get(row, field.idHigh)
    const idLow = table.get(row, field.idLow)
    const [record, header] = await this.#head(sequence, offset, length)
    if (header === undefined || header.idHigh !== idHigh || header.idLow !== idLow) return undefined
    const envelope = readEnvelope(record, header)
    if (envelope === undefined) return undefined
    const start = headerSize + header.headLength
    if ((header.flags & flag.large) !== 0)
      return { envelope, content: () => this.#largeContent(envelope.id, header.first, header.second) }
    if (record.length >= start + header.inline)
      return {
        envelope,
        content: () => [verified(record.subarray(start, start + header.inline), header.second)],
      }
    return {
      envelope,
      content: () => this.#inlineContent(sequence, offset + start, header.inline, header.second),
    }
  }

  /** The record, at least with its head. */
  async #head(sequence: number, offset: number, length: number): Promise<[Buffer, RecordHeader | undefined]> {
    const life = this.#segments.all.get(sequence)?.life
    if (life === undefined) return [Buffer.alloc(0), undefined]
    let record = await this.#segments.read(sequence, offset, length <= wholeSize ? length : headSize)
    if (record.length < headerSize || !bearsStamp(record, 0, life, sequence)) return [record, undefined]
    const needed = headerSize + record.readUInt32LE(28)
    if (needed > length) return [record, undefined]
    if (needed > record.length) record = await this.#segments.read(sequence, offset, needed)
    const header = readHeader(record, 0)
    return [record, header?.length === length ? header : undefined]
  }

  /** What became of the recipients of this job so far. Corrupt states are as if never written: delivered again, not lost. */
  async state(row: number): Promise<JobState> {
    const table = this.#table
    const sequence = table.get(row, field.stateSequence)
    if (sequence === 0) return untouched
    const [record, header] = await this.#head(
      sequence,
      table.get(row, field.stateOffset),
      table.get(row, field.stateLength),
    )
    if (header === undefined) return untouched
    return decodeState(record.toString('utf8', headerSize, headerSize + header.headLength))
  }

  async *#inlineContent(
    sequence: number,
    offset: number,
    length: number,
    crc: number,
  ): AsyncGenerator<Uint8Array, void> {
    let sum = 0
    for (let done = 0; done < length; done += chunkSize) {
      const chunk = await this.#segments.read(sequence, offset + done, Math.min(chunkSize, length - done))
      sum = crc32(chunk, sum)
      if (done + chunk.length === length && sum !== crc) throw mismatch()
      yield chunk
    }
  }

  async *#largeContent(id: MessageId, length: number, crc: number): AsyncGenerator<Uint8Array, void> {
    let descriptor: number
    try {
      descriptor = await this.#files.open(join(this.#large, id), 'read', false)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw new CorruptContent('the file of the content is missing')
      throw error
    }
    try {
      let sum = 0
      for (let done = 0; done < length; ) {
        const chunk = Buffer.allocUnsafe(Math.min(chunkSize, length - done))
        const octets = await this.#files.read(descriptor, chunk, done)
        if (octets < chunk.length)
          throw new CorruptContent(`the file of the content ends at ${done + octets}`)
        sum = crc32(chunk, sum)
        done += octets
        // The last octets leave only when all of them were right: the receiver never sees the end of a wrong message.
        if (done === length && sum !== crc) throw mismatch()
        yield chunk
      }
    } finally {
      await this.#files.close(descriptor)
    }
  }
}

const mismatch = (): CorruptContent => new CorruptContent('the content differs from what was written')

function verified(content: Buffer, crc: number): Buffer {
  if (crc32(content) !== crc) throw mismatch()
  return content
}
