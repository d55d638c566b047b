/**
 * A worker of the churn: loads the addon into its environment, compiles or loads patterns, scans messages until told to stop,
 * or until it is terminated in the middle of one.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNative, type NativeDatabase } from '#scanner/native.ts'
import { nativeEngine } from '#scanner/native-scanner.ts'
import type { Pattern } from '#scanner/pattern.ts'

export interface ChurnOrder {
  /** Absent: compile the patterns, and post the image. */
  readonly image?: Uint8Array
  readonly messages: readonly Uint8Array[]
  /** Messages to scan before leaving by itself; Infinity waits to be terminated. */
  readonly scans: number
  /** Whether to give the database back, or leave that to the end of the environment. */
  readonly tidy: boolean
}

const zones = ['header', 'text', 'hidden', 'source', 'attachment', 'url', 'address', 'wire'] as const
const literal = (text: string): Pattern => ({ kind: 'literal', text, caseless: true, word: 'none', zones })

const { image, messages, scans, tidy } = workerData as ChurnOrder
const native = loadNative()
if ('reason' in native) throw new Error(native.reason)
const { core } = native

if (image === undefined) {
  const words = Array.from({ length: 500 }, (_, index) => literal(`word${index}`))
  parentPort!.postMessage(core.compilePatterns([literal('e'), literal('Invoice'), ...words]).image)
} else {
  const database = core.loadPatterns(image) as NativeDatabase | string
  if (typeof database === 'string') throw new Error(database)
  const engine = nativeEngine(core)
  const scanners = [1, 2, 3].map(() => engine.open({ patterns: { patterns: [], database } as never }))
  if (tidy) database.release()
  parentPort!.postMessage('ready')
  let matches = 0
  for (let scan = 0; scan < scans; scan++) {
    const scanner = scanners[scan % scanners.length]!
    const message = messages[scan % messages.length]!
    scanner.write(message.subarray(0, message.length / 2))
    // Every third is left in the middle.
    if (scan % 3 === 2) {
      scanner.abandon()
      continue
    }
    scanner.write(message.subarray(message.length / 2))
    matches += scanner.end().matches.length
  }
  parentPort!.postMessage(matches)
}
