/**
 * Sluice against Postfix: the same load, in turns, in one run on one machine.
 *
 * Each round starts one peer, warms it up, measures one load, checks that every message is where it must be, and ends it; so the
 * two are never up at once. Figures are medians over rounds, ratios are Sluice over Postfix. A figure of a round stands for
 * nothing if a message is missing, so then the whole run fails.
 */

import type { Owner } from '../test/peers/process.ts'
import { type Contestant, contestants, type Name } from './contestant.ts'
import { mebibytes, median, round } from './measure/figures.ts'
import { cpuSeconds, watchMemory } from './measure/process-tree.ts'
import { progress } from './measure/result.ts'
import { scope } from './measure/scope.ts'

export interface Load {
  readonly messages: number
  readonly sessions: number
  readonly size: number
}

/** One peer made ready: how to load it, and how to be sure of what it did. */
export interface Setting {
  readonly contestant: Contestant
  /** Sends so many messages and resolves when the peer has done all it promises in this claim. */
  load(messages: number): Promise<void>
  /** Throws unless all messages of all loads so far are accounted for. */
  verify(messages: number): Promise<void>
}

interface Round {
  readonly messagesPerSecond: number
  readonly cpuPer1000: number
  readonly memory: number
}

export interface Pair {
  readonly sluice: number
  readonly postfix: number
  readonly ratio: number
}

export interface Comparison {
  readonly messagesPerSecond: Pair
  /** Seconds. */
  readonly cpuPer1000: Pair
  readonly peakMemoryMB: Pair
}

export async function compare(
  load: Load,
  rounds: number,
  prepare: (owner: Owner, name: Name) => Promise<Setting>,
): Promise<Comparison> {
  const measured: Record<Name, Round[]> = { sluice: [], postfix: [] }
  for (let number = 1; number <= rounds; number++) {
    for (const name of contestants) {
      const result = await scope(async owner => measure(await prepare(owner, name), load))
      measured[name].push(result)
      progress(
        `round ${number} ${name.padEnd(7)} ${round(result.messagesPerSecond)} msg/s, ` +
          `${round(result.cpuPer1000)} CPU s/1000, ${mebibytes(result.memory)} MB`,
      )
    }
  }
  const pair = (figure: (round: Round) => number): Pair => {
    const sluice = median(measured.sluice.map(figure))
    const postfix = median(measured.postfix.map(figure))
    return { sluice: round(sluice), postfix: round(postfix), ratio: round(sluice / postfix) }
  }
  return {
    messagesPerSecond: pair(result => result.messagesPerSecond),
    cpuPer1000: pair(result => result.cpuPer1000),
    peakMemoryMB: pair(result => result.memory / 2 ** 20),
  }
}

/** Processes are forked, code is compiled and the client is known before the clock starts. */
const warmUp = (messages: number): number => Math.max(200, Math.ceil(messages / 5))

async function measure(setting: Setting, { messages }: Load): Promise<Round> {
  const { pid } = setting.contestant
  const before = warmUp(messages)
  await setting.load(before)
  const memory = watchMemory(pid)
  const cpu = cpuSeconds(pid)
  const start = performance.now()
  await setting.load(messages)
  const seconds = (performance.now() - start) / 1_000
  const used = cpuSeconds(pid) - cpu
  const peak = memory.stop()
  await setting.verify(before + messages)
  return { messagesPerSecond: messages / seconds, cpuPer1000: (used / messages) * 1_000, memory: peak }
}
