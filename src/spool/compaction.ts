/**
 * Gives segments back: at once when nothing lives in them, and by moving the few survivors to the head of the log when the
 * spool takes much more disk than its mail.
 *
 * Promises: a crash at any point loses nothing and brings nothing back.
 * - Order: survivors, their states and the ends of messages that matter elsewhere are written at the head and synced; then the
 *   segment is freed and that is synced; only then is the next one looked at.
 * - A segment out of which a message was moved still holds the old record. Until it is freed no other segment is: the end of
 *   that message is written down with its new home, and would be forgotten with that home. So a segment is emptied in one go,
 *   and only while nobody has any of its messages in hand.
 * - A message that delivery or an operator has in hand is left alone; its segment is tried again later, others meanwhile.
 */
import type { Journal } from '#spool/commit.ts'
import { jobsOf } from '#spool/jobs.ts'
import { field } from '#spool/message-table.ts'
import type { QueueState } from '#spool/queue-state.ts'
import type { Reading } from '#spool/reading.ts'
import { readHeader, recordTypes, retype } from '#spool/record.ts'
import type { Segment } from '#spool/segment.ts'
import type { Replay } from '#spool/segment-index.ts'
import type { Segments } from '#spool/segments.ts'
import { readEnvelope } from '#spool/stored-envelope.ts'

/** A segment is sparse below this share of living octets. */
const sparse = 0.25
/** Segments that may be there beyond twice what lives. */
const slack = 4
/** Octets that are moved between two commits. */
const stride = 2 ** 20
/** Milliseconds between two looks, unless a segment was sealed. */
const interval = 200

export interface CompactionOptions {
  readonly segments: Segments
  readonly queue: QueueState
  readonly journal: Journal
  readonly reading: Reading
  readonly segmentSize: number
  readonly onCorrupt: (row: number) => void
  readonly onTrouble: (error: unknown) => void
}

export class Compaction {
  readonly #options: CompactionOptions
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #lastSealed = 0
  #closed = false

  constructor(options: CompactionOptions) {
    this.#options = options
  }

  /** Called after each commit: looks now when a segment was sealed since, else soon. Costs nothing most of the time. */
  consider(): void {
    if (this.#running !== undefined || this.#closed || this.#options.segments.all.size < 2) return
    const active = this.#options.segments.active?.sequence ?? 0
    if (active === this.#lastSealed) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined
        this.#look()
      }, interval)
      this.#timer.unref()
      return
    }
    this.#lastSealed = active
    this.#look()
  }

  #look(): void {
    if (this.#closed) return
    this.#running ??= this.run()
      .catch(this.#options.onTrouble)
      .finally(() => {
        this.#running = undefined
      })
  }

  /** Frees what can be freed now; without `write`, only what needs no record to be written for it. */
  async run(write = true): Promise<void> {
    const inUse = new Set<Segment>()
    while (!this.#closed) {
      const segment = this.#candidate(inUse)
      if (segment === undefined) return
      if (await this.#reclaim(segment, write)) continue
      // Half moved: see above. Else another one may be free of jobs that somebody has in hand.
      if (segment.evacuated) return
      inUse.add(segment)
    }
  }

  #candidate(inUse: ReadonlySet<Segment>): Segment | undefined {
    const { segments, segmentSize } = this.#options
    let living = 0
    let dead: Segment | undefined
    let thin: Segment | undefined
    for (const segment of segments.all.values()) {
      living += segment.liveOctets
      if (!segment.sealed) continue
      if (segment.evacuated) return segment
      if (inUse.has(segment) || segment.liveOctets >= sparse * segment.end) continue
      if (segment.liveMessages === 0) dead ??= segment
      else thin ??= segment
    }
    if (dead !== undefined) return dead
    return segments.all.size * segmentSize > 2 * living + slack * segmentSize ? thin : undefined
  }

  /** True when the segment was freed. */
  async #reclaim(segment: Segment, write: boolean): Promise<boolean> {
    const { segments, journal } = this.#options
    const content = await this.#content(segment)
    if (segment.liveOctets > 0 || segment.liveMessages > 0) {
      if (!write) return false
      await this.#evacuate(segment, content.messages)
      await this.#rewriteStates(segment, content.states)
      await journal.flush()
      if (segment.liveOctets > 0 || segment.liveMessages > 0) return false
    }
    const ends = content.ends
    for (let index = 0; index < ends.length; index += 3) {
      const home = ends[index]!
      if (home === segment.sequence || !segments.all.has(home)) continue
      if (!write) return false
      journal.finishedAgain(home, ends[index + 1]!, ends[index + 2]!)
    }
    await journal.flush()
    await segments.free(segment)
    return true
  }

  async #content(segment: Segment): Promise<Content> {
    const content = new Content()
    if (segment.liveOctets === 0 && segment.liveMessages === 0 && segment.finishedOctets === 0) return content
    await this.#options.segments.replay(segment, content)
    return content
  }

  async #evacuate(segment: Segment, places: readonly number[]): Promise<void> {
    const { queue, journal } = this.#options
    const reserved = this.#reserve(segment, places)
    let moved = 0
    try {
      for (let row = reserved.pop(); row !== undefined; row = reserved.pop()) {
        moved += await this.#move(row, segment)
        if (moved < stride) continue
        moved = 0
        await journal.flush()
      }
    } finally {
      for (const row of reserved) queue.ready(row)
    }
  }

  /**
   * The survivors of the segment, reserved; oldest last. All of them or, when one is in somebody's hand, none: a segment that is
   * half moved keeps all others from being freed. Only one that a crash left half moved is emptied bit by bit.
   */
  #reserve(segment: Segment, places: readonly number[]): number[] {
    const { queue } = this.#options
    const reserved: number[] = []
    for (let index = places.length - 3; index >= 0; index -= 3) {
      const row = queue.table.find(places[index]!, places[index + 1]!)
      if (row < 0 || queue.table.get(row, field.sequence) !== segment.sequence) continue
      if (queue.table.get(row, field.offset) !== places[index + 2]!) continue
      if (!queue.isLeased(row) && queue.reserve(row)) reserved.push(row)
      else if (!segment.evacuated) {
        for (const other of reserved) queue.ready(other)
        return []
      }
    }
    return reserved
  }

  /** Copies one reserved message to the head, with the states of its jobs behind it. Returns the octets. */
  async #move(first: number, segment: Segment): Promise<number> {
    const { queue, segments, journal, reading, onCorrupt } = this.#options
    const { table } = queue
    const idHigh = table.get(first, field.idHigh)
    const idLow = table.get(first, field.idLow)
    let record: Buffer
    try {
      record = await segments.read(
        segment.sequence,
        table.get(first, field.offset),
        table.get(first, field.length),
      )
    } catch (error) {
      queue.ready(first)
      throw error
    }
    const header = readHeader(record, 0)
    const envelope = header && readEnvelope(record, header)
    if (
      header === undefined ||
      envelope === undefined ||
      header.idHigh !== idHigh ||
      header.idLow !== idLow
    ) {
      queue.ready(first)
      onCorrupt(first)
      return record.length
    }
    const states: [row: number, state: Awaited<ReturnType<Reading['state']>>][] = []
    try {
      for (let row = first; row >= 0; row = table.next(row))
        if (table.get(row, field.stateSequence) !== 0) states.push([row, await reading.state(row)])
    } catch (error) {
      queue.ready(first)
      throw error
    }
    const done = states.length === 0 ? () => queue.ready(first) : () => {}
    const jobs = jobsOf(envelope)
    retype(record, recordTypes.copy)
    journal.again(record, {
      committed: (home, offset, length) => {
        const { first: size, flags } = header
        const due = header.time
        home.summary!.message(true, idHigh, idLow, home.sequence, offset, length, size, flags, due, jobs)
        queue.message(true, idHigh, idLow, home.sequence, offset, length, size, flags, due, jobs)
        done()
      },
    })
    states.forEach(([row, state], index) => {
      journal.state(row, state, index === states.length - 1 ? () => queue.ready(first) : () => {}, true)
    })
    return record.length
  }

  /** Writes the latest states that stand in this segment, of messages that live elsewhere, at the head. */
  async #rewriteStates(segment: Segment, places: readonly number[]): Promise<void> {
    const { queue, journal, reading } = this.#options
    const { table } = queue
    let moved = 0
    for (let index = 0; index < places.length; index += 4) {
      const row = queue.jobRow(places[index]!, places[index + 1]!, places[index + 2]!)
      if (row < 0 || table.get(row, field.stateSequence) !== segment.sequence) continue
      if (table.get(row, field.stateOffset) !== places[index + 3]) continue
      const first = table.find(places[index]!, places[index + 1]!)
      if (queue.isLeased(first) || !queue.reserve(first)) continue
      try {
        const state = await reading.state(row)
        moved += table.get(row, field.stateLength)
        journal.state(row, state, () => queue.ready(first), false)
      } catch (error) {
        queue.ready(first)
        throw error
      }
      if (moved < stride) continue
      moved = 0
      await journal.flush()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
  }
}

/** What a segment holds, as plain numbers. */
class Content implements Replay {
  /** id high, id low, offset */
  readonly messages: number[] = []
  /** id high, id low, job, offset */
  readonly states: number[] = []
  /** home, id high, id low */
  readonly ends: number[] = []

  message(_copy: boolean, idHigh: number, idLow: number, _sequence: number, offset: number): void {
    this.messages.push(idHigh, idLow, offset)
  }

  state(idHigh: number, idLow: number, job: number, _sequence: number, offset: number): void {
    this.states.push(idHigh, idLow, job, offset)
  }

  finished(_sequence: number, home: number, idHigh: number, idLow: number): void {
    this.ends.push(home, idHigh, idLow)
  }
}
