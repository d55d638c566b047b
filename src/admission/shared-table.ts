/**
 * A table of fixed size in memory that all engine threads share: from a keyed hash to a few numbers.
 *
 * Promises: no locks, so that a thread that dies in the middle of anything holds nobody up; a bounded number of steps
 * per call; a slot goes to another key only when its owner says that it is idle.
 * Leaves out: what the numbers mean (`connection-counts.ts`, `rates.ts`, `known-clients.ts`).
 *
 * A slot is named by 32 bits of the hash in its key word, within a window of sixteen slots that the other 32 bits choose.
 * One word, because one word can be claimed by one compareExchange. Two clients share a slot once in some 10^8 pairs of
 * neighbours, nobody can aim at it without the key, and the harm is that they share a limit.
 *
 * Two threads that meet a new key in the same instant, while a slot before theirs falls idle, may give it two slots.
 * Then a limit counts in two parts until one of them is idle. Totals over all clients are not kept in tables.
 */
import type { Hash } from './keyed-hash.ts'

/** Survives structured clone to a thread; the memory stays shared. */
export interface TableMemory {
  readonly keys: SharedArrayBuffer
  readonly numbers: SharedArrayBuffer
  /** A power of two. */
  readonly slots: number
  /** Numbers per slot. */
  readonly width: number
}

export interface Table {
  readonly keys: Int32Array<SharedArrayBuffer>
  readonly numbers: Int32Array<SharedArrayBuffer>
  readonly mask: number
  readonly width: number
}

/** Sixteen key words are one cache line. */
export const windowSize = 16
const longestSpin = 1_000
// Key words below this are marks of threads that are just taking the slot.
const firstKey = 256
export const mostThreads = firstKey - 1

export function createTableMemory(slots: number, width: number): TableMemory {
  const rounded = 2 ** Math.ceil(Math.log2(Math.max(slots, windowSize)))
  return {
    keys: new SharedArrayBuffer(rounded * 4),
    numbers: new SharedArrayBuffer(rounded * width * 4),
    slots: rounded,
    width,
  }
}

export const openTable = (memory: TableMemory): Table => ({
  keys: new Int32Array(memory.keys),
  numbers: new Int32Array(memory.numbers),
  mask: memory.slots - 1,
  width: memory.width,
})

/** The word that names the hash in its window. Never 0 (free), never the mark of a thread. */
export const keyOf = ({ low }: Hash): number => (low >>> 0 < firstKey ? low | firstKey : low)

/** The slot of the hash, or -1. */
export function findSlot(table: Table, hash: Hash): number {
  const key = keyOf(hash)
  for (let step = 0; step < windowSize; step++) {
    const slot = (hash.high + step) & table.mask
    if (Atomics.load(table.keys, slot) === key) return slot
  }
  return -1
}

/**
 * The slot of the hash, taken now if need be from nobody or from an idle key; -1 when all sixteen are in use.
 * Called per connection. For a client that has a slot it is one pass over a cache line.
 */
export function claimSlot(
  table: Table,
  hash: Hash,
  thread: number,
  isIdle: (slot: number) => boolean,
): number {
  for (let spin = 1; spin <= longestSpin; spin++) {
    const found = findSlot(table, hash)
    if (found >= 0) return found
    // Another thread is just taking a slot here, perhaps for the same key. Should it have died over that, its mark stays
    // until `forgetThread`: then we go on without that slot.
    if (spin < longestSpin && isBeingTaken(table, hash)) continue
    const slot = idleSlot(table, hash, isIdle)
    if (slot < 0) return -1
    if (take(table, slot, hash, thread, isIdle)) return slot
  }
  return -1
}

const isMark = (word: number): boolean => word > 0 && word < firstKey

function isBeingTaken(table: Table, hash: Hash): boolean {
  for (let step = 0; step < windowSize; step++)
    if (isMark(Atomics.load(table.keys, (hash.high + step) & table.mask))) return true
  return false
}

function idleSlot(table: Table, hash: Hash, isIdle: (slot: number) => boolean): number {
  for (let step = 0; step < windowSize; step++) {
    const slot = (hash.high + step) & table.mask
    const word = Atomics.load(table.keys, slot)
    if (word === 0 || (!isMark(word) && isIdle(slot))) return slot
  }
  return -1
}

function take(
  table: Table,
  slot: number,
  hash: Hash,
  thread: number,
  isIdle: (slot: number) => boolean,
): boolean {
  const former = Atomics.load(table.keys, slot)
  if (isMark(former)) return false
  if (Atomics.compareExchange(table.keys, slot, former, thread + 1) !== former) return false
  // Before the mark stood the former owner may have come back, or another thread may have given our key a slot. After
  // it, whoever counts in this slot looks at its key again and finds that it has changed.
  const lost = findSlot(table, hash) >= 0 || (former !== 0 && !isIdle(slot))
  Atomics.store(table.keys, slot, lost ? former : keyOf(hash))
  return !lost
}

/** Gives free the slots that a dead thread was just taking. */
export function forgetThread(table: Table, thread: number): void {
  for (let slot = 0; slot <= table.mask; slot++) Atomics.compareExchange(table.keys, slot, thread + 1, 0)
}
