/**
 * What gathers for the next commit: finished records back to back in one buffer, and what to do with each when the
 * disk has answered.
 *
 * Cost per message: one copy of its content, one CRC of its head, no allocation but the entry.
 */

import { padded } from '#spool/block.ts'
import {
  aligned,
  finishedEntrySize,
  headerSize,
  type RecordType,
  type RecordVersion,
  recordTypes,
  stamp,
  versions,
  writeHeader,
} from '#spool/record.ts'
import type { Segment } from '#spool/segment.ts'

export interface Entry {
  /**
   * Called in the order of the log once the record is on disk, with its place. Must not throw.
   */
  committed(segment: Segment, offset: number, length: number): void
  /**
   * Called when the disk refused. A message is refused to its sender then; an entry without this method is a fact
   * that must be on disk some day (a delivery, an operator's word): it goes to the next batch again.
   */
  refused?(error: unknown): void
}

/** Somebody who waits for everything up to here. */
export interface Watcher {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export class Batch {
  #buffer: Buffer<ArrayBuffer>
  length = 0
  /** Number of messages, the entries that somebody waits for. */
  messages = 0
  /** True when somebody waits for this batch: do not wait for more company. */
  urgent = false
  /** Told after all entries. */
  readonly watchers: Watcher[] = []
  readonly #offsets: number[] = []
  readonly #entries: Entry[] = []
  #finished: number[] = []
  readonly #finishedEntries: (() => void)[] = []

  constructor(buffer = Buffer.allocUnsafeSlow(2 ** 17)) {
    this.#buffer = buffer
  }

  get empty(): boolean {
    return this.length === 0 && this.#finished.length === 0
  }

  #reserve(octets: number): void {
    const needed = padded(this.length + octets)
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    larger.set(this.#buffer.subarray(0, this.length))
    this.#buffer = larger
  }

  /** `head` is text (an envelope, a state) or bytes; `content` stands behind it. */
  add(
    type: RecordType,
    flags: number,
    idHigh: number,
    idLow: number,
    first: number,
    second: number,
    time: number,
    head: string | Uint8Array,
    content: readonly Uint8Array[] | undefined,
    contentLength: number,
    entry: Entry,
    version: RecordVersion = versions.plain,
  ): void {
    // A UTF-16 unit is three octets of UTF-8 at most.
    this.#reserve(headerSize + head.length * (typeof head === 'string' ? 3 : 1) + contentLength + 16)
    const at = this.length
    const buffer = this.#buffer
    let end = at + headerSize
    if (typeof head === 'string') end += buffer.write(head, end)
    else {
      buffer.set(head, end)
      end += head.length
    }
    writeHeader(buffer, at, type, version, flags, idHigh, idLow, end - at - headerSize, first, second, time)
    if (content !== undefined)
      for (const chunk of content) {
        buffer.set(chunk, end)
        end += chunk.length
      }
    this.length = aligned(end)
    buffer.fill(0, end, this.length)
    this.#offsets.push(at)
    this.#entries.push(entry)
  }

  /** A record as it stands on disk, to be written anew: its life and sequence are stamped over. */
  addVerbatim(record: Uint8Array, entry: Entry): void {
    this.#reserve(record.length)
    this.#buffer.set(record, this.length)
    this.#offsets.push(this.length)
    this.#entries.push(entry)
    this.length += record.length
  }

  /** Notes the end of a message: twelve octets, all ends of a batch share one record. */
  addFinished(sequence: number, idHigh: number, idLow: number, committed: () => void): void {
    this.#finished.push(sequence, idHigh, idLow)
    this.#finishedEntries.push(committed)
  }

  /** Octets that the batch needs in a segment. */
  get room(): number {
    return padded(
      this.length +
        (this.#finished.length === 0 ? 0 : headerSize + (this.#finished.length / 3) * finishedEntrySize + 16),
    )
  }

  #closeFinished(onFinished: (words: readonly number[], segment: Segment) => void): void {
    const words = this.#finished
    if (words.length === 0) return
    const done = this.#finishedEntries.splice(0)
    this.#finished = []
    const head = Buffer.allocUnsafe(words.length * 4)
    for (let index = 0; index < words.length; index++) head.writeUInt32LE(words[index]!, index * 4)
    this.add(recordTypes.finished, 0, 0, 0, words.length / 3, 0, 0, head, undefined, 0, {
      committed: segment => {
        onFinished(words, segment)
        for (const callback of done) callback()
      },
    })
  }

  /** The bytes to write, padded to whole blocks, stamped for this segment. */
  seal(
    life: Uint8Array,
    sequence: number,
    onFinished: (words: readonly number[], segment: Segment) => void,
  ): Buffer {
    this.#closeFinished(onFinished)
    for (const offset of this.#offsets) stamp(this.#buffer, offset, life, sequence)
    const end = padded(this.length)
    this.#reserve(0)
    this.#buffer.fill(0, this.length, end)
    return this.#buffer.subarray(0, end)
  }

  settle(segment: Segment, start: number): void {
    for (let index = 0; index < this.#entries.length; index++) {
      const from = this.#offsets[index]!
      this.#entries[index]!.committed(segment, start + from, (this.#offsets[index + 1] ?? this.length) - from)
    }
    for (const watcher of this.watchers) watcher.resolve()
  }

  /** Refuses the messages; what must be written all the same goes behind what `into` has. */
  fail(error: unknown, into: Batch): void {
    for (let index = 0; index < this.#entries.length; index++) {
      const entry = this.#entries[index]!
      const from = this.#offsets[index]!
      if (entry.refused !== undefined) entry.refused(error)
      else into.addVerbatim(this.#buffer.subarray(from, this.#offsets[index + 1] ?? this.length), entry)
    }
    for (let index = 0; index < this.#finishedEntries.length; index++)
      into.addFinished(
        this.#finished[index * 3]!,
        this.#finished[index * 3 + 1]!,
        this.#finished[index * 3 + 2]!,
        this.#finishedEntries[index]!,
      )
    into.watchers.push(...this.watchers)
  }

  /** The buffer, for another batch, when it is of a size worth keeping. */
  reuse(): Batch {
    return this.#buffer.length <= 2 ** 22 ? new Batch(this.#buffer) : new Batch()
  }
}
