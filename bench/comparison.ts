/**
 * Sluice against Postfix: the same load, in turns, in one run on one machine.
 *
 * Each round starts one peer, warms it up, measures one load, checks that every message is where it must be, and ends it; then the
 * other. The two halves are a pair, and the two are never up at once. A pair is quiet when nobody else used the cores
 * meanwhile; figures are medians over the quiet pairs, over all when none was quiet (`quietPairs` says which). A ratio is the
 * median of the ratios of the pairs, Sluice over Postfix. A figure stands for nothing if a message is missing, so then the
 * whole run fails.
 */
import type { Owner } from '../test/peers/process.ts'
import type { Contestant, Name } from './contestant.ts'
import { mebibytes, median, round } from './measure/figures.ts'
import { quietCores, watchNeighbours } from './measure/neighbours.ts'
import { cpuSeconds, watchMemory } from './measure/process-tree.ts'
import { progress } from './measure/result.ts'
import { scope } from './measure/scope.ts'

export interface Load {
  readonly messages: number
  readonly sessions: number
  readonly size: number
  /** Whether Sluice looks at content, as it does by default. */
  readonly content: boolean
}

/** One peer made ready: how to load it, and how to be sure of what it did. */
export interface Setting {
  readonly contestant: Contestant
  /** Sends so many messages and resolves when the peer has done all it promises in this claim. */
  load(messages: number): Promise<void>
  /** Throws unless all messages of all loads so far are accounted for. */
  verify(messages: number): Promise<void>
}

interface Half {
  /** Cores that others used meanwhile. */
  readonly others: number
  readonly messagesPerSecond: number
  readonly cpuPer1000: number
  readonly memory: number
}

interface Pair {
  readonly sluice: Half
  readonly postfix: Half
}

export interface Figure {
  readonly sluice: number
  readonly postfix: number
  readonly ratio: number
  /** Lowest and highest ratio of the pairs: how far one run can be from the next. */
  readonly ratios: readonly [number, number]
}

export interface Comparison {
  readonly messagesPerSecond: Figure
  /** Seconds. */
  readonly cpuPer1000: Figure
  readonly peakMemoryMB: Figure
  readonly pairs: number
  readonly quietPairs: number
  /** Cores that others used, median over the pairs that the figures are from. */
  readonly othersCores: number
}

export async function compare(
  load: Load,
  rounds: number,
  prepare: (owner: Owner, name: Name) => Promise<Setting>,
): Promise<Comparison> {
  const pairs: Pair[] = []
  for (let number = 1; number <= rounds; number++) {
    const half = (name: Name) => scope(async owner => measure(await prepare(owner, name), load))
    const sluice = await half('sluice')
    report(number, 'sluice', sluice)
    const postfix = await half('postfix')
    report(number, 'postfix', postfix)
    pairs.push({ sluice, postfix })
  }
  return summary(pairs)
}

function report(number: number, name: Name, { messagesPerSecond, cpuPer1000, memory, others }: Half): void {
  progress(
    `round ${number} ${name.padEnd(7)} ${round(messagesPerSecond)} msg/s, ${round(cpuPer1000)} CPU s/1000, ` +
      `${mebibytes(memory)} MB; others used ${others.toFixed(2)} cores`,
  )
}

function summary(pairs: readonly Pair[]): Comparison {
  const quiet = pairs.filter(({ sluice, postfix }) => Math.max(sluice.others, postfix.others) <= quietCores)
  const chosen = quiet.length > 0 ? quiet : pairs
  const figure = (of: (half: Half) => number): Figure => {
    const ratios = chosen.map(({ sluice, postfix }) => of(sluice) / of(postfix))
    return {
      sluice: round(median(chosen.map(({ sluice }) => of(sluice)))),
      postfix: round(median(chosen.map(({ postfix }) => of(postfix)))),
      ratio: round(median(ratios)),
      ratios: [round(Math.min(...ratios)), round(Math.max(...ratios))],
    }
  }
  return {
    messagesPerSecond: figure(half => half.messagesPerSecond),
    cpuPer1000: figure(half => half.cpuPer1000),
    peakMemoryMB: figure(half => half.memory / 2 ** 20),
    pairs: pairs.length,
    quietPairs: quiet.length,
    othersCores: round(median(chosen.map(({ sluice, postfix }) => Math.max(sluice.others, postfix.others)))),
  }
}

/** Processes are forked, code is compiled and the client is known before the clock starts. */
const warmUp = (messages: number): number => Math.max(200, Math.ceil(messages / 5))

async function measure(setting: Setting, { messages }: Load): Promise<Half> {
  const { pid } = setting.contestant
  const before = warmUp(messages)
  await setting.load(before)
  const memory = watchMemory(pid)
  const cpu = cpuSeconds(pid)
  const neighbours = watchNeighbours()
  const start = performance.now()
  await setting.load(messages)
  const seconds = (performance.now() - start) / 1_000
  const used = cpuSeconds(pid) - cpu
  const others = neighbours.stop()
  const peak = memory.stop()
  await setting.verify(before + messages)
  return {
    others,
    messagesPerSecond: messages / seconds,
    cpuPer1000: (used / messages) * 1_000,
    memory: peak,
  }
}
