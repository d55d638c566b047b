/**
 * What is counted of messages that are like one another: how many, from how many clients and senders, to how many
 * recipients, within the last hour and the last day.
 *
 * A period is half of the span that is asked about. The current one and the one before count, so that what is said "of the
 * last hour" is of 30 to 60 minutes, and never older. A counter is one word, 12 bits of its period and 20 bits of count or
 * of a bitmap, so that "begin anew" and "add" are one compareExchange, and threads need no lock.
 *
 * How many *different* there are is told by a bitmap of 20 (linear counting, Whang and others 1990): within a fifth or so up
 * to twenty, and "some sixty" at most. The same one again never counts twice.
 */

export interface Seen {
  readonly messages: number
  /** Networks of clients; 0 where clients are not known. */
  readonly clients: number
  /** Domains of senders. */
  readonly senders: number
  /** Not told apart: one who gets two copies counts twice. */
  readonly recipients: number
}

/** What a message adds. Hashes are keyed; 0 is nobody. */
export interface Sighting {
  readonly client: number
  readonly sender: number
  readonly recipients: number
}

const tagMask = 0xfff
const payloadBits = 20
const payloadMask = 2 ** payloadBits - 1
/** Counters of a period. */
const quantities = 4
/** Words of one span: two periods. */
const spanWords = 2 * quantities
/** Words of both spans. */
export const counterWords = 2 * spanWords

/** Minutes of a period, of the hour and of the day. */
const periods = [30, 720] as const
export const [hour, day] = [0, 1] as const
export type Span = typeof hour | typeof day

type Shared = Int32Array<SharedArrayBuffer>

/** Called per message: some sixteen atomic operations. `minute` since any fixed time. */
export function count(
  counters: Shared,
  at: number,
  minute: number,
  { client, sender, recipients }: Sighting,
) {
  for (const [span, length] of periods.entries()) {
    const period = Math.floor(minute / length)
    const base = at + span * spanWords + (period & 1) * quantities
    const tag = period & tagMask
    add(counters, base, tag, 1)
    if (client !== 0) mark(counters, base + 1, tag, client)
    mark(counters, base + 2, tag, sender)
    add(counters, base + 3, tag, recipients)
  }
}

function add(counters: Shared, at: number, tag: number, number: number): void {
  for (;;) {
    const word = Atomics.load(counters, at)
    const before = word >>> payloadBits === tag ? word & payloadMask : 0
    const next = (tag << payloadBits) | Math.min(before + number, payloadMask)
    if (next === word || Atomics.compareExchange(counters, at, word, next) === word) return
  }
}

function mark(counters: Shared, at: number, tag: number, hash: number): void {
  const bit = 1 << ((((hash >>> 16) * payloadBits) >>> 16) & 31)
  for (;;) {
    const word = Atomics.load(counters, at)
    const before = word >>> payloadBits === tag ? word & payloadMask : 0
    const next = (tag << payloadBits) | before | bit
    if (next === word || Atomics.compareExchange(counters, at, word, next) === word) return
  }
}

export function seenWithin(counters: Shared, at: number, span: Span, minute: number): Seen {
  const period = Math.floor(minute / periods[span])
  const base = at + span * spanWords
  return {
    messages: current(counters, base, period) + current(counters, base, period - 1),
    clients: differentOf(counters, base + 1, period),
    senders: differentOf(counters, base + 2, period),
    recipients: current(counters, base + 3, period) + current(counters, base + 3, period - 1),
  }
}

/** Networks of clients within the day. */
export const clientsOf = (counters: Shared, at: number, minute: number): number =>
  differentOf(counters, at + day * spanWords + 1, Math.floor(minute / periods[day]))

/** What the counter of a quantity says of this period; 0 when it is of another one. */
function current(counters: Shared, at: number, period: number): number {
  const word = Atomics.load(counters, at + (period & 1) * quantities)
  return word >>> payloadBits === (period & tagMask) ? word & payloadMask : 0
}

const differentOf = (counters: Shared, at: number, period: number): number =>
  estimate(current(counters, at, period) | current(counters, at, period - 1))

const different = Array.from({ length: payloadBits + 1 }, (_, ones) =>
  // All bits set says only "many": as if half a bit were free.
  Math.round(-payloadBits * Math.log(Math.max(payloadBits - ones, 0.5) / payloadBits)),
)

function estimate(bitmap: number): number {
  let ones = 0
  for (let rest = bitmap; rest !== 0; rest &= rest - 1) ones++
  return different[ones]!
}
