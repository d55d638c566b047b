/**
 * A thread that scans with whatever patterns it is given, without a pause between them (see sharing.test.ts).
 */
import { parentPort } from 'node:worker_threads'
import { type Database, loadMatching } from './native.ts'

export interface Swap {
  readonly image: Uint8Array
  /** What must be found in the text with these patterns, and with no others. */
  readonly found: number
}

export interface Swapped {
  readonly scans: number
  readonly wrong: readonly string[]
  /** Milliseconds. */
  readonly load: number
  readonly holders: number
}

const native = loadMatching()
const limits = { kept: 65_536, matches: 65_536 }
const text = Buffer.from('alpha beta gamma delta '.repeat(3_000))
const port = parentPort!

let current: { readonly database: Database; readonly found: number } | undefined
let scans = 0
const wrong: string[] = []

function open() {
  const { database, found } = current!
  return { streams: new native.ZoneStreams(database, limits), found }
}

function finish({ streams, found }: ReturnType<typeof open>, from: number): void {
  streams.write('text', 0, text.subarray(from))
  const { length } = streams.finish().matches
  if (length !== found * 6) wrong.push(`${length / 6} instead of ${found}`)
  scans++
}

/** Takes over in the middle of a message, which must end with the patterns that it began with. */
function swap({ image, found }: Swap): void {
  const half = current && open()
  half?.streams.write('text', 0, text.subarray(0, 30_000))
  const start = performance.now()
  const database = native.load(image)
  const load = performance.now() - start
  if (typeof database === 'string') throw new Error(database)
  if (current) native.release(current.database)
  current = { database, found }
  if (half) finish(half, 30_000)
  const { holders } = native.describe(database)
  port.postMessage({ scans, wrong, load, holders } satisfies Swapped)
}

function scanOn(): void {
  if (current) finish(open(), 0)
  setImmediate(scanOn)
}

port.on('message', swap)
scanOn()
