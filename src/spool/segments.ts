/**
 * The segment files of one spool: the one that is written, those that are read, those that go round again.
 *
 * Promises:
 * - A segment is in the directory, under its number, with a synced header, before the first record is written to it.
 * - Number and life of a segment are never used twice, so leftovers in a recycled file are never taken for records.
 * - Records of small commits overwrite blocks that were on the medium before the file became a segment: zeros, or those of an
 *   earlier use. So a commit need not wait for the journal of the file system, as it must while its file grows. The next file
 *   is made in the background once a segment is half full; before the first one is ready, and when mail comes faster than
 *   zeros, a segment is short. While commits are large that wait is little beside their own octets, which would go to the
 *   medium twice: then a new segment is a file that grows.
 * - A segment is given back only by `free`; its index goes first, so that an index without its segment never exists.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { blockSize, padded } from '#spool/block.ts'
import type { SpoolFiles } from '#spool/files.ts'
import { scanInto } from '#spool/replay.ts'
import { decodeSegmentHeader, encodeSegmentHeader, indexName, Segment, segmentName } from '#spool/segment.ts'
import { decodeIndex, type Replay, Summary } from '#spool/segment-index.ts'

export interface SegmentsOptions {
  readonly files: SpoolFiles
  readonly directory: string
  readonly segmentSize: number
  /** Octets of an average commit from which a new segment grows instead of being filled with zeros first. */
  readonly growFrom: number
  /** The newest message id, for the header of a new segment. */
  readonly newest: () => readonly [high: number, low: number]
  /** A failure that costs nothing but speed: an index that was not written, zeros that were not. */
  readonly onTrouble: (error: unknown) => void
}

/** Octets of a segment for which no file was ready: its zeros are waited for. */
const shortSize = 2 ** 22
/** Octets of zeros per write, and between two syncs: a commit of mail gets its turn in between. */
const step = 2 ** 20
const syncStep = 2 ** 22
const zeros = Buffer.alloc(step)
/** Files kept for another use, and descriptors kept open for reading. */
const spareLimit = 2
const readerLimit = 64

const spareName = /^spare\.\d+$/

interface Reader {
  readonly descriptor: Promise<number>
  users: number
  dropped: boolean
}

export class Segments {
  readonly all = new Map<number, Segment>()
  readonly #options: SegmentsOptions
  readonly #size: number
  #active: Segment | undefined
  #descriptor = -1
  #preparing: Promise<void> | undefined
  /** The segment in whose time a file was last prepared: one attempt for each, also on a full disk. */
  #preparedFor: Segment | undefined
  #previous: Segment | undefined
  #last = 0
  /** Octets of a commit, as a moving average. */
  #commitSize = 0
  #spares: string[] = []
  #spareCounter = 0
  readonly #readers = new Map<number, Reader>()
  #indexing: Promise<void> = Promise.resolve()

  constructor(options: SegmentsOptions) {
    this.#options = options
    this.#size = padded(options.segmentSize)
  }

  get active(): Segment | undefined {
    return this.#active
  }

  path(name: string): string {
    return join(this.#options.directory, name)
  }

  /** Takes over the spare files of the last run. Their headers count: a crash may have come before the new name. */
  async adoptSpares(names: readonly string[]): Promise<void> {
    const { files } = this.#options
    for (const name of names.filter(name => spareName.test(name))) {
      this.#spareCounter = Math.max(this.#spareCounter, Number(name.slice(6)))
      const descriptor = await files.open(this.path(name), 'read', false)
      const block = Buffer.alloc(blockSize)
      await files.read(descriptor, block, 0)
      const size = await files.size(descriptor)
      await files.close(descriptor)
      this.#last = Math.max(this.#last, decodeSegmentHeader(block)?.sequence ?? 0)
      if (size === this.#size && this.#spares.length < spareLimit) this.#spares.push(name)
      else await files.remove(this.path(name))
    }
  }

  /** Takes over a sealed segment of the last run. */
  adopt(segment: Segment): void {
    segment.sealed = true
    this.all.set(segment.sequence, segment)
    this.reserve(segment.sequence)
    if (segment.sequence > (this.#previous?.sequence ?? 0)) this.#previous = segment
  }

  /** The number is taken, whatever became of its file. */
  reserve(sequence: number): void {
    this.#last = Math.max(this.#last, sequence)
  }

  /** The segment in which `octets` more fit; begins a new one when they do not. Rejects when the disk refuses. */
  async room(octets: number): Promise<Segment> {
    const active = this.#active
    // What is larger than a segment gets one of its own, which is as large as it needs.
    if (active !== undefined && (active.end + octets <= active.size || active.end === blockSize))
      return active
    if (active !== undefined) this.seal()
    return await this.#begin()
  }

  /** Writes whole blocks at the end of the active segment; they are on the medium when it resolves. */
  async append(segment: Segment, blocks: Buffer): Promise<number> {
    const start = segment.end
    await this.#options.files.write(this.#descriptor, [blocks], start)
    this.#commitSize += (blocks.length - this.#commitSize) / 16
    segment.end = start + blocks.length
    segment.size = Math.max(segment.size, segment.end)
    if (segment.end > segment.size / 2) this.#prepare(segment)
    return start
  }

  /** Nothing is appended to the active segment any more; its index is written in the background. */
  seal(): void {
    const segment = this.#active
    if (segment === undefined) return
    const descriptor = this.#descriptor
    segment.sealed = true
    this.#previous = segment
    this.#active = undefined
    this.#descriptor = -1
    this.#options.files.close(descriptor).catch(this.#options.onTrouble)
    this.writeIndex(segment)
  }

  writeIndex(segment: Segment): void {
    this.#indexing = this.#indexing.then(() => this.#writeIndex(segment)).catch(this.#options.onTrouble)
  }

  async #writeIndex(segment: Segment): Promise<void> {
    const { files } = this.#options
    const summary = segment.summary
    if (summary === undefined || !this.all.has(segment.sequence)) return
    const name = indexName(segment.sequence)
    const content = summary.encode(segment.sequence, segment.life, segment.end)
    const descriptor = await files.open(this.path(`${name}.new`), 'replace', false)
    try {
      await files.write(descriptor, [content], 0)
      await files.sync(descriptor)
    } finally {
      await files.close(descriptor)
    }
    await files.rename(this.path(`${name}.new`), this.path(name))
    await files.syncDirectory(this.#options.directory)
    segment.summary = undefined
  }

  async #begin(): Promise<Segment> {
    const { files, directory } = this.#options
    const sequence = ++this.#last
    const spare = this.#spares.pop()
    const source = spare ?? `spare.${++this.#spareCounter}`
    const life = randomBytes(8)
    const [newestHigh, newestLow] = this.#options.newest()
    const header = encodeSegmentHeader({
      sequence,
      life,
      newestHigh,
      newestLow,
      previousSequence: this.#previous?.sequence ?? 0,
      previousEnd: this.#previous?.end ?? 0,
    })
    const grows = spare === undefined && this.#commitsAreLarge
    const size = spare === undefined && !grows ? Math.min(shortSize, this.#size) : this.#size
    let descriptor = -1
    try {
      if (spare === undefined) await this.#fill(source, grows ? 0 : size)
      descriptor = await files.open(this.path(source), 'update', true)
      await files.write(descriptor, [header], 0)
      // The name is what makes it a segment: header first, then the name, then records.
      await files.rename(this.path(source), this.path(segmentName(sequence)))
      await files.syncDirectory(directory)
    } catch (error) {
      if (descriptor >= 0) await files.close(descriptor).catch(() => {})
      await files.remove(this.path(source)).catch(() => {})
      throw error
    }
    const segment = new Segment(sequence, life, blockSize, size)
    segment.grows = grows
    segment.summary = new Summary()
    this.all.set(sequence, segment)
    this.#active = segment
    this.#descriptor = descriptor
    return segment
  }

  get #commitsAreLarge(): boolean {
    return this.#commitSize >= this.#options.growFrom
  }

  /** Makes a file of zeros, on the medium when it resolves. */
  async #fill(name: string, size: number): Promise<void> {
    const { files } = this.#options
    const descriptor = await files.open(this.path(name), 'replace', false)
    try {
      for (let at = 0; at < size; at += step) {
        await files.write(descriptor, [zeros.subarray(0, Math.min(step, size - at))], at)
        if ((at + step) % syncStep === 0 || at + step >= size) await files.sync(descriptor)
      }
    } finally {
      await files.close(descriptor)
    }
  }

  /** Makes a file ready for the next segment, in the background. */
  #prepare(segment: Segment): void {
    if (this.#preparing !== undefined || this.#spares.length > 0 || this.#preparedFor === segment) return
    if (this.#commitsAreLarge) return
    this.#preparedFor = segment
    const name = `spare.${++this.#spareCounter}`
    this.#preparing = this.#fill(name, this.#size)
      .then(
        () => void this.#spares.push(name),
        async error => {
          this.#options.onTrouble(error)
          await this.#options.files.remove(this.path(name))
        },
      )
      .catch(this.#options.onTrouble)
      .finally(() => {
        this.#preparing = undefined
      })
  }

  /** Reads `length` octets; rejects when the segment is shorter. */
  async read(sequence: number, offset: number, length: number): Promise<Buffer> {
    let reader = this.#readers.get(sequence)
    if (reader === undefined) {
      reader = {
        descriptor: this.#options.files.open(this.path(segmentName(sequence)), 'read', false),
        users: 0,
        dropped: false,
      }
    }
    // Least recently used first.
    this.#readers.delete(sequence)
    this.#readers.set(sequence, reader)
    reader.users++
    try {
      const buffer = Buffer.allocUnsafe(length)
      const octets = await this.#options.files.read(await reader.descriptor, buffer, offset)
      if (octets < length)
        throw new Error(`segment ${sequence} ends at ${offset + octets}, not at ${offset + length}`)
      return buffer
    } catch (error) {
      this.#dropReader(sequence, reader)
      throw error
    } finally {
      reader.users--
      if (reader.dropped) this.#closeReader(reader)
      else this.#closeUnused()
    }
  }

  #closeUnused(): void {
    if (this.#readers.size <= readerLimit) return
    for (const [sequence, reader] of this.#readers)
      if (reader.users === 0) {
        this.#dropReader(sequence, reader)
        return
      }
  }

  #dropReader(sequence: number, reader: Reader): void {
    if (this.#readers.get(sequence) === reader) this.#readers.delete(sequence)
    reader.dropped = true
    this.#closeReader(reader)
  }

  /** Closes with the last read: a closed descriptor's number may belong to another file the next moment. */
  #closeReader(reader: Reader): void {
    if (reader.users > 0) return
    reader.descriptor.then(descriptor => this.#options.files.close(descriptor)).catch(() => {})
  }

  /** Tells what a sealed segment holds: from memory, from its index, or from itself. */
  async replay(segment: Segment, into: Replay): Promise<void> {
    const content =
      segment.summary?.encode(segment.sequence, segment.life, segment.end) ??
      (await this.readIndexFile(segment.sequence))
    const index = content && decodeIndex(content, segment.sequence, segment.life, segment.size)
    if (index !== undefined) {
      index.replay(into)
      return
    }
    const { files } = this.#options
    const descriptor = await files.open(this.path(segmentName(segment.sequence)), 'read', false)
    try {
      await scanInto([into], files, descriptor, segment, segment.end)
    } finally {
      await files.close(descriptor)
    }
  }

  /** The index file of a sealed segment, or undefined. */
  async readIndexFile(sequence: number): Promise<Buffer | undefined> {
    const { files } = this.#options
    try {
      const descriptor = await files.open(this.path(indexName(sequence)), 'read', false)
      try {
        const content = Buffer.allocUnsafe(await files.size(descriptor))
        return content.subarray(0, await files.read(descriptor, content, 0))
      } finally {
        await files.close(descriptor)
      }
    } catch {
      return undefined
    }
  }

  /**
   * Gives a sealed segment back; the caller knows that nothing in it matters any more, on disk. Synced when it resolves:
   * what comes next may rely on the segment being gone.
   */
  async free(segment: Segment): Promise<void> {
    const { files, directory } = this.#options
    // An index being written now would come back after its segment.
    await this.#indexing
    const name = segmentName(segment.sequence)
    const reader = this.#readers.get(segment.sequence)
    if (reader !== undefined) this.#dropReader(segment.sequence, reader)
    await files.remove(this.path(indexName(segment.sequence)))
    // Tried again after an error the file may have gone already: then the directory is what is left to sync.
    const present = (await files.list(directory)).includes(name)
    if (present && this.#isWhole(segment) && this.#spares.length < spareLimit) {
      const spare = `spare.${++this.#spareCounter}`
      await files.rename(this.path(name), this.path(spare))
      this.#spares.push(spare)
      await files.syncDirectory(directory)
    } else {
      await files.remove(this.path(name))
      await files.syncDirectory(directory)
    }
    this.all.delete(segment.sequence)
    if (this.#previous === segment) this.#previous = undefined
  }

  /** Whether (nearly) all of its blocks are on the medium, so that another use need not make its file grow. */
  #isWhole(segment: Segment): boolean {
    return segment.size === this.#size && (!segment.grows || segment.end > this.#size - this.#size / 16)
  }

  async close(): Promise<void> {
    await this.#preparing
    this.seal()
    await this.#indexing
    for (const [sequence, reader] of this.#readers) this.#dropReader(sequence, reader)
  }
}
