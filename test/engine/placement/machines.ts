/**
 * Machines as folders: what /sys and /proc of a computer say of its processors, written below a folder of the test.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface MachineCpu {
  readonly core: string
  readonly package?: number
  readonly l3?: string
  readonly capacity?: number
}

export interface Machine {
  readonly cpus: readonly MachineCpu[]
  /** CPUs of each NUMA node, as lists. */
  readonly nodes?: readonly string[]
  readonly allowed?: string
  readonly efficient?: string
  readonly nics?: readonly { name: string; node?: number; up?: boolean; queues?: number }[]
  /** Anything else, path to content. */
  readonly files?: Readonly<Record<string, string>>
}

export function writeMachine(root: string, machine: Machine): string {
  const write = (path: string, content: string) => {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${content}\n`)
  }
  const system = 'sys/devices/system/cpu'
  write(`${system}/online`, `0-${machine.cpus.length - 1}`)
  write(`${system}/isolated`, '')
  for (const [id, cpu] of machine.cpus.entries()) {
    write(`${system}/cpu${id}/topology/core_cpus_list`, cpu.core)
    write(`${system}/cpu${id}/topology/physical_package_id`, String(cpu.package ?? 0))
    if (cpu.capacity !== undefined) write(`${system}/cpu${id}/cpu_capacity`, String(cpu.capacity))
    if (cpu.l3 === undefined) continue
    write(`${system}/cpu${id}/cache/index3/level`, '3')
    write(`${system}/cpu${id}/cache/index3/shared_cpu_list`, cpu.l3)
  }
  for (const [node, list] of (machine.nodes ?? []).entries())
    write(`sys/devices/system/node/node${node}/cpulist`, list)
  if (machine.efficient !== undefined) write('sys/devices/cpu_atom/cpus', machine.efficient)
  for (const { name, node, up, queues } of machine.nics ?? []) {
    write(`sys/class/net/${name}/device/numa_node`, String(node ?? -1))
    write(`sys/class/net/${name}/operstate`, up === false ? 'down' : 'up')
    for (let queue = 0; queue < (queues ?? 1); queue++)
      write(`sys/class/net/${name}/queues/rx-${queue}/rps_cpus`, '00')
  }
  write(
    'proc/self/status',
    `Name:\tnode\nCpus_allowed_list:\t${machine.allowed ?? `0-${machine.cpus.length - 1}`}`,
  )
  for (const [path, content] of Object.entries(machine.files ?? {})) write(path, content)
  return root
}

const repeat = (count: number, of: (id: number) => MachineCpu): MachineCpu[] =>
  Array.from({ length: count }, (_, id) => of(id))

export const oneCore: Machine = { cpus: repeat(1, id => ({ core: `${id}` })) }
export const twoCores: Machine = { cpus: repeat(2, id => ({ core: `${id}` })) }

/** Eight cores with two threads each: 0 and 8, 1 and 9… */
export const eightCores: Machine = {
  cpus: repeat(16, id => ({ core: `${id % 8},${(id % 8) + 8}`, l3: '0-15' })),
  nodes: ['0-15'],
  nics: [{ name: 'eth0', queues: 8 }],
}

/** Two sockets of four cores, without threads; the network card hangs on the second. */
export const twoSockets: Machine = {
  cpus: repeat(8, id => ({ core: `${id}`, package: id < 4 ? 0 : 1, l3: id < 4 ? '0-3' : '4-7' })),
  nodes: ['0-3', '4-7'],
  nics: [
    { name: 'ens1', node: 1 },
    { name: 'ens2', node: 0, up: false },
  ],
}

/** A desktop: four performance cores with two threads each (0–7), eight efficient ones (8–15). */
export const hybrid: Machine = {
  cpus: repeat(16, id => ({ core: id < 8 ? `${id - (id % 2)}-${id - (id % 2) + 1}` : `${id}` })),
  efficient: '8-15',
}
