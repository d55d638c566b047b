/**
 * Who else had the cores while something was measured.
 *
 * User, system and stolen time of the machine (/proc/stat) minus that of this process and all that it started. Interrupts are
 * left out, since those of loopback are our own; the kernel threads that write for us stay in (a few hundredths).
 */
import { readFileSync } from 'node:fs'
import { cpuSeconds } from './process-tree.ts'

const ticksPerSecond = 100

/** More than this many cores taken by others, and a measurement is not a quiet one. */
export const quietCores = 0.3

function machineSeconds(): number {
  const [, user, nice, system, , , , , steal] = readFileSync('/proc/stat', 'latin1')
    .split('\n', 1)[0]!
    .split(/ +/)
  return [user, nice, system, steal].reduce((sum, ticks) => sum + Number(ticks ?? 0), 0) / ticksPerSecond
}

const ours = (): number => cpuSeconds(process.pid)

/** `stop` gives the cores that others used since, on average. */
export function watchNeighbours(): { stop(): number } {
  const start = { at: performance.now(), others: machineSeconds() - ours() }
  return {
    stop: () => {
      const seconds = (performance.now() - start.at) / 1_000
      return Math.max(0, (machineSeconds() - ours() - start.others) / seconds)
    },
  }
}
