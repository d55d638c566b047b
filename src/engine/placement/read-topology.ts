/**
 * Reads the topology from /sys and /proc, below a root that tests may choose.
 *
 * Promises: what a machine does not tell (virtual machines hide caches, containers hide more) is absent or has the plainest
 * meaning: one package, one node, each CPU a core. Never an error. Reads some ten small files a CPU, none of a disk.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCpuList } from '#engine/placement/cpu-list.ts'
import type { Cpu, Nic, Topology } from '#engine/placement/topology.ts'

/** Trimmed; undefined when it cannot be read. */
export function readText(...path: readonly string[]): string | undefined {
  try {
    return readFileSync(join(...path), 'utf8').trim()
  } catch {
    return undefined
  }
}

/** A whole number that may be negative; undefined when there is none. */
export function readNumber(...path: readonly string[]): number | undefined {
  const text = readText(...path)
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}

export function listFolder(...path: readonly string[]): readonly string[] {
  try {
    return readdirSync(join(...path)).sort()
  } catch {
    return []
  }
}

export function readTopology(root = '/'): Topology {
  const system = join(root, 'sys/devices/system/cpu')
  const online = parseCpuList(readText(system, 'online'))
  const ids = online.length > 0 ? online : numbered(listFolder(system), 'cpu')
  const nodes = nodesOf(root)
  const efficient = efficientCpus(root, ids)
  const cpus = ids.map(id => readCpu(system, id, nodes.get(id) ?? 0, efficient.has(id)))
  const allowed = allowedCpus(root).filter(cpu => ids.includes(cpu))
  const quota = quotaOf(root)
  return {
    cpus,
    allowed: allowed.length > 0 ? allowed : ids,
    isolated: parseCpuList(readText(system, 'isolated')),
    nics: readNics(root),
    ...(quota !== undefined && quota < ids.length && { quota }),
    container: isContainer(root),
  }
}

/** `node1` among the nodes is 1. */
const numbered = (names: readonly string[], prefix: string): readonly number[] =>
  names
    .filter(name => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map(name => Number(name.slice(prefix.length)))
    .sort((left, right) => left - right)

function nodesOf(root: string): ReadonlyMap<number, number> {
  const folder = join(root, 'sys/devices/system/node')
  const nodes = numbered(listFolder(folder), 'node')
  return new Map(
    nodes.flatMap(node => parseCpuList(readText(folder, `node${node}`, 'cpulist')).map(cpu => [cpu, node])),
  )
}

function readCpu(system: string, id: number, node: number, efficient: boolean): Cpu {
  const topology = join(system, `cpu${id}`, 'topology')
  const pack = Math.max(readNumber(topology, 'physical_package_id') ?? 0, 0)
  const threads = readText(topology, 'core_cpus_list') ?? readText(topology, 'thread_siblings_list')
  const caches = cachesOf(join(system, `cpu${id}`, 'cache'))
  const governor = readText(system, `cpu${id}`, 'cpufreq/scaling_governor')
  return {
    id,
    package: pack,
    core: threads === undefined || threads === '' ? String(id) : threads,
    node,
    ...caches,
    efficient,
    ...(governor !== undefined && { governor }),
  }
}

function cachesOf(folder: string): Pick<Cpu, 'l2' | 'l3'> {
  const caches: { l2?: string; l3?: string } = {}
  for (const index of listFolder(folder).filter(name => name.startsWith('index'))) {
    const level = readNumber(folder, index, 'level')
    const shared = readText(folder, index, 'shared_cpu_list')
    if (shared === undefined) continue
    if (level === 2) caches.l2 = shared
    if (level === 3) caches.l3 = shared
  }
  return caches
}

/** Slower by a fifth at least than the fastest core of the machine. */
const slower = 0.8

function efficientCpus(root: string, ids: readonly number[]): ReadonlySet<number> {
  // Intel names them.
  const atoms = parseCpuList(readText(root, 'sys/devices/cpu_atom/cpus'))
  if (atoms.length > 0) return new Set(atoms)
  const strength = (id: number) => readNumber(root, 'sys/devices/system/cpu', `cpu${id}`, 'cpu_capacity') ?? 0
  const most = Math.max(0, ...ids.map(strength))
  return new Set(ids.filter(id => strength(id) < most * slower))
}

/** Of this process, which has the cpuset of its cgroup in it. */
const allowedCpus = (root: string): readonly number[] =>
  parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(readText(root, 'proc/self/status') ?? '')?.[1])

/** The smallest that any cgroup above this process grants (cgroup v2). */
function quotaOf(root: string): number | undefined {
  const own = /^0::(\/.*)$/m.exec(readText(root, 'proc/self/cgroup') ?? '')?.[1] ?? '/'
  const steps = own.split('/').filter(step => step !== '' && step !== '..')
  const quotas = steps.concat('').map((_, depth) => {
    const limit = readText(root, 'sys/fs/cgroup', ...steps.slice(0, depth), 'cpu.max')
    const [granted, period] = (limit ?? 'max').split(' ').map(Number)
    return granted !== undefined && period !== undefined && period > 0 && Number.isFinite(granted)
      ? granted / period
      : undefined
  })
  const known = quotas.filter(quota => quota !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

const isContainer = (root: string): boolean =>
  ['.dockerenv', 'run/.containerenv', 'run/systemd/container'].some(mark => existsSync(join(root, mark)))

/** Cards with hardware behind them; bridges, tunnels and loopback have none. */
function readNics(root: string): readonly Nic[] {
  const folder = join(root, 'sys/class/net')
  return listFolder(folder)
    .filter(name => existsSync(join(folder, name, 'device')))
    .map(name => {
      const node = readNumber(folder, name, 'device/numa_node')
      const speed = readNumber(folder, name, 'speed')
      return {
        name,
        up: readText(folder, name, 'operstate') === 'up',
        ...(node !== undefined && node >= 0 && { node }),
        queues: listFolder(folder, name, 'queues').filter(queue => queue.startsWith('rx-')).length,
        ...(speed !== undefined && speed > 0 && { speed }),
      }
    })
}
