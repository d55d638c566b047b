/**
 * Memory: how much there is, what of it is swap, and whether large tables get large pages.
 */
import { readNumber, readText } from '#engine/placement/read-topology.ts'
import { type Finding, findingsOf, firstOf, formatOctets } from '#engine/tuning/finding.ts'

const finding = findingsOf('memory')

/** An engine thread with 100 sessions, its share of the queue, and the scanner beside it. */
const perThread = 192 * 2 ** 20
const basis = 256 * 2 ** 20

export function memoryFindings(root: string, threads: number): Finding[] {
  const info = readText(root, 'proc/meminfo') ?? ''
  const octets = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(info)?.[1] ?? 0) * 1_024
  const [total, available, swap] = [octets('MemTotal'), octets('MemAvailable'), octets('SwapTotal')]
  const wanted = basis + threads * perThread
  return [
    finding(
      'memory',
      `${formatOctets(total)}, ${formatOctets(available)} available`,
      total > 0 && total < wanted
        ? {
            sentence: `${threads} engine threads want ${formatOctets(wanted)}. Add memory, or set fewer threads in the configuration.`,
          }
        : undefined,
    ),
    ...(swap > 0 ? [swapFinding(root, swap)] : []),
    ...pages(root),
  ]
}

function swapFinding(root: string, swap: number): Finding {
  const swappiness = readNumber(root, 'proc/sys/vm/swappiness')
  return finding(
    'swap',
    `${formatOctets(swap)}, swappiness ${swappiness ?? 'not told'}`,
    firstOf(
      swappiness !== undefined &&
        swappiness > 30 && {
          sentence:
            'The system swaps early, and an engine thread that waits for swap holds all of its sessions up.',
          command: 'sysctl -w vm.swappiness=10',
        },
    ),
  )
}

/** The native core asks for large pages for tables of weights (madvise). */
function pages(root: string): Finding[] {
  const enabled = readText(root, 'sys/kernel/mm/transparent_hugepage/enabled')
  const chosen = /\[(\w+)\]/.exec(enabled ?? '')?.[1]
  if (chosen === undefined) return []
  return [
    finding(
      'transparent huge pages',
      chosen,
      firstOf(
        chosen === 'never' && {
          sentence: 'Look-ups in the spam model wait for small pages.',
          command: 'echo madvise > /sys/kernel/mm/transparent_hugepage/enabled',
        },
      ),
    ),
  ]
}
