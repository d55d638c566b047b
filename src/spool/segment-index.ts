/**
 * The summary of a segment: what each of its records changed, in order, without content and envelopes. It gathers in
 * memory while the segment is written and becomes the index file when the segment is sealed, so that a restart with a
 * million messages reads some forty octets a message.
 *
 * Promises: replaying an index does exactly what replaying the scanned segment does. An index is a convenience: when it
 * is missing, torn or wrong the segment is scanned and the index is written anew.
 *
 *      0  `SLUICEix` · 8 version · 12 sequence · 16 life · 24 end of the segment · 28 number of words
 *     32  octets of the list of domains (JSON) · 36 CRC-32 of everything else
 *     40  words (32 bits each), then the list
 */
import { crc32 } from 'node:zlib'
import type { QueuedJob } from '#spool/jobs.ts'

/** Takes the changes of the log in their order. Numbers rather than objects: called once per record at each start. */
export interface Replay {
  /** `copy`: the message moved here; what is known of its state stays. `jobs`: never empty. `due`: milliseconds. */
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
  ): void
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
  ): void
  /** The message, which lived in segment `home`, has ended; segment `sequence` says so. */
  finished(sequence: number, home: number, idHigh: number, idLow: number): void
}

/** A new message, or one that moved. One without jobs has ended where it begins, and is told as that. */
export function tellMessage(
  into: Replay,
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
  if (jobs.length === 0) into.finished(sequence, sequence, idHigh, idLow)
  else into.message(copy, idHigh, idLow, sequence, offset, length, size, flags, due, jobs)
}

const magic = Buffer.from('SLUICEix')
const version = 1
const headerSize = 40
/** A domain whose job is held from the beginning. Who does not know of it takes the index for a wrong one, and scans. */
const heldFrom = 2 ** 31
const kinds = { message: 1, copy: 2, state: 3, finished: 4 } as const

const scratch = new Float64Array(1)
const scratchWords = new Uint32Array(scratch.buffer)

export class Summary implements Replay {
  #words = new Uint32Array(1024)
  #length = 0
  readonly #numbers = new Map<string, number>()

  #reserve(words: number): void {
    if (this.#length + words <= this.#words.length) return
    const larger = new Uint32Array(Math.max(this.#words.length * 2, this.#length + words))
    larger.set(this.#words)
    this.#words = larger
  }

  #put(word: number): void {
    this.#words[this.#length++] = word
  }

  #putTime(time: number): void {
    scratch[0] = time
    this.#put(scratchWords[0]!)
    this.#put(scratchWords[1]!)
  }

  message(
    copy: boolean,
    idHigh: number,
    idLow: number,
    _sequence: number,
    offset: number,
    length: number,
    size: number,
    flags: number,
    due: number,
    jobs: readonly QueuedJob[],
  ): void {
    this.#reserve(9 + jobs.length)
    this.#put((copy ? kinds.copy : kinds.message) | (flags << 8))
    this.#put(idHigh)
    this.#put(idLow)
    this.#put(offset)
    this.#put(length)
    this.#put(size)
    this.#putTime(due)
    this.#put(jobs.length)
    for (const { domain, held } of jobs) {
      let number = this.#numbers.get(domain)
      if (number === undefined) {
        number = this.#numbers.size
        this.#numbers.set(domain, number)
      }
      this.#put(held ? number + heldFrom : number)
    }
  }

  state(
    idHigh: number,
    idLow: number,
    job: number,
    _sequence: number,
    offset: number,
    length: number,
    flags: number,
    attempts: number,
    due: number,
  ): void {
    this.#reserve(9)
    this.#put(kinds.state | (flags << 8))
    this.#put(idHigh)
    this.#put(idLow)
    this.#put(job)
    this.#put(offset)
    this.#put(length)
    this.#put(attempts)
    this.#putTime(due)
  }

  finished(_sequence: number, home: number, idHigh: number, idLow: number): void {
    this.#reserve(4)
    this.#put(kinds.finished)
    this.#put(home)
    this.#put(idHigh)
    this.#put(idLow)
  }

  encode(sequence: number, life: Uint8Array, end: number): Buffer {
    const domains = Buffer.from(JSON.stringify([...this.#numbers.keys()]))
    const file = Buffer.alloc(headerSize + this.#length * 4 + domains.length)
    magic.copy(file)
    file.writeUInt32LE(version, 8)
    file.writeUInt32LE(sequence, 12)
    file.set(life, 16)
    file.writeUInt32LE(end, 24)
    file.writeUInt32LE(this.#length, 28)
    file.writeUInt32LE(domains.length, 32)
    for (let index = 0; index < this.#length; index++)
      file.writeUInt32LE(this.#words[index]!, headerSize + index * 4)
    file.set(domains, headerSize + this.#length * 4)
    file.writeUInt32LE(crcOf(file), 36)
    return file
  }
}

const crcOf = (file: Buffer): number => crc32(file.subarray(headerSize), crc32(file.subarray(0, 36)))

/** A whole index file of the right life, not yet replayed. */
export interface SegmentIndex {
  /** Octets of the segment that it covers. */
  readonly end: number
  replay(into: Replay): void
}

/**
 * Reads an index file. Any bytes may come in; undefined when they are not a whole index of this life of the segment,
 * or point outside of it. Checked in full before the first change is replayed.
 */
export function decodeIndex(
  file: Buffer,
  sequence: number,
  life: Uint8Array,
  size: number,
): SegmentIndex | undefined {
  if (file.length < headerSize || file.compare(magic, 0, 8, 0, 8) !== 0) return undefined
  if (file.readUInt32LE(8) !== version || file.readUInt32LE(12) !== sequence) return undefined
  if (file.compare(life, 0, 8, 16, 24) !== 0 || file.readUInt32LE(36) !== crcOf(file)) return undefined
  const end = file.readUInt32LE(24)
  const count = file.readUInt32LE(28)
  const listed = headerSize + count * 4
  if (end > size || listed + file.readUInt32LE(32) !== file.length) return undefined
  let domains: readonly string[]
  try {
    domains = JSON.parse(file.toString('utf8', listed))
  } catch {
    return undefined
  }
  const words = new Uint32Array(
    file.buffer.slice(file.byteOffset + headerSize, file.byteOffset + headerSize + count * 4),
  )
  if (!walk(words, sequence, end, domains, undefined)) return undefined
  return { end, replay: into => void walk(words, sequence, end, domains, into) }
}

/** Reads the words in order; false when one of them cannot be. */
function walk(
  words: Uint32Array,
  sequence: number,
  end: number,
  domains: readonly string[],
  into: Replay | undefined,
): boolean {
  const jobs = domains.map(domain => ({ domain, held: false }))
  const lists = jobs.map(job => [job])
  const jobOf = (word: number): QueuedJob | undefined =>
    word < heldFrom ? jobs[word] : jobs[word - heldFrom] && { ...jobs[word - heldFrom]!, held: true }
  const time = (at: number): number => {
    scratchWords[0] = words[at]!
    scratchWords[1] = words[at + 1]!
    return scratch[0]!
  }
  let at = 0
  while (at < words.length) {
    const kind = words[at]! & 0xff
    const flags = words[at]! >>> 8
    if (kind === kinds.finished) {
      if (at + 4 > words.length) return false
      into?.finished(sequence, words[at + 1]!, words[at + 2]!, words[at + 3]!)
      at += 4
      continue
    }
    if (kind !== kinds.message && kind !== kinds.copy && kind !== kinds.state) return false
    if (at + 9 > words.length) return false
    const idHigh = words[at + 1]!
    const idLow = words[at + 2]!
    if (kind === kinds.state) {
      if (words[at + 4]! + words[at + 5]! > end) return false
      into?.state(
        idHigh,
        idLow,
        words[at + 3]!,
        sequence,
        words[at + 4]!,
        words[at + 5]!,
        flags,
        words[at + 6]!,
        time(at + 7),
      )
      at += 9
      continue
    }
    const count = words[at + 8]!
    if (words[at + 3]! + words[at + 4]! > end || at + 9 + count > words.length || count === 0) return false
    for (let job = 0; job < count; job++)
      if (typeof jobOf(words[at + 9 + job]!)?.domain !== 'string') return false
    into?.message(
      kind === kinds.copy,
      idHigh,
      idLow,
      sequence,
      words[at + 3]!,
      words[at + 4]!,
      words[at + 5]!,
      flags,
      time(at + 6),
      (count === 1 ? lists[words[at + 9]!] : undefined) ??
        Array.from({ length: count }, (_, job) => jobOf(words[at + 9 + job]!)!),
    )
    at += 9 + count
  }
  return true
}
