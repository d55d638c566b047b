/**
 * From the files of a shard back to the queue.
 *
 * Order: spare files · segments from old to new, each by its index or, when it has none that is whole, by a scan · files of
 * large content. What was written but not known to be synced when the last run ended is synced before it is believed:
 * a page that only the cache holds could vanish with the next power cut, after we acted on it.
 *
 * Promises: no content of any file makes it throw; damage is set aside under `corrupt/`, reported, and everything else is
 * recovered. It rejects only when the directory cannot be read or written.
 */
import { join } from 'node:path'
import { isMessageId, type MessageId, wordsOfMessageId } from '#mail/message-id.ts'
import { blockSize } from '#spool/block.ts'
import { errorText, type SpoolFiles } from '#spool/files.ts'
import type { QueueState } from '#spool/queue-state.ts'
import { flag } from '#spool/record.ts'
import { scanInto } from '#spool/replay.ts'
import { decodeSegmentHeader, indexName, Segment, segmentName, sequenceOfName } from '#spool/segment.ts'
import { decodeIndex, Summary } from '#spool/segment-index.ts'
import type { Segments } from '#spool/segments.ts'

export interface Corruption {
  /** Name of the damaged file. */
  readonly file: string
  /** Octets `[start, end)` of it. */
  readonly start: number
  readonly end: number
  /** Where the damaged bytes were kept, empty when they could not be. */
  readonly kept: string
  readonly reason: string
}

export interface RecoveryReport {
  readonly messages: number
  readonly jobs: number
  readonly segments: number
  /** Segments that had no whole index and were read in full: those written last, as a rule. */
  readonly scanned: number
  /** Segments that ended in a write which a crash cut short. Nothing of it was acknowledged. */
  readonly torn: number
  readonly corrupt: readonly Corruption[]
  /** Messages whose file of content is missing. They are in the queue and will fail with `CorruptContent`. */
  readonly missingContent: readonly MessageId[]
  /** Files of content that no message needs. */
  readonly orphans: number
  readonly milliseconds: number
}

export interface RecoveryOptions {
  readonly files: SpoolFiles
  readonly directory: string
  readonly segments: Segments
  readonly queue: QueueState
}

export class Recovery {
  readonly #options: RecoveryOptions
  readonly #corrupt: Corruption[] = []
  #scanned = 0
  #torn = 0

  constructor(options: RecoveryOptions) {
    this.#options = options
  }

  async run(): Promise<RecoveryReport> {
    const started = performance.now()
    const { files, directory, segments, queue } = this.#options
    for (const folder of ['', 'large', 'corrupt']) await files.makeDirectory(join(directory, folder))
    await files.syncDirectory(directory)
    const names = await files.list(directory)
    for (const name of names.filter(name => name.endsWith('.new'))) await files.remove(join(directory, name))
    await segments.adoptSpares(names)
    const sequences = names.map(sequenceOfName).filter(sequence => sequence !== undefined)
    sequences.sort((a, b) => a - b)
    await this.#segments(sequences)
    const { missing, orphans } = await this.#largeFiles()
    queue.begin()
    return {
      messages: queue.table.messages,
      jobs: queue.table.rows,
      segments: sequences.length,
      scanned: this.#scanned,
      torn: this.#torn,
      corrupt: this.#corrupt,
      missingContent: missing,
      orphans,
      milliseconds: performance.now() - started,
    }
  }

  async #segments(sequences: readonly number[]): Promise<void> {
    const { files, directory } = this.#options
    const ends = await this.#ends(sequences)
    for (const sequence of sequences) {
      const name = segmentName(sequence)
      const descriptor = await files.open(join(directory, name), 'update', false)
      try {
        await this.#segment(sequence, descriptor, ends.get(sequence))
      } finally {
        await files.close(descriptor)
      }
    }
  }

  /** What each segment says of the end of the one before: bytes behind it were refused to their senders. */
  async #ends(sequences: readonly number[]): Promise<Map<number, number>> {
    const { files, directory, queue } = this.#options
    const ends = new Map<number, number>()
    for (const sequence of sequences) {
      const descriptor = await files.open(join(directory, segmentName(sequence)), 'read', false)
      const block = Buffer.alloc(blockSize)
      await files.read(descriptor, block, 0).finally(() => files.close(descriptor))
      const header = decodeSegmentHeader(block)
      if (header === undefined || header.sequence !== sequence) continue
      queue.noteNewest(header.newestHigh, header.newestLow)
      if (header.previousSequence < sequence) ends.set(header.previousSequence, header.previousEnd)
    }
    return ends
  }

  async #segment(sequence: number, descriptor: number, knownEnd: number | undefined): Promise<void> {
    const { files, segments, queue } = this.#options
    const size = await files.size(descriptor)
    const life = await this.#life(sequence, descriptor, size)
    if (life === undefined) {
      await this.#setAside(segmentName(sequence), descriptor, 0, size, 'the header is damaged')
      await files.remove(segments.path(indexName(sequence)))
      await files.remove(segments.path(segmentName(sequence)))
      return
    }
    const segment = new Segment(sequence, life, blockSize, size)
    segments.adopt(segment)
    const content = await segments.readIndexFile(sequence)
    const index = content && decodeIndex(content, sequence, life, size)
    if (index !== undefined) {
      segment.end = index.end
      index.replay(queue)
      return
    }
    this.#scanned++
    await files.sync(descriptor)
    await this.#scan(segment, descriptor, Math.min(size, knownEnd ?? size))
    segments.writeIndex(segment)
  }

  /** From the header or, when that is damaged, from the first record, which must then name the segment itself. */
  async #life(sequence: number, descriptor: number, size: number): Promise<Buffer | undefined> {
    const { files } = this.#options
    const blocks = Buffer.alloc(Math.min(2 * blockSize, size))
    await files.read(descriptor, blocks, 0)
    const header = decodeSegmentHeader(blocks)
    if (header !== undefined) return header.sequence === sequence ? header.life : undefined
    if (blocks.length < 2 * blockSize || blocks.readUInt32LE(blockSize + 8) !== sequence) return undefined
    return Buffer.from(blocks.subarray(blockSize, blockSize + 8))
  }

  async #scan(segment: Segment, descriptor: number, limit: number): Promise<void> {
    const { files, queue } = this.#options
    const summary = new Summary()
    segment.summary = summary
    const result = await scanInto([summary, queue], files, descriptor, segment, limit)
    segment.end = result.end
    if (result.torn) this.#torn++
    for (const gap of result.gaps)
      await this.#setAside(
        segmentName(segment.sequence),
        descriptor,
        gap.start,
        gap.end,
        'a record does not match its CRC',
      )
  }

  async #setAside(
    file: string,
    descriptor: number,
    start: number,
    end: number,
    reason: string,
  ): Promise<void> {
    const { files, directory } = this.#options
    const kept = `corrupt/${file}.${start}-${end}`
    try {
      await copyOut(files, descriptor, start, end, join(directory, kept))
      this.#corrupt.push({ file, start, end, kept, reason })
    } catch (error) {
      // A full disk must not keep the rest of the queue from being delivered.
      this.#corrupt.push({ file, start, end, kept: '', reason: `${reason}; not kept: ${errorText(error)}` })
    }
  }

  async #largeFiles(): Promise<{ missing: readonly MessageId[]; orphans: number }> {
    const { files, directory, queue } = this.#options
    const { table } = queue
    const present = new Set(await files.list(join(directory, 'large')))
    const missing: MessageId[] = []
    const needed = new Set<string>()
    for (let row = 0; row < table.extent; row++) {
      if (!table.isFirst(row) || !table.has(row, flag.large)) continue
      const id = queue.id(row)
      needed.add(id)
      if (!present.has(id)) missing.push(id)
    }
    let orphans = 0
    for (const name of present) {
      if (needed.has(name)) continue
      const path = join(directory, 'large', name)
      orphans++
      // Where records were lost, the content may be all that is left of a message.
      if (this.#corrupt.length > 0) await files.rename(path, join(directory, 'corrupt', `large.${name}`))
      else await files.remove(path)
      if (isMessageId(name)) queue.noteNewest(...wordsOfMessageId(name))
    }
    return { missing, orphans }
  }
}

/** Copies `[start, end)` of an open file into a new one. */
export async function copyOut(
  files: SpoolFiles,
  descriptor: number,
  start: number,
  end: number,
  path: string,
): Promise<void> {
  const target = await files.open(path, 'replace', false)
  try {
    for (let at = start; at < end; ) {
      const chunk = Buffer.allocUnsafe(Math.min(2 ** 20, end - at))
      const octets = await files.read(descriptor, chunk, at)
      if (octets === 0) break
      await files.write(target, [chunk.subarray(0, octets)], at - start)
      at += octets
    }
    await files.sync(target)
  } finally {
    await files.close(target)
  }
}
