/**
 * Processors: what there is, how they are clocked, and where the engine threads go.
 */
import { formatCpuList } from '#engine/placement/cpu-list.ts'
import type { Placement } from '#engine/placement/plan.ts'
import { readText } from '#engine/placement/read-topology.ts'
import { countOf, type Topology } from '#engine/placement/topology.ts'
import { type Finding, findingsOf } from '#engine/tuning/finding.ts'

const finding = findingsOf('processor')

/** Instructions that the scanner has faster code for, in the order of their age. */
const telling = ['ssse3', 'sse4_2', 'popcnt', 'avx2', 'bmi2', 'avx512bw', 'avx512_vbmi']

export interface ProcessorOptions {
  readonly root: string
  readonly topology: Topology
  readonly placement: Placement
  readonly threads: number
}

export function processorFindings({ root, topology, placement, threads }: ProcessorOptions): Finding[] {
  const info = readText(root, 'proc/cpuinfo') ?? ''
  const flags = new Set((/^flags\s*:(.*)$/m.exec(info)?.[1] ?? '').trim().split(/\s+/))
  const model = /^model name\s*:\s*(.*)$/m.exec(info)?.[1] ?? 'not told'
  const known = telling.filter(flag => flags.has(flag))
  return [
    finding('model', model),
    finding('instructions', known.length > 0 ? known.join(', ') : 'not told'),
    finding('layout', layoutOf(topology)),
    ...availability(topology),
    ...governors(root, topology),
    threadsFinding(topology, threads),
    ...placementFindings(placement),
  ]
}

const several = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`

function layoutOf({ cpus }: Topology): string {
  const efficient = countOf(
    cpus.filter(cpu => cpu.efficient),
    cpu => cpu.core,
  )
  const caches = cpus.some(cpu => cpu.l3 !== undefined) ? countOf(cpus, cpu => cpu.l3) : undefined
  return [
    several(cpus.length, 'CPU'),
    several(
      countOf(cpus, cpu => cpu.core),
      'core',
    ) + (efficient > 0 ? `, ${efficient} of them efficient` : ''),
    several(
      countOf(cpus, cpu => cpu.package),
      'package',
    ),
    several(
      countOf(cpus, cpu => cpu.node),
      'NUMA node',
    ),
    ...(caches === undefined ? [] : [several(caches, 'L3 cache')]),
  ].join(', ')
}

function availability({ cpus, allowed, isolated, quota }: Topology): Finding[] {
  const list: Finding[] = []
  if (allowed.length < cpus.length)
    list.push(finding('allowed', `CPU ${formatCpuList(allowed)} of ${cpus.length}`))
  if (isolated.length > 0) list.push(finding('isolated', `CPU ${formatCpuList(isolated)}`))
  if (quota !== undefined)
    list.push(
      finding('time', `${quota} CPUs of time`, {
        sentence: `A cgroup grants ${quota} CPUs of time to ${allowed.length} CPUs: threads stand still within each period. Whole CPUs (a cpuset) are steadier.`,
      }),
    )
  return list
}

/** Drivers whose `powersave` follows the load. */
const selfGoverning = new Set(['intel_pstate', 'amd-pstate-epp'])

function governors(root: string, { cpus }: Topology): Finding[] {
  const names = [...new Set(cpus.map(cpu => cpu.governor).filter(name => name !== undefined))]
  if (names.length === 0) return []
  const driver = readText(root, 'sys/devices/system/cpu/cpu0/cpufreq/scaling_driver') ?? ''
  const slow = names.includes('powersave') && !selfGoverning.has(driver)
  return [
    finding(
      'clock',
      `governor ${names.join(', ')}`,
      slow
        ? {
            sentence: 'The processor stays at its lowest clock.',
            command: 'cpupower frequency-set -g performance',
          }
        : undefined,
    ),
  ]
}

function threadsFinding({ allowed }: Topology, threads: number): Finding {
  const more = threads > allowed.length
  return finding(
    'engine threads',
    String(threads),
    more
      ? {
          sentence: `There are ${allowed.length} CPUs for ${threads} engine threads: they take turns, and each has its own memory. Set threads: 0 in the configuration.`,
        }
      : undefined,
  )
}

function placementFindings(placement: Placement): Finding[] {
  if (placement.kind === 'free')
    return [finding('placement', `wherever the system puts them, for ${placement.why}`)]
  return [
    finding('placement', `each on CPUs of its own, for ${placement.why}`),
    ...placement.threads.map(({ thread, cpus, why }) =>
      finding(`engine thread ${thread}`, `CPU ${formatCpuList(cpus)}: ${why}`),
    ),
  ]
}
