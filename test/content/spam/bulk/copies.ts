/** One of several threads that count copies of the same texts, and new ones of their own, for `memory.test.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { type BulkMemory, BulkWatch } from '#content/spam/bulk/memory.ts'
import { randomOf, slotsOf, textOf } from './texts.ts'

export interface WorkOfThread {
  readonly memory: BulkMemory
  readonly texts: readonly Uint32Array[]
  readonly thread: number
  readonly rounds: number
  readonly now: number
}

export interface ReportOfThread {
  /** Copies that were taken for something new. */
  readonly forgotten: number
}

const { memory, texts, thread, rounds, now }: WorkOfThread = workerData
const watch = new BulkWatch(memory)
const random = randomOf(100 + thread)
let forgotten = 0

for (let round = 0; round < rounds; round++) {
  for (const slots of texts) {
    const client = watch.hashOf([thread, round])
    const seen = watch.see(slots, { client, sender: client, recipients: 1 }, now)
    if (seen === undefined || seen.day.messages < 2) forgotten++
  }
  watch.see(slotsOf(textOf(random, 60)), { client: thread + 1, sender: 1, recipients: 1 }, now)
}
parentPort!.postMessage({ forgotten } satisfies ReportOfThread)
