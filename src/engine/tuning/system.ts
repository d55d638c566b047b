/**
 * Limits of the process and the clock.
 */
import type { Configuration } from '#config/schema.ts'
import { readText } from '#engine/placement/read-topology.ts'
import { type Finding, findingsOf, firstOf } from '#engine/tuning/finding.ts'

const finding = findingsOf('system')

/** Files of the spool and of tracking, sockets of operators, and some air. */
const otherFiles = 1_024

export function systemFindings(root: string, { limits, delivery }: Configuration): Finding[] {
  const open = /^Max open files\s+(\S+)\s+(\S+)/m.exec(readText(root, 'proc/self/limits') ?? '')
  const hard = open?.[2] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(open?.[2] ?? Number.NaN)
  const wanted = limits.connections.total + delivery.concurrency + otherFiles
  const source = readText(root, 'sys/devices/system/clocksource/clocksource0/current_clocksource')
  const list: Finding[] = []
  if (!Number.isNaN(hard))
    list.push(
      finding(
        'open files',
        `at most ${open![2]}`,
        firstOf(
          hard < wanted && {
            sentence: `The configuration allows ${limits.connections.total} connections in and ${delivery.concurrency} out, which need ${wanted}. Raise it where the service is started, or lower limits.connections.total.`,
            command: `systemctl set-property --runtime sluice.service LimitNOFILE=${wanted} || ulimit -n ${wanted}`,
          },
        ),
      ),
    )
  if (source !== undefined)
    list.push(
      finding(
        'clock',
        source,
        firstOf(
          ['hpet', 'acpi_pm', 'jiffies'].includes(source) && {
            sentence: 'Each look at this clock is a call into the kernel or slower.',
            command: 'echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource',
          },
        ),
      ),
    )
  return list
}
