/**
 * What we remember of single addresses: which did not answer lately, so that a dead first host costs its connect
 * deadline once and not for every connection; and which cannot do TLS though they offer it.
 *
 * Promises: bounded in time and number; forgetting is harmless.
 */
import type { Clock } from '#mail/clock.ts'

const unreachableFor = 60_000
const clearFor = 10 * 60_000
const slowFor = 24 * 3_600_000
const mostEntries = 5_000

export interface HostMemory {
  unreachable(place: string): void
  isUnreachable(place: string): boolean
  brokenTls(place: string): void
  hasBrokenTls(place: string): boolean
  /** It offers PIPELINING, but loses commands that come right behind the end of a message. */
  losesCommands(place: string): void
  doesLoseCommands(place: string): boolean
}

export function createHostMemory(clock: Clock): HostMemory {
  const dead = createNotes(clock, unreachableFor)
  const clear = createNotes(clock, clearFor)
  const lossy = createNotes(clock, slowFor)
  return {
    unreachable: dead.add,
    isUnreachable: dead.has,
    brokenTls: clear.add,
    hasBrokenTls: clear.has,
    losesCommands: lossy.add,
    doesLoseCommands: lossy.has,
  }
}

function createNotes(clock: Clock, span: number) {
  const until = new Map<string, number>()
  return {
    add(place: string) {
      until.delete(place)
      until.set(place, clock.now() + span)
      if (until.size > mostEntries) until.delete(until.keys().next().value!)
    },
    has(place: string) {
      const end = until.get(place)
      if (end === undefined) return false
      if (end > clock.now()) return true
      until.delete(place)
      return false
    },
  }
}
