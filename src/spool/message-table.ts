/**
 * The index of the queue in memory: one row of 68 octets per job, in typed arrays, and a hash from message id to its
 * first row. No object and no string per message, so a million messages cost some 70 MB and nothing to the garbage
 * collector.
 *
 * The rows of one message form a chain in the order of its jobs. Row numbers are reused: who keeps one over an await
 * checks the id again.
 */
export const field = {
  idHigh: 0,
  idLow: 1,
  /** Segment, offset and length of the record with the envelope. */
  sequence: 2,
  offset: 3,
  length: 4,
  /** Octets of content. */
  size: 5,
  lane: 6,
  /** Segment (0: none), offset and length of the latest state on disk. */
  stateSequence: 7,
  stateOffset: 8,
  stateLength: 9,
  attempts: 10,
  /** Which of the domains of the message, in the order of the envelope. */
  job: 11,
  flags: 12,
  /** Position in the heap of its lane plus one; 0: not there. In a free row: the next free row. */
  position: 13,
  /** Next row of the same message plus one. */
  sibling: 14,
} as const

/** Bits of the flags column that exist in memory only, beside those of `record.ts`. */
export const mark = {
  /** Handed to delivery, or its settlement is not on disk yet. */
  leased: 0x100,
  /** Removed by the operator while leased: nothing of it is written any more. */
  removed: 0x200,
  /** An operator or the compaction reads it: it may not be leased, and its state does not change. */
  busy: 0x400,
  used: 0x8000,
} as const

const rowWords = 15
const chunkBits = 13
const chunkRows = 1 << chunkBits
const none = -1

export class MessageTable {
  readonly #words: Uint32Array[] = []
  readonly #due: Float64Array[] = []
  #free = none
  #used = 0
  /** Rows in use. */
  rows = 0
  /** Messages in the hash. */
  messages = 0
  #slots = new Int32Array(1024).fill(none)

  get(row: number, column: number): number {
    return this.#words[row >>> chunkBits]![(row & (chunkRows - 1)) * rowWords + column]!
  }

  set(row: number, column: number, value: number): void {
    this.#words[row >>> chunkBits]![(row & (chunkRows - 1)) * rowWords + column] = value
  }

  /** When the job is due, milliseconds since 1970. */
  due(row: number): number {
    return this.#due[row >>> chunkBits]![row & (chunkRows - 1)]!
  }

  setDue(row: number, due: number): void {
    this.#due[row >>> chunkBits]![row & (chunkRows - 1)] = due
  }

  has(row: number, flags: number): boolean {
    return (this.get(row, field.flags) & flags) !== 0
  }

  flag(row: number, flags: number, on: boolean): void {
    const old = this.get(row, field.flags)
    this.set(row, field.flags, on ? old | flags : old & ~flags)
  }

  is(row: number, idHigh: number, idLow: number): boolean {
    return (
      this.get(row, field.idLow) === idLow &&
      this.get(row, field.idHigh) === idHigh &&
      this.has(row, mark.used)
    )
  }

  /** A row of zeros, marked as used. */
  allocate(): number {
    const row = this.#unusedRow()
    this.rows++
    this.set(row, field.flags, mark.used)
    return row
  }

  #unusedRow(): number {
    if (this.#free !== none) {
      const row = this.#free
      this.#free = this.get(row, field.position) - 1
      const start = (row & (chunkRows - 1)) * rowWords
      this.#words[row >>> chunkBits]!.fill(0, start, start + rowWords)
      return row
    }
    if (this.#used === this.#words.length * chunkRows) {
      this.#words.push(new Uint32Array(chunkRows * rowWords))
      this.#due.push(new Float64Array(chunkRows))
    }
    return this.#used++
  }

  release(row: number): void {
    this.rows--
    this.set(row, field.flags, 0)
    this.set(row, field.position, this.#free + 1)
    this.#free = row
  }

  /** Rows that were ever in use; a row without the mark `used` is free. */
  get extent(): number {
    return this.#used
  }

  isFirst(row: number): boolean {
    return this.has(row, mark.used) && this.get(row, field.job) === 0
  }

  next(row: number): number {
    return this.get(row, field.sibling) - 1
  }

  #slot(idHigh: number, idLow: number): number {
    const mask = this.#slots.length - 1
    let slot = mixed(idHigh, idLow) & mask
    while (true) {
      const row = this.#slots[slot]!
      if (row === none || this.is(row, idHigh, idLow)) return slot
      slot = (slot + 1) & mask
    }
  }

  /** First row of the message, -1 when there is none. */
  find(idHigh: number, idLow: number): number {
    return this.#slots[this.#slot(idHigh, idLow)]!
  }

  enter(row: number): void {
    if ((this.messages + 1) * 2 > this.#slots.length) this.#grow()
    this.#slots[this.#slot(this.get(row, field.idHigh), this.get(row, field.idLow))] = row
    this.messages++
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Int32Array(old.length * 2).fill(none)
    for (const row of old)
      if (row !== none) this.#slots[this.#slot(this.get(row, field.idHigh), this.get(row, field.idLow))] = row
  }

  /** Takes the message out of the hash: before its first row is released. */
  forget(row: number): void {
    const mask = this.#slots.length - 1
    let hole = this.#slot(this.get(row, field.idHigh), this.get(row, field.idLow))
    if (this.#slots[hole] !== row) return
    this.#slots[hole] = none
    this.messages--
    // Linear probing without tombstones: whoever stood behind the hole is entered again.
    for (let slot = (hole + 1) & mask; this.#slots[slot] !== none; slot = (slot + 1) & mask) {
      const moved = this.#slots[slot]!
      this.#slots[slot] = none
      hole = this.#slot(this.get(moved, field.idHigh), this.get(moved, field.idLow))
      this.#slots[hole] = moved
    }
  }
}

/**
 * Every bit of an id moves every bit of the slot (the finaliser of MurmurHash3). Ids of one second differ in their upper
 * bits alone, where the milliseconds are: with less mixing they shared a handful of slots, and each look-up walked them.
 */
function mixed(idHigh: number, idLow: number): number {
  let hash = idLow ^ Math.imul(idHigh, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
