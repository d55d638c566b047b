/**
 * What the log says, in memory: the table of jobs, their lanes, and how much of each segment still matters.
 *
 * Promises: replaying the records of the log in their order, from index files, from a scan or as they are committed,
 * leads to the same state. Nothing here touches a disk.
 */
import { type MessageId, messageIdOfWords } from '#mail/message-id.ts'
import type { QueuedJob } from '#spool/jobs.ts'
import type { Lanes } from '#spool/lanes.ts'
import { field, type MessageTable, mark } from '#spool/message-table.ts'
import { finishedEntrySize, flag } from '#spool/record.ts'
import type { Segment } from '#spool/segment.ts'
import type { Replay } from '#spool/segment-index.ts'

const durableFlags = flag.large | flag.held | flag.done | flag.delayNotified
/** Any of these keeps a row out of its lane. */
const notWaiting = flag.held | flag.done | mark.leased | mark.removed | mark.busy

export class QueueState implements Replay {
  readonly table: MessageTable
  readonly lanes: Lanes
  readonly #segments: ReadonlyMap<number, Segment>
  /** Called with the first row of a message that ends, while its rows still stand. */
  onEnd: (row: number) => void = () => {}
  #replaying = true
  newestHigh = 0
  newestLow = 0
  /** Octets of content of all messages. */
  octets = 0
  /** Messages of which something is held, and jobs that are leased. */
  held = 0
  leased = 0

  constructor(table: MessageTable, lanes: Lanes, segments: ReadonlyMap<number, Segment>) {
    this.table = table
    this.lanes = lanes
    this.#segments = segments
  }

  message(
    copy: boolean,
    idHigh: number,
    idLow: number,
    sequence: number,
    offset: number,
    length: number,
    size: number,
    flags: number,
    due: number,
    jobs: readonly QueuedJob[],
  ): void {
    this.#note(idHigh, idLow)
    const known = this.table.find(idHigh, idLow)
    if (known >= 0) {
      // A plain record of a message that is known cannot be: ids are unique. The first one stands.
      if (copy) this.#relocate(known, sequence, offset, length)
      return
    }
    let previous = -1
    let held = false
    for (let job = 0; job < jobs.length; job++) {
      const { domain, held: holds } = jobs[job]!
      const row = this.#row(idHigh, idLow, sequence, offset, length, size, flags, due, job, domain)
      if (previous < 0) this.table.enter(row)
      else this.table.set(previous, field.sibling, row + 1)
      previous = row
      if (holds) this.table.flag(row, flag.held, true)
      held ||= holds
      if (!this.#replaying) this.wait(row)
    }
    if (held) this.held++
    this.octets += size
    this.#count(sequence, 1, length)
  }

  #row(
    idHigh: number,
    idLow: number,
    sequence: number,
    offset: number,
    length: number,
    size: number,
    flags: number,
    due: number,
    job: number,
    domain: string,
  ): number {
    const { table } = this
    const row = table.allocate()
    table.set(row, field.idHigh, idHigh)
    table.set(row, field.idLow, idLow)
    table.set(row, field.sequence, sequence)
    table.set(row, field.offset, offset)
    table.set(row, field.length, length)
    table.set(row, field.size, size)
    table.flag(row, flags & flag.large, true)
    table.set(row, field.job, job)
    table.set(row, field.lane, this.lanes.enter(domain))
    table.setDue(row, due)
    return row
  }

  #relocate(first: number, sequence: number, offset: number, length: number): void {
    const { table } = this
    const old = this.#segments.get(table.get(first, field.sequence))
    if (old !== undefined) old.evacuated = true
    this.#count(table.get(first, field.sequence), -1, -table.get(first, field.length))
    this.#count(sequence, 1, length)
    for (let row = first; row >= 0; row = table.next(row)) {
      table.set(row, field.sequence, sequence)
      table.set(row, field.offset, offset)
      table.set(row, field.length, length)
    }
  }

  #count(sequence: number, messages: number, octets: number): void {
    const segment = this.#segments.get(sequence)
    if (segment === undefined) return
    segment.liveMessages += messages
    segment.liveOctets += octets
  }

  #note(idHigh: number, idLow: number): void {
    if (idHigh < this.newestHigh || (idHigh === this.newestHigh && idLow <= this.newestLow)) return
    this.newestHigh = idHigh
    this.newestLow = idLow
  }

  /** The newest id that was ever seen, also of messages that have gone. */
  noteNewest(idHigh: number, idLow: number): void {
    this.#note(idHigh, idLow)
  }

  jobRow(idHigh: number, idLow: number, job: number): number {
    let row = this.table.find(idHigh, idLow)
    while (row >= 0 && this.table.get(row, field.job) !== job) row = this.table.next(row)
    return row
  }

  state(
    idHigh: number,
    idLow: number,
    job: number,
    sequence: number,
    offset: number,
    length: number,
    flags: number,
    attempts: number,
    due: number,
  ): void {
    const row = this.jobRow(idHigh, idLow, job)
    if (row < 0) return
    this.placeState(row, sequence, offset, length)
    this.setState(row, flags, attempts, due)
  }

  /** The latest state of the job stands there on disk. */
  placeState(row: number, sequence: number, offset: number, length: number): void {
    const { table } = this
    this.#count(table.get(row, field.stateSequence), 0, -table.get(row, field.stateLength))
    this.#count(sequence, 0, length)
    table.set(row, field.stateSequence, sequence)
    table.set(row, field.stateOffset, offset)
    table.set(row, field.stateLength, length)
  }

  setState(row: number, flags: number, attempts: number, due: number): void {
    const { table } = this
    const first = table.find(table.get(row, field.idHigh), table.get(row, field.idLow))
    const before = this.isHeld(first)
    const marks = table.get(row, field.flags) & ~(durableFlags & ~flag.large)
    table.set(row, field.flags, marks | (flags & durableFlags & ~flag.large))
    table.set(row, field.attempts, attempts)
    table.setDue(row, due)
    this.held += Number(this.isHeld(first)) - Number(before)
  }

  durableFlags(row: number): number {
    return this.table.get(row, field.flags) & durableFlags & ~flag.large
  }

  finished(sequence: number, _home: number, idHigh: number, idLow: number): void {
    this.#note(idHigh, idLow)
    const segment = this.#segments.get(sequence)
    if (segment !== undefined) segment.finishedOctets += finishedEntrySize
    const first = this.table.find(idHigh, idLow)
    if (first >= 0) this.end(first)
  }

  /** The message is over. Rows that delivery holds go when it settles them. */
  end(first: number): void {
    const { table } = this
    let leased = false
    for (let row = first; row >= 0; row = table.next(row)) {
      this.lanes.remove(row)
      table.flag(row, mark.removed, true)
      if (table.has(row, mark.leased)) leased = true
    }
    if (!leased) this.#drop(first)
  }

  #drop(first: number): void {
    const { table } = this
    this.onEnd(first)
    if (this.isHeld(first)) this.held--
    this.octets -= table.get(first, field.size)
    this.#count(table.get(first, field.sequence), -1, -table.get(first, field.length))
    table.forget(first)
    for (let row = first; row >= 0; ) {
      const next = table.next(row)
      this.#count(table.get(row, field.stateSequence), 0, -table.get(row, field.stateLength))
      this.lanes.leave(table.get(row, field.lane))
      table.release(row)
      row = next
    }
  }

  lease(row: number): void {
    this.leased++
    this.table.flag(row, mark.leased, true)
  }

  /** Ends a lease; the job waits again unless something else says no. */
  unlease(row: number): void {
    const { table } = this
    this.leased--
    table.flag(row, mark.leased, false)
    if (!table.has(row, mark.removed)) {
      this.wait(row)
      return
    }
    const first = table.find(table.get(row, field.idHigh), table.get(row, field.idLow))
    for (let other = first; other >= 0; other = table.next(other)) if (table.has(other, mark.leased)) return
    this.#drop(first)
  }

  /** Nothing of the message is tried any more; its end is on its way to the disk. */
  stop(row: number): void {
    const { table } = this
    const first = table.find(table.get(row, field.idHigh), table.get(row, field.idLow))
    if (this.isHeld(first)) this.held--
    for (let job = first; job >= 0; job = table.next(job)) {
      this.lanes.remove(job)
      table.flag(job, flag.done, true)
    }
  }

  /**
   * Nobody but the caller may lease, change or move the message until `ready`. False when somebody has it, and when its end
   * is on its way to the disk: whatever were written of it behind that end would bring it back.
   */
  reserve(first: number): boolean {
    const { table } = this
    if (this.isDone(first)) return false
    for (let row = first; row >= 0; row = table.next(row))
      if (table.has(row, mark.busy | mark.removed)) return false
    for (let row = first; row >= 0; row = table.next(row)) {
      this.lanes.remove(row)
      table.flag(row, mark.busy, true)
    }
    return true
  }

  ready(first: number): void {
    for (let row = first; row >= 0; row = this.table.next(row)) {
      this.table.flag(row, mark.busy, false)
      this.wait(row)
    }
  }

  wait(row: number): void {
    const { table } = this
    if (!table.has(row, notWaiting) && table.get(row, field.position) === 0) this.lanes.push(row)
  }

  /** True when no job of the message waits any longer. */
  isDone(first: number): boolean {
    for (let row = first; row >= 0; row = this.table.next(row))
      if (!this.table.has(row, flag.done)) return false
    return true
  }

  /** True when a job of the message waits for an operator. */
  isHeld(first: number): boolean {
    for (let row = first; row >= 0; row = this.table.next(row))
      if (this.table.has(row, flag.held) && !this.table.has(row, flag.done)) return true
    return false
  }

  /** True when nothing of the message waits for anything but an operator. */
  waitsForOperator(first: number): boolean {
    for (let row = first; row >= 0; row = this.table.next(row))
      if (!this.table.has(row, flag.held | flag.done)) return false
    return true
  }

  isLeased(first: number): boolean {
    for (let row = first; row >= 0; row = this.table.next(row))
      if (this.table.has(row, mark.leased)) return true
    return false
  }

  id(row: number): MessageId {
    return messageIdOfWords(this.table.get(row, field.idHigh), this.table.get(row, field.idLow))
  }

  /** Everything was replayed: the jobs take their places in the lanes. */
  begin(): void {
    this.#replaying = false
    for (let row = 0; row < this.table.extent; row++) if (this.table.has(row, mark.used)) this.wait(row)
  }
}
