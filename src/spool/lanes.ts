/**
 * Lanes: the waiting jobs of one domain, oldest due first; and the order in which domains get their turn.
 *
 * Promises: domains take turns, whoever was served longest ago comes first, so a dead destination with a hundred
 * thousand jobs delays nobody. Every operation costs O(log jobs of the lane + log lanes) at most; no disk.
 * Leaves out: what is in a job. A row is here exactly while it waits: not held, not leased, not done.
 *
 * A lane is a few hundred octets. Beyond `laneLimit` domains the rest share lanes by hash, so that bounces to a million
 * invented domains cannot fill the memory; a shared lane has a name that no domain can have, and its jobs say their own.
 */
import { field, type MessageTable } from '#spool/message-table.ts'

export interface Lane {
  readonly number: number
  readonly name: string
  /** Rows as a binary heap by due time, then by id. */
  readonly heap: number[]
  postponedUntil: number
  /** Rows of the table that name this lane, waiting or not; the lane is given back with the last one. */
  rows: number
  /** Due time of the lane while it stands in the timer heap. */
  wake: number
  /** Position in the timer heap, -1 when not there. */
  place: number
}

const sharedLanes = 1024

export class Lanes {
  readonly #table: MessageTable
  readonly #limit: number
  readonly #lanes: (Lane | undefined)[] = []
  readonly #unused: number[] = []
  readonly #byName = new Map<string, Lane>()
  /** Lanes with a due job in the order of their turns. */
  readonly #ready = new Set<Lane>()
  /** Lanes whose next job is due later, as a binary heap by `wake`. */
  readonly #timers: Lane[] = []

  constructor(table: MessageTable, laneLimit = 50_000) {
    this.#table = table
    this.#limit = laneLimit
  }

  /** Counts a row into the lane of its domain and returns the lane's number. */
  enter(domain: string): number {
    const lane =
      this.#byName.get(domain) ??
      this.#create(this.#byName.size < this.#limit ? domain : `shared/${hash(domain) % sharedLanes}`)
    lane.rows++
    return lane.number
  }

  #create(name: string): Lane {
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const number = this.#unused.pop() ?? this.#lanes.length
    const lane: Lane = { number, name, heap: [], postponedUntil: 0, rows: 0, wake: 0, place: -1 }
    this.#lanes[number] = lane
    this.#byName.set(name, lane)
    return lane
  }

  leave(number: number): void {
    const lane = this.#lanes[number]!
    if (--lane.rows > 0) return
    this.#ready.delete(lane)
    this.#removeTimer(lane)
    this.#byName.delete(lane.name)
    this.#lanes[number] = undefined
    this.#unused.push(number)
  }

  nameOf(number: number): string {
    return this.#lanes[number]!.name
  }

  /** The row waits from now on. */
  push(row: number): void {
    const lane = this.#lanes[this.#table.get(row, field.lane)]!
    lane.heap.push(row)
    this.#table.set(row, field.position, lane.heap.length)
    this.#up(lane, lane.heap.length - 1)
    this.#arrange(lane)
  }

  /** The row does not wait any more; no error when it did not. */
  remove(row: number): void {
    const position = this.#table.get(row, field.position) - 1
    if (position < 0) return
    const lane = this.#lanes[this.#table.get(row, field.lane)]!
    this.#removeAt(lane, position)
    // Its next job may be due much later: `due` decides anew whether it is ready.
    this.#ready.delete(lane)
    this.#arrange(lane)
  }

  /** The oldest due row of the lane, which no longer waits; undefined when none is due. */
  pop(domain: string, now: number): number | undefined {
    const lane = this.#byName.get(domain)
    if (lane === undefined || lane.heap.length === 0 || this.#wakeOf(lane) > now) return undefined
    const row = lane.heap[0]!
    this.#removeAt(lane, 0)
    // To the end of the queue of turns.
    this.#ready.delete(lane)
    this.#arrange(lane)
    if (lane.place >= 0 && lane.wake <= now) {
      this.#removeTimer(lane)
      this.#ready.add(lane)
    }
    return row
  }

  postpone(domain: string, until: number): void {
    const lane = this.#byName.get(domain)
    if (lane === undefined) return
    lane.postponedUntil = until
    this.#ready.delete(lane)
    this.#arrange(lane)
  }

  isPostponed(number: number, now: number): boolean {
    return this.#lanes[number]!.postponedUntil > now
  }

  /** Each lane with a due job once, longest unserved first. */
  *due(now: number): Generator<string, void> {
    while (this.#timers.length > 0 && this.#timers[0]!.wake <= now) {
      const lane = this.#timers[0]!
      this.#removeTimer(lane)
      this.#ready.add(lane)
    }
    // A lane that is served during the walk goes to the end: it is not shown twice.
    let left = this.#ready.size
    for (const lane of this.#ready) {
      if (left-- === 0) return
      if (this.#wakeOf(lane) <= now) yield lane.name
    }
  }

  /** When the next job is due, undefined when none waits. May lie in the past. */
  next(): number | undefined {
    let earliest = this.#timers[0]?.wake
    for (const lane of this.#ready) {
      const wake = this.#wakeOf(lane)
      if (earliest === undefined || wake < earliest) earliest = wake
      break
    }
    return earliest
  }

  #wakeOf(lane: Lane): number {
    return Math.max(this.#table.due(lane.heap[0]!), lane.postponedUntil)
  }

  /** Puts the lane where its head belongs. A ready lane stays ready: it keeps its turn. */
  #arrange(lane: Lane): void {
    if (lane.heap.length === 0) {
      this.#ready.delete(lane)
      this.#removeTimer(lane)
      return
    }
    if (this.#ready.has(lane)) return
    const wake = this.#wakeOf(lane)
    if (lane.place >= 0 && lane.wake === wake) return
    this.#removeTimer(lane)
    lane.wake = wake
    lane.place = this.#timers.length
    this.#timers.push(lane)
    this.#timerUp(lane.place)
  }

  #before(a: number, b: number): boolean {
    const difference = this.#table.due(a) - this.#table.due(b)
    if (difference !== 0) return difference < 0
    const high = this.#table.get(a, field.idHigh) - this.#table.get(b, field.idHigh)
    return high !== 0 ? high < 0 : this.#table.get(a, field.idLow) < this.#table.get(b, field.idLow)
  }

  #place(lane: Lane, at: number, row: number): void {
    lane.heap[at] = row
    this.#table.set(row, field.position, at + 1)
  }

  #up(lane: Lane, start: number): void {
    const row = lane.heap[start]!
    let at = start
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (!this.#before(row, lane.heap[parent]!)) break
      this.#place(lane, at, lane.heap[parent]!)
      at = parent
    }
    this.#place(lane, at, row)
  }

  #down(lane: Lane, start: number): void {
    const row = lane.heap[start]!
    const length = lane.heap.length
    let at = start
    while (true) {
      let child = 2 * at + 1
      if (child >= length) break
      if (child + 1 < length && this.#before(lane.heap[child + 1]!, lane.heap[child]!)) child++
      if (!this.#before(lane.heap[child]!, row)) break
      this.#place(lane, at, lane.heap[child]!)
      at = child
    }
    this.#place(lane, at, row)
  }

  #removeAt(lane: Lane, position: number): void {
    this.#table.set(lane.heap[position]!, field.position, 0)
    const last = lane.heap.pop()!
    if (position === lane.heap.length) return
    this.#place(lane, position, last)
    this.#down(lane, position)
    this.#up(lane, this.#table.get(last, field.position) - 1)
  }

  #removeTimer(lane: Lane): void {
    if (lane.place < 0) return
    const at = lane.place
    lane.place = -1
    const last = this.#timers.pop()!
    if (last === lane) return
    this.#timers[at] = last
    last.place = at
    this.#timerUp(at)
    this.#timerDown(last.place)
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#timers[a]!, this.#timers[b]!]
    this.#timers[a] = second
    this.#timers[b] = first
    second.place = a
    first.place = b
  }

  #timerUp(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >>> 1
      if (this.#timers[parent]!.wake <= this.#timers[at]!.wake) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #timerDown(start: number): void {
    for (let at = start; ; ) {
      let child = 2 * at + 1
      if (child >= this.#timers.length) return
      if (child + 1 < this.#timers.length && this.#timers[child + 1]!.wake < this.#timers[child]!.wake)
        child++
      if (this.#timers[at]!.wake <= this.#timers[child]!.wake) return
      this.#swap(at, child)
      at = child
    }
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
