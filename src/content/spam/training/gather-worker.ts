/**
 * A thread of the gathering: reads the files it is given, scans their mails, and answers with their features in slabs.
 *
 * Promises: linear; the memory of one mail and one slab. Leaves out: order, duplicates (`gather.ts`).
 */
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { pieceForReading, readMailbox } from '#content/spam/training/mailbox.ts'
import { groupStarts, mostOfGroup, mostOfMail } from '#content/spam/training/store.ts'
import type { GatherCommon, GatherPart, GatherTask } from '#content/spam/training/thread-messages.ts'
import { chooseEngine } from '#scanner/engine.ts'
import type { FeatureVector } from '#scanner/features/collector.ts'
import { extractFeatures } from '#scanner/features/features.ts'
import { hashOf } from '#scanner/features/hash.ts'
import { senderDomain } from '#scanner/features/mailbox.ts'
import { MessageView } from '#scanner/features/view.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

const { options } = workerData as GatherCommon
const starts = groupStarts(options.bits)
const choice = chooseEngine()
if (choice.kind === 'refused') throw new Error(choice.reason)
const scanner = choice.engine.open({})
const extractor = choice.kind === 'native' ? new choice.core.FeatureExtractor(options) : undefined
const featuresOf = (output: ScanOutput): FeatureVector =>
  extractor?.extract(output) ?? extractFeatures(output, options)

/** Columns; 4 MiB. */
const slabSize = 1 << 20
const pieceSize = 65_536

class Slab {
  #columns = new Uint32Array(slabSize)
  #size = 0
  #mails: { file: number; ordinal: number; start: number; source: number; hash: Buffer }[] = []
  #skipped: GatherPart['skipped'] = []

  take(file: number, ordinal: number, octets: Buffer): void {
    const hash = createHash('sha256').update(octets).digest()
    for (let at = 0; at < octets.length; at += pieceSize) scanner.write(octets.subarray(at, at + pieceSize))
    const output = scanner.end()
    const vector = featuresOf(output)
    if (this.#size + vector.length + mostOfMail > slabSize) this.send()
    const start = this.#size
    this.#size += vector.length
    for (const [group, all] of vector.entries()) {
      const most = Math.min(all.length, mostOfGroup[group]!)
      this.#columns[start + group] = most
      for (let at = 0; at < most; at++) this.#columns[this.#size++] = starts[group]! + all[at]!
    }
    this.#mails.push({ file, ordinal, start, hash, source: sourceOf(output, hash) })
  }

  skip(file: number, ordinal: number, reason: string): void {
    this.#skipped = [...this.#skipped, { file, ordinal, reason }]
  }

  send(): void {
    const mails = this.#mails
    const columns = new Uint32Array(new SharedArrayBuffer(this.#size * 4))
    columns.set(this.#columns.subarray(0, this.#size))
    const part: GatherPart = {
      columns,
      file: Uint32Array.from(mails, ({ file }) => file),
      ordinal: Uint32Array.from(mails, ({ ordinal }) => ordinal),
      start: Uint32Array.from(mails, ({ start }) => start),
      source: Uint32Array.from(mails, ({ source }) => source),
      hashes: new Uint8Array(Buffer.concat(mails.map(({ hash }) => hash))),
      skipped: this.#skipped,
    }
    parentPort!.postMessage({ part })
    this.#size = 0
    this.#mails = []
    this.#skipped = []
  }
}

/** Mails of one sender are one source; a mail without a sender is one of its own. */
function sourceOf(output: ScanOutput, hash: Buffer): number {
  const domain = senderDomain(new MessageView(output, false))
  return domain === '' ? hash.readUInt32LE(0) : hashOf(domain.split('.').slice(-2).join('.'))
}

const slab = new Slab()
const piece = pieceForReading()

parentPort!.on('message', ({ task }: { readonly task: GatherTask }) => {
  for (const { file, path } of task)
    readMailbox(path, piece, {
      mail: (octets, ordinal) => slab.take(file, ordinal, octets),
      skipped: (reason, ordinal) => slab.skip(file, ordinal, reason),
    })
  slab.send()
  parentPort!.postMessage({ done: true })
})
