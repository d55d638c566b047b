/**
 * Clients that waited for their greeting once, and need not wait again for a while.
 *
 * Promises: bounded memory; a new client takes the place of one that is longest not seen. Who is pushed out waits a
 * tenth of a second once more: a flood of strangers costs the others no more than that.
 * Leaves out: what a client that does not wait deserves (`session/`).
 */
import type { Hash } from './keyed-hash.ts'
import {
  createTableMemory,
  findSlot,
  keyOf,
  openTable,
  type TableMemory,
  windowSize,
} from './shared-table.ts'

// Seconds count from here, so that they fit 31 bits until 2091. 0 is never.
const epoch = 1_700_000_000
const secondsOf = (now: number): number => Math.max(1, Math.floor(now / 1_000) - epoch)

export const createKnownClientsMemory = (slots: number): TableMemory => createTableMemory(slots, 1)

export function openKnownClients(memory: TableMemory) {
  const table = openTable(memory)
  const { keys, numbers } = table

  /** The slot of the hash, else the one of the window that was not seen for longest. */
  const slotFor = (hash: Hash): number => {
    const found = findSlot(table, hash)
    if (found >= 0) return found
    let oldest = hash.high & table.mask
    for (let step = 1; step < windowSize; step++) {
      const slot = (hash.high + step) & table.mask
      if (Atomics.load(numbers, slot) < Atomics.load(numbers, oldest)) oldest = slot
    }
    return oldest
  }

  return {
    /** `knownFor` and `now` in milliseconds. A time in the future is not believed. */
    isKnown(hash: Hash, knownFor: number, now: number): boolean {
      const slot = findSlot(table, hash)
      if (slot < 0) return false
      const seen = Atomics.load(numbers, slot)
      const age = secondsOf(now) - seen
      return seen > 0 && age >= 0 && age * 1_000 <= knownFor
    },
    remember(hash: Hash, now: number): void {
      const slot = slotFor(hash)
      if (Atomics.load(keys, slot) !== keyOf(hash)) {
        // Time first, or the new client would for a moment be known since the time of the old one.
        Atomics.store(numbers, slot, 0)
        Atomics.store(keys, slot, keyOf(hash))
      }
      Atomics.store(numbers, slot, secondsOf(now))
    },
  }
}

export type KnownClients = ReturnType<typeof openKnownClients>
