/**
 * What a compiled image costs to look for: the same texts are scanned with it and without it.
 *
 * Promises: the two are measured in turns; of brief scans the median of the pairs' differences counts, of longer ones the
 * quickest of each, so that what else the machine does makes nothing expensive. What looks cheap in a short text is not
 * measured in a long one, so that thousands of expressions take seconds. Times are those of this machine.
 */
import type { NativeCore, NativeDatabase } from '#scanner/native.ts'
import { makeSamples } from './sample.ts'

export interface ScanCost {
  /** Microseconds per megabyte beyond those of a scan without patterns; never negative. */
  readonly ordinary: number
  readonly hostile: number
  /** The text of which `hostile` is. */
  readonly slowest: string
}

export type Probe = (database: NativeDatabase) => ScanCost

const glance = 32_768
const look = 131_072
const pairs = 7
/** Milliseconds. What takes longer is interrupted now and then on a busy machine; half of the times may be too long. */
const brief = 0.2
/** Milliseconds. Of what takes longer few times are enough, and more would take seconds. */
const long = 10
const fewPairs = 3

type Scan = (octets: Uint8Array) => void

/** Messages of one text, plain and in ASCII, so that the rest of the scan costs as little as it can. */
interface Message {
  readonly name: string
  readonly isOrdinary: boolean
  readonly octets: Uint8Array
}

/** `suspicious`: microseconds per megabyte beyond which the first glance is not enough. */
export function createProbe(core: NativeCore, suspicious: number): Probe {
  const alone = scanWith(core, undefined)
  const short = messagesOf(glance)
  let more: readonly Message[] | undefined
  return database => {
    const scan = scanWith(core, database)
    const first = measure(scan, alone, short)
    if (Math.max(first.ordinary, first.hostile) < suspicious) return first
    more ??= messagesOf(look)
    return measure(scan, alone, more)
  }
}

const messagesOf = (octets: number): readonly Message[] =>
  makeSamples(octets).map(({ name, isOrdinary, text }) => ({
    name,
    isOrdinary,
    octets: Buffer.from(`Subject: sample\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`),
  }))

function scanWith(core: NativeCore, database: NativeDatabase | undefined): Scan {
  const scanner = new core.Scanner(database, { kept: 0 })
  return octets => {
    scanner.write(octets)
    scanner.end()
  }
}

function measure(scan: Scan, alone: Scan, messages: readonly Message[]): ScanCost {
  let ordinary = 0
  let hostile = { cost: 0, name: '' }
  for (const { name, isOrdinary, octets } of messages) {
    const more = Math.max(0, usualDifference(scan, alone, octets))
    const cost = Math.round((more * 1_000) / (octets.length / 1e6))
    if (isOrdinary) ordinary = cost
    else if (cost >= hostile.cost) hostile = { cost, name }
  }
  return { ordinary, hostile: hostile.cost, slowest: hostile.name }
}

/** Milliseconds. A first scan pays for what no cache of the processor holds yet. */
function usualDifference(scan: Scan, alone: Scan, octets: Uint8Array): number {
  const first = timeOf(scan, octets)
  const length = first > long ? fewPairs : pairs
  const times = Array.from({ length }, () => [timeOf(scan, octets), timeOf(alone, octets)] as const)
  if (first > brief)
    return Math.min(...times.map(([time]) => time)) - Math.min(...times.map(([, time]) => time))
  return times.map(([time, less]) => time - less).sort((a, b) => a - b)[pairs >> 1]!
}

function timeOf(scan: Scan, octets: Uint8Array): number {
  const start = performance.now()
  scan(octets)
  return performance.now() - start
}
