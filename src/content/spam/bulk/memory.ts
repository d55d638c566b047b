/**
 * The memory of recent mail: sketches of messages, and how often each was seen, by all threads of the engine together.
 *
 * Promises: of fixed size (3.1 MB); no locks and no messages between threads, so that a thread that dies holds nobody up; a
 * bounded number of steps per message. Nothing of a text is kept, and no address: only keyed hashes.
 * Leaves out: surviving a restart. The key is drawn anew then, and a campaign is known again after its first few copies.
 *
 * An entry is a cluster: the sketch of the first message, and counters for all that are like it. It stands in one of
 * sixteen places that its first band chooses; from each of twelve bands a reference leads to it. A new text takes a place
 * that is free or was not seen for a day; else, when its client has two in the window that nobody else has sent, the older
 * of those; else the place of what came from the fewest client networks, and of those from the one not seen for longest.
 * So one client alone displaces at most an eighth of what others left, and what came from many stays known unless somebody
 * sends thousands of other texts from as many networks each.
 *
 * Two threads that meet the same new text in the same instant may make two entries of it; later copies count in one. A copy
 * that is counted while its entry goes to another text counts there: one copy in a place nobody was interested in.
 */
import { randomBytes } from 'node:crypto'
import {
  clientsOf,
  count,
  counterWords,
  day,
  hour,
  type Seen,
  type Sighting,
  seenWithin,
} from '#content/spam/bulk/counters.ts'
import {
  agreeing,
  bands,
  leastAlike,
  type Sketch,
  Sketcher,
  type SketchKey,
  scramble,
  sketchWords,
} from '#content/spam/bulk/sketch.ts'

/** Survives structured clone to a thread; the memory stays shared. */
export interface BulkMemory {
  readonly entries: SharedArrayBuffer
  readonly references: SharedArrayBuffer
  readonly key: SketchKey
}

export interface BulkFacts {
  /** This message included. */
  readonly hour: Seen
  readonly day: Seen
}

const entryBits = 14
export const entryCount = 2 ** entryBits
const entryMask = entryCount - 1
/** Of an entry: its life, its sketch, when it was last seen, the client that it came from first, its counters. */
const [lifeAt, sketchAt, seenAt, clientAt, countersAt] = [
  0,
  1,
  1 + sketchWords,
  2 + sketchWords,
  3 + sketchWords,
]
export const entryWords = 24
const windowSize = 16
const mostOfClient = 2

const bucketBits = 13
const ways = 4
const bandWords = 2 ** bucketBits * ways

const hourMinutes = 60
const dayMinutes = 1_440
/** Minutes are counted from 2020 on, so that they fit. */
const epoch = 26_297_280

export function createBulkMemory(): BulkMemory {
  const random = randomBytes(8)
  return {
    entries: new SharedArrayBuffer(entryCount * entryWords * 4),
    references: new SharedArrayBuffer(bands * bandWords * 4),
    key: { first: random.readInt32LE(0), second: random.readInt32LE(4) },
  }
}

if (countersAt + counterWords > entryWords) throw new Error('An entry of the bulk memory is too short.')

/**
 * A life of an entry: a number that goes up each time another text takes the place, and in its lowest bit whether the sketch
 * is just being written. A reference is the place, some bits of the hash of its band, and some of the number. Where it leads
 * is believed only of the sketch that stands there; the bits spare the look at it.
 */
const isBeingWritten = (life: number): boolean => (life & 1) === 1
const lifeBits = 8
const lifeMask = 2 ** lifeBits - 1
const tagShift = entryBits + lifeBits
const referenceOf = (entry: number, life: number, hash: number): number =>
  (hash << tagShift) | (((life >>> 1) & lifeMask) << entryBits) | entry

/** One thread's way into the memory. */
export class BulkWatch {
  readonly #entries: Int32Array<SharedArrayBuffer>
  readonly #references: Int32Array<SharedArrayBuffer>
  readonly #sketcher: Sketcher
  readonly #key: SketchKey

  constructor({ entries, references, key }: BulkMemory) {
    this.#entries = new Int32Array(entries)
    this.#references = new Int32Array(references)
    this.#sketcher = new Sketcher(key)
    this.#key = key
  }

  /** A keyed hash of 32-bit words, as a `Sighting` has it; never 0. */
  hashOf(words: readonly number[]): number {
    const { first, second } = this.#key
    return words.reduce((hash, word) => scramble(Math.imul(hash ^ word, 0x9e3779b1) ^ first), second) || 1
  }

  /**
   * Counts the message, and says what was seen of its like. undefined when it is too short, or could not be remembered.
   * `slots`: of its words and pairs. Called per message.
   */
  see(slots: Uint32Array, sighting: Sighting, now: number): BulkFacts | undefined {
    const sketch = this.#sketcher.sketch(slots)
    if (sketch === undefined) return undefined
    const minute = Math.floor(now / 60_000) - epoch
    const entry = this.#find(sketch) ?? this.#remember(sketch, sighting.client, minute)
    if (entry === undefined) return undefined
    const base = entry * entryWords
    Atomics.store(this.#entries, base + seenAt, minute)
    count(this.#entries, base + countersAt, minute, sighting)
    return this.#factsAt(base, minute)
  }

  #factsAt(base: number, minute: number): BulkFacts {
    return {
      hour: seenWithin(this.#entries, base + countersAt, hour, minute),
      day: seenWithin(this.#entries, base + countersAt, day, minute),
    }
  }

  /** The first entry that a band leads to and that is like the sketch. */
  #find(sketch: Sketch): number | undefined {
    let last = -1
    for (let band = 0; band < bands; band++) {
      const bucket = bucketOf(sketch, band)
      const tag = (sketch.bands[band]! << tagShift) >>> tagShift
      for (let way = 0; way < ways; way++) {
        const reference = Atomics.load(this.#references, bucket + way)
        // Neighbouring bands mostly lead to the same.
        if (reference === 0 || reference >>> tagShift !== tag) continue
        const entry = reference & entryMask
        // Neighbouring bands mostly lead to the same.
        if (entry === last) continue
        last = entry
        if (this.#isAlike(entry, sketch)) return entry
      }
    }
    return undefined
  }

  #isAlike(entry: number, sketch: Sketch): boolean {
    const base = entry * entryWords
    const life = Atomics.load(this.#entries, base + lifeAt)
    if (isBeingWritten(life) || agreeing(sketch, this.#entries, base + sketchAt) < leastAlike) return false
    // It may have been overwritten while it was read.
    return Atomics.load(this.#entries, base + lifeAt) === life
  }

  #remember(sketch: Sketch, client: number, minute: number): number | undefined {
    const entry = this.#placeFor(sketch, client, minute)
    if (entry === undefined) return undefined
    const entries = this.#entries
    const base = entry * entryWords
    const life = Atomics.load(entries, base + lifeAt)
    const writing = (life + 1) | 1
    if (Atomics.compareExchange(entries, base + lifeAt, life, writing) !== life) return undefined
    // Before anything else, for it says until when the place is being written.
    Atomics.store(entries, base + seenAt, minute)
    Atomics.store(entries, base + clientAt, client)
    for (let word = 0; word < sketchWords; word++)
      Atomics.store(entries, base + sketchAt + word, sketch.bits[word]!)
    for (let word = 0; word < counterWords; word++) Atomics.store(entries, base + countersAt + word, 0)
    const living = nextLife(writing)
    // Somebody took this thread for dead.
    if (Atomics.compareExchange(entries, base + lifeAt, writing, living) !== writing) return undefined
    for (let band = 0; band < bands; band++)
      this.#refer(bucketOf(sketch, band), referenceOf(entry, living, sketch.bands[band]!))
    return entry
  }

  /** The place of the sixteen that is missed least; undefined when all are just being written. */
  #placeFor(sketch: Sketch, client: number, minute: number): number | undefined {
    const first = sketch.bands[0]! & entryMask & ~(windowSize - 1)
    // Of places that are worth the same the first is taken: another one for each text.
    const start = sketch.bands[1]!
    let [least, place, own, leastOwn, placeOwn] = [
      Number.POSITIVE_INFINITY,
      -1,
      0,
      Number.POSITIVE_INFINITY,
      -1,
    ]
    for (let step = 0; step < windowSize; step++) {
      const entry = first + ((start + step) & (windowSize - 1))
      const worth = this.#worthOf(entry, minute)
      if (worth < least) [least, place] = [worth, entry]
      if (client === 0 || worth > mostOfOne || this.#clientOf(entry) !== client) continue
      own++
      if (worth < leastOwn) [leastOwn, placeOwn] = [worth, entry]
    }
    if (least >= 0 && own >= mostOfClient) return placeOwn
    return place < 0 ? undefined : place
  }

  #clientOf(entry: number): number {
    return Atomics.load(this.#entries, entry * entryWords + clientAt)
  }

  /** Below 0: nobody's. Then by the networks that it came from, half as many an hour later, and the time it was last seen. */
  #worthOf(entry: number, minute: number): number {
    const base = entry * entryWords
    const life = Atomics.load(this.#entries, base + lifeAt)
    const age = minute - Atomics.load(this.#entries, base + seenAt)
    if (life === 0 || age > dayMinutes) return -1
    // A thread that is writing takes no minute; one that died over it is not waited for.
    if (isBeingWritten(life)) return age > 1 ? -1 : Number.POSITIVE_INFINITY
    const clients = Math.max(clientsOf(this.#entries, base + countersAt, minute), 1)
    return Math.max(1, age > hourMinutes ? clients / 2 : clients) * dayMinutes + dayMinutes - age
  }

  /** Into a free place of the bucket, or one whose entry is another text by now, or that of the one not seen for longest. */
  #refer(bucket: number, reference: number): void {
    let [best, oldest] = [bucket, Number.POSITIVE_INFINITY]
    for (let way = 0; way < ways && oldest >= 0; way++) {
      const there = Atomics.load(this.#references, bucket + way)
      const seen = this.#seenAt(there)
      if (seen < oldest) [best, oldest] = [bucket + way, seen]
    }
    Atomics.store(this.#references, best, reference)
  }

  /** -1 for a reference that leads nowhere. */
  #seenAt(reference: number): number {
    const base = (reference & entryMask) * entryWords
    const life = Atomics.load(this.#entries, base + lifeAt)
    const leads = reference !== 0 && ((life >>> 1) & lifeMask) === ((reference >>> entryBits) & lifeMask)
    return leads ? Atomics.load(this.#entries, base + seenAt) : -1
  }
}

/** What one network alone has sent is worth no more. */
const mostOfOne = 2 * dayMinutes

const bucketOf = ({ bands: hashes }: Sketch, band: number): number =>
  band * bandWords + (hashes[band]! >>> (32 - bucketBits)) * ways

/** Behind the one that was written, and never 0, which is no life. */
const nextLife = (writing: number): number => (writing + 1) & 0x3fff_fffe || 2
