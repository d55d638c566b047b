/**
 * What a compiled image costs to look for: the same texts are scanned with it and without it.
 *
 * Promises: the least of several times, since whatever else the machine does only adds; what looks cheap at a first glance
 * is not measured again, so that thousands of expressions take seconds. Times are those of this machine.
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
const looks = 5

/** Messages of one text, plain and in ASCII, so that the rest of the scan costs as little as it can. */
interface Message {
  readonly name: string
  readonly isOrdinary: boolean
  readonly octets: Uint8Array
  /** Milliseconds without patterns. */
  readonly alone: number
}

/** `suspicious`: microseconds per megabyte beyond which the first glance is not enough. */
export function createProbe(core: NativeCore, suspicious: number): Probe {
  const short = messagesOf(core, glance)
  let long: readonly Message[] | undefined
  return database => {
    const first = measure(core, database, short, 1)
    if (Math.max(first.ordinary, first.hostile) < suspicious) return first
    long ??= messagesOf(core, look)
    return measure(core, database, long, looks)
  }
}

function messagesOf(core: NativeCore, octets: number): readonly Message[] {
  return makeSamples(octets).map(({ name, isOrdinary, text }) => {
    const message = Buffer.from(`Subject: sample\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`)
    return { name, isOrdinary, octets: message, alone: leastTime(core, undefined, message, 10) }
  })
}

function measure(
  core: NativeCore,
  database: NativeDatabase,
  messages: readonly Message[],
  times: number,
): ScanCost {
  let ordinary = 0
  let hostile = { cost: 0, name: '' }
  for (const { name, isOrdinary, octets, alone } of messages) {
    const more = Math.max(0, leastTime(core, database, octets, times) - alone)
    const cost = Math.round((more * 1_000) / (octets.length / 1e6))
    if (isOrdinary) ordinary = cost
    else if (cost >= hostile.cost) hostile = { cost, name }
  }
  return { ordinary, hostile: hostile.cost, slowest: hostile.name }
}

function leastTime(
  core: NativeCore,
  database: NativeDatabase | undefined,
  octets: Uint8Array,
  times: number,
): number {
  const scanner = new core.Scanner(database, { kept: 0 })
  let least = Number.POSITIVE_INFINITY
  for (let time = 0; time < times; time++) {
    const start = performance.now()
    scanner.write(octets)
    scanner.end()
    least = Math.min(least, performance.now() - start)
  }
  return least
}
