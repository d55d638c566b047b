/**
 * What a peer costs: processor time and memory of a process and everything below it.
 *
 * CPU is user + system time of every live process of the tree plus that of children it has waited for
 * (`utime + stime + cutime + cstime` of /proc/PID/stat). A process that ended is in the sums of its parent, so the many
 * short-lived processes of Postfix count as fully as the threads of Sluice. Work of the kernel outside any process (journal
 * commit, write-back, softirq of loopback) is counted for nobody. Resolution: one clock tick (10 ms) per process.
 * Memory is the sum of PSS (proportional set size): pages shared by several processes count once, page cache not at all.
 * Linux only.
 */
import { readdirSync, readFileSync } from 'node:fs'

// Linux reports times in /proc in 1/100 s to user space on every architecture that Sluice runs on (USER_HZ).
const ticksPerSecond = 100

interface ProcessStat {
  readonly parent: number
  readonly ticks: number
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may hold anything; numbers begin after the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { parent: Number(fields[1]), ticks }
  } catch {
    return undefined
  }
}

/** Pids of the process and of all its descendants that are alive. */
export function processTree(root: number): ReadonlyMap<number, ProcessStat> {
  const all = new Map<number, ProcessStat>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined
    if (stat) all.set(Number(name), stat)
  }
  const belongs = (pid: number): boolean =>
    pid === root || (all.has(pid) && pid > 1 && belongs(all.get(pid)!.parent))
  return new Map([...all].filter(([pid]) => belongs(pid)))
}

/** Seconds of CPU that the tree has used since it was started. */
export function cpuSeconds(root: number): number {
  let ticks = 0
  for (const stat of processTree(root).values()) ticks += stat.ticks
  return ticks / ticksPerSecond
}

/** Octets of memory of the tree at this moment. */
export function memoryOctets(root: number): number {
  let octets = 0
  for (const pid of processTree(root).keys()) octets += proportionalSetSize(pid)
  return octets
}

function proportionalSetSize(pid: number): number {
  try {
    const [, kibibytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? []
    return Number(kibibytes ?? 0) * 1_024
  } catch {
    return 0
  }
}

/** Samples memory every `milliseconds` until `stop`, which gives the highest sample. */
export function watchMemory(root: number, milliseconds = 500): { stop(): number } {
  let peak = memoryOctets(root)
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOctets(root))
  }, milliseconds)
  return {
    stop: () => {
      clearInterval(timer)
      return Math.max(peak, memoryOctets(root))
    },
  }
}
