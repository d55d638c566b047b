/**
 * Claim: a queue of a million messages costs little memory, hardly delays a restart, and does not slow down what comes in.
 *
 * The queue is filled first (see deep/fill.ts), its next hop refuses connections, and all of it is due at the restart: the worst
 * case, an outage of the next hop that outlived a reboot. Then, in turns over the rounds, `sluice run` is started on an empty
 * queue and on the deep one. Figures are medians over rounds:
 *   secondsToFirstAccept  from the start of the process until a client has its first 250 behind a message, retrying every few
 *                         milliseconds, on the deep queue (`empty…`: on the empty one)
 *   cpuSecondsToFirstAccept  what all threads had worked until then: the part of it that a busy machine does not change
 *   memoryMB              PSS of the process after the load (highest sample while it ran: peakMemoryMB)
 *   acceptRateRatio       messages/s accepted with the deep queue over that with the empty one
 * The run fails unless the queue holds every message that was put into it and accepted since.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Owner, peerDirectory } from '../test/peers/process.ts'
import { freePort } from '../test/peers/ready.ts'
import { sendLoad } from '../test/peers/smtp-source.ts'
import { type Fill, fill } from './deep/fill.ts'
import { firstAccept } from './deep/first-accept.ts'
import { mebibytes, median, round } from './measure/figures.ts'
import { cpuSeconds, memoryOctets, watchMemory } from './measure/process-tree.ts'
import { progress } from './measure/result.ts'
import { scope } from './measure/scope.ts'
import { launchSluice, queueHolds, type Sluice } from './sluice.ts'

export interface BacklogOptions extends Fill {
  readonly rounds: number
  /** Messages of each load that measures the accept rate. */
  readonly load: number
}

export interface Backlog {
  readonly messages: number
  readonly memoryMB: number
  readonly secondsToFirstAccept: number
  readonly acceptRateRatio: number
  readonly peakMemoryMB: number
  readonly cpuSecondsToFirstAccept: number
  readonly emptySecondsToFirstAccept: number
  readonly emptyCpuSecondsToFirstAccept: number
  readonly emptyMemoryMB: number
  readonly secondsToFill: number
}

interface Round {
  readonly seconds: number
  readonly cpu: number
  readonly memory: number
  readonly peak: number
  readonly rate: number
}

export function backlog(options: BacklogOptions): Promise<Backlog> {
  return scope(async owner => {
    const directory = await peerDirectory('backlog', owner)
    const deep = join(directory, 'deep')
    const empty = join(directory, 'empty')
    const start = performance.now()
    await fill(deep, options)
    const secondsToFill = round((performance.now() - start) / 1_000)
    progress(`filled with ${options.messages} messages in ${secondsToFill} s`)
    const rounds: { readonly deep: Round[]; readonly empty: Round[] } = { deep: [], empty: [] }
    let expected = options.messages
    for (let number = 1; number <= options.rounds; number++) {
      await rm(empty, { recursive: true, force: true })
      rounds.empty.push(await oneRound('empty', empty, 0, options))
      rounds.deep.push(await oneRound('deep', deep, expected, options))
      expected += acceptedPerRound(options)
    }
    return summary(options.messages, secondsToFill, rounds)
  })
}

/** The first mail, a warm-up and the load. */
const acceptedPerRound = ({ load }: BacklogOptions): number => 1 + Math.ceil(load / 5) + load

function oneRound(name: string, data: string, queued: number, options: BacklogOptions): Promise<Round> {
  return scope(async owner => {
    const { sluice, seconds, cpu } = await restart(owner, data)
    const memory = watchMemory(sluice.pid, 250)
    await sendLoad({ ...options, port: sluice.port, messages: Math.ceil(options.load / 5) })
    const took = await sendLoad({ ...options, port: sluice.port, messages: options.load })
    const peak = memory.stop()
    await queueHolds(sluice, queued + acceptedPerRound(options))
    const result = { seconds, cpu, memory: memoryOctets(sluice.pid), peak, rate: options.load / took }
    progress(
      `${name}: first accept after ${round(seconds)} s, ${round(result.rate)} msg/s, ` +
        `${mebibytes(result.memory)} MB, peak ${mebibytes(peak)} MB`,
    )
    return result
  })
}

async function restart(
  owner: Owner,
  data: string,
): Promise<{ readonly sluice: Sluice; readonly seconds: number; readonly cpu: number }> {
  const nextHop = `127.0.0.1:${await freePort()}`
  const sluice = await launchSluice(owner, {
    data,
    nextHop,
    configuration: { content: { scan: false }, delivery: { retry: ['1h'] } },
  })
  const seconds = await firstAccept(sluice)
  return { sluice, seconds, cpu: cpuSeconds(sluice.pid) }
}

function summary(
  messages: number,
  secondsToFill: number,
  { deep, empty }: { readonly deep: readonly Round[]; readonly empty: readonly Round[] },
): Backlog {
  const of = (rounds: readonly Round[], figure: (round: Round) => number) => median(rounds.map(figure))
  return {
    messages,
    memoryMB: mebibytes(of(deep, result => result.memory)),
    secondsToFirstAccept: round(of(deep, result => result.seconds)),
    acceptRateRatio: round(of(deep, result => result.rate) / of(empty, result => result.rate)),
    peakMemoryMB: mebibytes(of(deep, result => result.peak)),
    cpuSecondsToFirstAccept: round(of(deep, result => result.cpu)),
    emptyCpuSecondsToFirstAccept: round(of(empty, result => result.cpu)),
    emptySecondsToFirstAccept: round(of(empty, result => result.seconds)),
    emptyMemoryMB: mebibytes(of(empty, result => result.memory)),
    secondsToFill,
  }
}
