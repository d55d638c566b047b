/**
 * A thread that scans the same message without end. For each set that it is sent it takes over the patterns while a message
 * is half read, and says what came of it.
 */
import { isMainThread, parentPort } from 'node:worker_threads'
import { matchColumns } from '#scanner/layout.ts'
import { loadNative } from '#scanner/native.ts'
import { nativeEngine } from '#scanner/native-scanner.ts'
import { openPatternsInSteps, type PreparedSet, type SharedPatterns } from '#scanner/patterns/set.ts'
import type { Scanner } from '#scanner/scanner.ts'
import { makePatternSet } from '#scanner/typescript/matching/pattern-set.ts'
import { mail } from './patterns.ts'

export interface SwapAnswer {
  /** Numbers of the patterns that the message was found to have: by the scanner that was open, and by the next. */
  readonly open: readonly number[]
  readonly next: readonly number[]
  /** The longest time between the ends of two messages, in milliseconds, while the patterns were taken over. */
  readonly pause: number
}

if (isMainThread || parentPort === null) throw new Error('This file is the entry of a worker thread.')
const port = parentPort
const native = loadNative()
if ('reason' in native) throw new Error(native.reason)
const engine = nativeEngine(native.core)

const message = mail(`aardvark zebra ${'and other animals '.repeat(1_000)}`)
let set: PreparedSet | undefined
let scanner: Scanner = engine.open({})
let last = performance.now()
let pause = 0

const begin = (on: Scanner): void => on.write(message.subarray(0, 500))

function finish(on: Scanner): readonly number[] {
  on.write(message.subarray(500))
  const { matches } = on.end()
  const now = performance.now()
  pause = Math.max(pause, now - last)
  last = now
  const found = new Set<number>()
  for (let at = 0; at < matches.length; at += matchColumns.length) found.add(matches[at]!)
  return [...found]
}

function scanOn(): void {
  begin(scanner)
  finish(scanner)
  setImmediate(scanOn)
}

port.on('message', async (shared: SharedPatterns) => {
  pause = 0
  last = performance.now()
  const opened = await openPatternsInSteps(shared, native.core, makePatternSet)
  if (opened.kind === 'refused') throw new Error(opened.reason)
  const before = scanner
  begin(before)
  set?.release()
  set = opened.set
  scanner = engine.open({ patterns: set })
  const open = finish(before)
  begin(scanner)
  const next = finish(scanner)
  port.postMessage({ open, next, pause } satisfies SwapAnswer)
})

scanOn()
