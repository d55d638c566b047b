/**
 * How many places (connections, handshakes) each client holds, and all of them together.
 *
 * Promises: a limit is never passed by the sum of all threads; places are kept per thread, so that those of a thread
 * that died can be given back; a place that was given back twice by mistake is not ours to notice (`admission.ts` does).
 * Leaves out: who counts as one client; that is in the hash.
 *
 * Each thread adds to a column of its own and then sums all columns. Two threads that take the last place at the same
 * moment may both be refused, never both be let in.
 */
import type { Hash } from './keyed-hash.ts'
import {
  claimSlot,
  createTableMemory,
  findSlot,
  forgetThread,
  keyOf,
  openTable,
  type TableMemory,
} from './shared-table.ts'

export interface CountsMemory {
  readonly table: TableMemory
  readonly total: SharedArrayBuffer
  readonly threads: number
}

/** A slot to give back, or why there is none: the client has all it may, or the table has no room near its hash. */
export type Taken = number
export const overLimit: Taken = -1
export const noRoom: Taken = -2

// A cache line for each thread's part of the total.
const stride = 16

/** `places` is the most that can be held together; four slots for each leave hardly any window full. */
export const createCountsMemory = (places: number, threads: number): CountsMemory => ({
  table: createTableMemory(places * 4, threads),
  total: new SharedArrayBuffer(threads * stride * 4),
  threads,
})

export function openCounts(memory: CountsMemory, thread: number) {
  const table = openTable(memory.table)
  const { numbers } = table
  const { threads } = memory
  const total = new Int32Array(memory.total)

  const held = (slot: number): number => {
    let sum = 0
    for (let at = slot * threads, end = at + threads; at < end; at++) sum += Atomics.load(numbers, at)
    return sum
  }
  const isIdle = (slot: number): boolean => held(slot) === 0
  const heldByAll = (): number => {
    let sum = 0
    for (let at = 0; at < total.length; at += stride) sum += Atomics.load(total, at)
    return sum
  }

  return {
    /** Called per connection. */
    take(hash: Hash, limit: number): Taken {
      for (let attempt = 0; attempt < 4; attempt++) {
        const slot = claimSlot(table, hash, thread, isIdle)
        if (slot < 0) return noRoom
        const column = slot * threads + thread
        Atomics.add(numbers, column, 1)
        if (Atomics.load(table.keys, slot) === keyOf(hash)) {
          if (held(slot) <= limit) return slot
          Atomics.sub(numbers, column, 1)
          return overLimit
        }
        // The slot went to another key while we added.
        Atomics.sub(numbers, column, 1)
      }
      return noRoom
    },
    give(slot: Taken): void {
      Atomics.sub(numbers, slot * threads + thread, 1)
    },
    takeOfTotal(limit: number): boolean {
      Atomics.add(total, thread * stride, 1)
      if (heldByAll() <= limit) return true
      Atomics.sub(total, thread * stride, 1)
      return false
    },
    giveToTotal(): void {
      Atomics.sub(total, thread * stride, 1)
    },
    heldBy(hash: Hash): number {
      const slot = findSlot(table, hash)
      return slot < 0 ? 0 : held(slot)
    },
    heldByAll,
    /** Only for a thread that has ended: what it held is given back. */
    releaseThread(dead: number): void {
      forgetThread(table, dead)
      for (let slot = 0; slot <= table.mask; slot++) Atomics.store(numbers, slot * threads + dead, 0)
      Atomics.store(total, dead * stride, 0)
    },
  }
}

export type Counts = ReturnType<typeof openCounts>
