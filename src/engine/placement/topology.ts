/**
 * The processors of the machine: which cores, threads of cores, caches and NUMA nodes there are, and which of them are ours.
 *
 * A value; who reads it from the machine is `read-topology.ts`.
 */
export interface Topology {
  /** That are online, ascending. */
  readonly cpus: readonly Cpu[]
  /** That this process may use: its mask and the cpuset of its cgroup. */
  readonly allowed: readonly number[]
  /** Set apart from the scheduler (`isolcpus=`); whoever wants one has to ask for it. */
  readonly isolated: readonly number[]
  readonly nics: readonly Nic[]
  /** CPUs' worth of time that a cgroup grants, if it grants less than all. */
  readonly quota?: number
  /** The machine is a container: others may use the same CPUs. */
  readonly container: boolean
}

export interface Cpu {
  readonly id: number
  readonly package: number
  /** The same for all threads of a core, and for no other core. */
  readonly core: string
  /** NUMA node. */
  readonly node: number
  /** The same for all CPUs that share such a cache; undefined when the machine does not tell. */
  readonly l2?: string
  readonly l3?: string
  /** Efficient cores are slower than the performance cores beside them. */
  readonly efficient: boolean
  readonly governor?: string
}

/** A network card: hardware with a driver. */
export interface Nic {
  readonly name: string
  readonly up: boolean
  /** NUMA node it is attached to; undefined when there is none in particular. */
  readonly node?: number
  readonly queues: number
  /** In Mbit/s. */
  readonly speed?: number
}

/** How many different there are. */
export const countOf = <Item>(items: readonly Item[], of: (item: Item) => unknown): number =>
  new Set(items.map(of)).size
