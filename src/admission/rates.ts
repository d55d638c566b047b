/**
 * How often each client does what, per minute, over all threads.
 *
 * Promises: a client that is refused for its rate is served again as time passes, at its rate; counting costs a few
 * atomic operations and never waits. A clock that jumps makes at most one wrong minute.
 * Leaves out: who is exempt (`admission.ts`).
 *
 * The minute slides: the current minute of the clock counts in full, the one before in the part that is not over yet.
 * A counter is one word, 12 bits of its minute and 20 bits of count, so that "begin a new minute" and "add" are one
 * compareExchange. A limit above 1,048,575 is therefore no limit.
 *
 * When all slots near a hash are in use by clients of the last two minutes, a new client is not counted: to refuse
 * strangers because others are many would turn a rate limit into an outage, and the limits on connections of an address,
 * a network and all together still hold. `uncounted` says how often that was, for the metrics.
 */
import type { Hash } from './keyed-hash.ts'
import { claimSlot, createTableMemory, findSlot, keyOf, openTable, type TableMemory } from './shared-table.ts'

export const kinds = { connections: 0, messages: 1, recipients: 2, errors: 3 } as const
export type RateKind = keyof typeof kinds

export interface RatesMemory {
  readonly table: TableMemory
  readonly uncounted: SharedArrayBuffer
}

/** Of one client: where its counters were last found. */
export interface RateKey {
  readonly hash: Hash
  slot: number
}

const width = 8 // two minutes of four kinds
const countBits = 20
const mostCount = 2 ** countBits - 1
const tagMask = 0xfff
const minute = 60_000

export const createRatesMemory = (slots: number): RatesMemory => ({
  table: createTableMemory(slots, width),
  uncounted: new SharedArrayBuffer(4),
})

export function openRates(memory: RatesMemory, thread: number) {
  const table = openTable(memory.table)
  const { keys, numbers } = table
  const uncounted = new Int32Array(memory.uncounted)
  let currentMinute = 0

  /** No counter of the slot belongs to this minute or the last. */
  const isIdle = (slot: number): boolean => {
    for (let at = slot * width, end = at + width; at < end; at++)
      if (((currentMinute - (Atomics.load(numbers, at) >>> countBits)) & tagMask) < 2) return false
    return true
  }

  /** Called per command: one load when the client kept its slot. */
  const slotOf = (key: RateKey): number => {
    if (key.slot >= 0 && Atomics.load(keys, key.slot) === keyOf(key.hash)) return key.slot
    key.slot = claimSlot(table, key.hash, thread, isIdle)
    if (key.slot < 0) Atomics.add(uncounted, 0, 1)
    return key.slot
  }

  const countAt = (at: number, ofMinute: number): number => {
    const word = Atomics.load(numbers, at)
    return word >>> countBits === (ofMinute & tagMask) ? word & mostCount : 0
  }

  const estimate = (slot: number, kind: RateKind, now: number): number => {
    const base = slot * width + kinds[kind] * 2
    const past = (now % minute) / minute
    return (
      countAt(base + (currentMinute & 1), currentMinute) +
      countAt(base + (~currentMinute & 1), currentMinute - 1) * (1 - past)
    )
  }

  const add = (slot: number, kind: RateKind): void => {
    const at = slot * width + kinds[kind] * 2 + (currentMinute & 1)
    const tag = currentMinute & tagMask
    for (;;) {
      const word = Atomics.load(numbers, at)
      const count = word >>> countBits === tag ? word & mostCount : 0
      if (count === mostCount) return
      const next = (tag << countBits) | (count + 1)
      if (Atomics.compareExchange(numbers, at, word, next) === word) return
    }
  }

  const at = (now: number): void => {
    currentMinute = Math.floor(now / minute)
  }

  return {
    /** Counts one and says true, or says false because the minute is full. 0 is no limit. */
    allow(key: RateKey, kind: RateKind, limit: number, now: number): boolean {
      if (limit === 0) return true
      at(now)
      const slot = slotOf(key)
      if (slot < 0) return true
      // What is refused is not counted, or a client that asks on would never be served again.
      if (estimate(slot, kind, now) + 1 > limit) return false
      add(slot, kind)
      return true
    },
    /** Counts one in any case. */
    count(key: RateKey, kind: RateKind, now: number): void {
      at(now)
      const slot = slotOf(key)
      if (slot >= 0) add(slot, kind)
    },
    /** Is the minute more than full? Counts nothing. */
    isOver(key: RateKey, kind: RateKind, limit: number, now: number): boolean {
      if (limit === 0) return false
      at(now)
      const slot = findSlot(table, key.hash)
      return slot >= 0 && estimate(slot, kind, now) > limit
    },
    /** Times that a client could not be counted since the start, over all threads. */
    uncounted: (): number => Atomics.load(uncounted, 0) >>> 0,
  }
}

export type Rates = ReturnType<typeof openRates>
