/**
 * Which engine thread runs on which CPU, and why: a pure function of the topology.
 *
 * - One thread a physical core first, on its other threads only when the cores are used up: two threads of a core share
 *   its execution units and first caches.
 * - Performance cores before efficient ones, and cores near the network card before those of other nodes.
 * - The core of the first CPU comes last of its kind: interrupts and the main thread are there.
 * - A thread that has its core alone may use all CPUs of the core.
 * Promises: only allowed CPUs; the same answer for the same topology; `auto` pins only where there is something to gain (several
 * nodes, or four cores and more, so that threads wander between caches) and nobody else counts on the same CPUs.
 */
import { formatCpuList } from '#engine/placement/cpu-list.ts'
import { type Cpu, countOf, type Topology } from '#engine/placement/topology.ts'

/** `auto`: where it helps. `cores`: in any case. */
export type PlacementWish = 'auto' | 'cores' | 'off'

export interface ThreadPlace {
  readonly thread: number
  readonly cpus: readonly number[]
  /** A sentence without its full stop. */
  readonly why: string
}

export type Placement =
  | { readonly kind: 'pinned'; readonly why: string; readonly threads: readonly ThreadPlace[] }
  /** The system decides. */
  | { readonly kind: 'free'; readonly why: string }

interface Core {
  readonly cpus: readonly Cpu[]
  readonly first: Cpu
  /** The network card is on its node, or on none in particular. */
  readonly near: boolean
  /** It has the first CPU of the machine. */
  readonly busy: boolean
}

const enoughCores = 4

export function planPlacement(topology: Topology, threads: number, wish: PlacementWish): Placement {
  const cores = coresOf(topology)
  const reason = wish === 'cores' ? undefined : reasonToLeave(topology, cores, threads, wish)
  if (reason !== undefined) return { kind: 'free', why: reason }
  const turns = turnsOf(cores)
  if (turns.length === 0) return { kind: 'free', why: 'the system does not tell which CPUs there are' }
  const places = Array.from({ length: threads }, (_, thread) => turns[thread % turns.length]!)
  const taken = places.map(turn => turn.core)
  return {
    kind: 'pinned',
    why:
      wish === 'cores'
        ? 'the configuration says so'
        : `${threads} engine threads have ${cores.length} cores to themselves`,
    threads: places.map(({ core, cpu }, thread) => {
      const alone = taken.filter(other => other === core).length === 1
      return {
        thread,
        cpus: alone ? core.cpus.map(({ id }) => id) : [cpu.id],
        why: sentence(core, alone, topology),
      }
    }),
  }
}

function reasonToLeave(
  topology: Topology,
  cores: readonly Core[],
  threads: number,
  wish: PlacementWish,
): string | undefined {
  const { allowed, cpus, container, quota } = topology
  if (wish === 'off') return 'the configuration says so'
  if (threads > allowed.length)
    return `there are more engine threads (${threads}) than CPUs (${allowed.length})`
  if (quota !== undefined)
    return `a cgroup grants ${quota} CPUs of time on ${allowed.length} CPUs, which others use as well`
  if (container && allowed.length === cpus.length)
    return 'this is a container that was given no CPUs of its own; others may use the same'
  const nodes = countOf(cores, core => core.first.node)
  if (nodes > 1 || cores.length >= enoughCores) return undefined
  return `with ${cores.length} ${cores.length === 1 ? 'core' : 'cores'} on one node there is nothing to gain`
}

/** In the order in which they are taken. */
function coresOf(topology: Topology): readonly Core[] {
  const { cpus, allowed } = topology
  const nodes = new Set(topology.nics.filter(nic => nic.up).map(nic => nic.node))
  const anywhere = nodes.size === 0 || nodes.has(undefined)
  const groups = Map.groupBy(
    cpus.filter(cpu => allowed.includes(cpu.id)),
    cpu => cpu.core,
  )
  const cores = [...groups.values()].map((group): Core => {
    const first = group[0]!
    return {
      cpus: group,
      first,
      near: anywhere || nodes.has(first.node),
      busy: group.some(cpu => cpu.id === cpus[0]!.id),
    }
  })
  return cores.toSorted(
    (left, right) =>
      Number(left.first.efficient) - Number(right.first.efficient) ||
      Number(right.near) - Number(left.near) ||
      Number(left.busy) - Number(right.busy) ||
      left.first.id - right.first.id,
  )
}

interface Turn {
  readonly core: Core
  readonly cpu: Cpu
}

/** The first CPU of every core, then the second of those that have one… */
function turnsOf(cores: readonly Core[]): readonly Turn[] {
  const most = Math.max(0, ...cores.map(core => core.cpus.length))
  return Array.from({ length: most }, (_, round) =>
    cores.flatMap(core => (core.cpus[round] === undefined ? [] : [{ core, cpu: core.cpus[round] }])),
  ).flat()
}

function sentence(core: Core, alone: boolean, topology: Topology): string {
  const { cpus, allowed } = topology
  const nodes = countOf(
    cpus.filter(cpu => allowed.includes(cpu.id)),
    cpu => cpu.node,
  )
  const kinds = countOf(cpus, cpu => cpu.efficient)
  const pieces = [
    alone
      ? core.cpus.length > 1
        ? `a core of its own, with its threads ${formatCpuList(core.cpus.map(({ id }) => id))}`
        : 'a core of its own'
      : 'it shares a core',
    ...(kinds > 1 ? [core.first.efficient ? 'an efficient core' : 'a performance core'] : []),
    ...(nodes > 1
      ? [`node ${core.first.node}, ${core.near ? 'where the network card is' : 'away from the network card'}`]
      : []),
  ]
  return pieces.join(', ')
}
