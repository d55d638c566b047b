/** Which engine thread runs where, on machines that are folders. */
import { availableParallelism } from 'node:os'
import fc from 'fast-check'
import t from 'tap'
import { formatCpuList, parseCpuList } from '#engine/placement/cpu-list.ts'
import { type Placement, planPlacement } from '#engine/placement/plan.ts'
import { readTopology } from '#engine/placement/read-topology.ts'
import { countOf } from '#engine/placement/topology.ts'
import { eightCores, hybrid, type Machine, oneCore, twoCores, twoSockets, writeMachine } from './machines.ts'

const on = (t: { testdir(): string }, machine: Machine) => readTopology(writeMachine(t.testdir(), machine))
const cpusOf = (placement: Placement) =>
  placement.kind === 'pinned' ? placement.threads.map(({ cpus }) => formatCpuList(cpus)) : placement.why

t.test('a list of CPUs survives being written and read', async t => {
  t.same(parseCpuList('0-2,5,7-8\n'), [0, 1, 2, 5, 7, 8])
  t.same(parseCpuList(undefined), [])
  t.same(parseCpuList('rubbish,3'), [3])
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300)), cpus => {
      const sorted = cpus.toSorted((left, right) => left - right)
      return JSON.stringify(parseCpuList(formatCpuList(cpus))) === JSON.stringify(sorted)
    }),
  )
})

t.test('with few cores on one node nothing is bound', async t => {
  t.match(
    cpusOf(planPlacement(on(t, oneCore), 1, 'auto')),
    'with 1 core on one node there is nothing to gain',
  )
  t.match(cpusOf(planPlacement(on(t, twoCores), 2, 'auto')), 'with 2 cores on one node')
  t.same(cpusOf(planPlacement(on(t, twoCores), 2, 'cores')), ['1', '0'], 'unless the configuration says so')
})

t.test('each thread has a core before any core has two, and all of its core while it is alone', async t => {
  const topology = on(t, eightCores)
  t.same(cpusOf(planPlacement(topology, 4, 'auto')), ['1,9', '2,10', '3,11', '4,12'])
  t.same(
    cpusOf(planPlacement(topology, 8, 'auto')).at(-1),
    '0,8',
    'the core where interrupts go is taken last',
  )
  t.same(
    cpusOf(planPlacement(topology, 10, 'auto')),
    ['1', '2', '3,11', '4,12', '5,13', '6,14', '7,15', '0,8', '9', '10'],
    'two that share a core have a CPU each',
  )
  t.match(cpusOf(planPlacement(topology, 17, 'auto')), 'more engine threads (17) than CPUs (16)')
  t.equal(cpusOf(planPlacement(topology, 17, 'cores')).length, 17)
})

t.test('the node of the network card comes first', async t => {
  const placement = planPlacement(on(t, twoSockets), 8, 'auto')
  t.same(cpusOf(placement), ['4', '5', '6', '7', '1', '2', '3', '0'])
  t.match(placement, {
    threads: [
      { why: 'a core of its own, node 1, where the network card is' },
      {},
      {},
      {},
      {
        why: 'a core of its own, node 0, away from the network card',
      },
    ],
  })
})

t.test('performance cores come before efficient ones', async t => {
  const topology = on(t, hybrid)
  t.same(cpusOf(planPlacement(topology, 6, 'auto')), ['2-3', '4-5', '6-7', '0-1', '8', '9'])
  t.match(planPlacement(topology, 6, 'auto'), { threads: [{ why: /a performance core/ }] })
  const arm = on(t, { cpus: [0, 1, 2, 3].map(id => ({ core: `${id}`, capacity: id < 2 ? 400 : 1_024 })) })
  t.same(cpusOf(planPlacement(arm, 2, 'auto')), ['2', '3'], 'as told by their capacity, too')
})

t.test('a container gets no CPU that it was not given, and none that others count on', async t => {
  const container = { ...eightCores, files: { '.dockerenv': '' } }
  t.match(cpusOf(planPlacement(on(t, container), 8, 'auto')), 'a container that was given no CPUs of its own')
  const given = on(t, { ...container, allowed: '4-7,12-15' })
  t.same(cpusOf(planPlacement(given, 4, 'auto')), ['4,12', '5,13', '6,14', '7,15'])
  const limited = on(t, {
    ...container,
    allowed: '4-7',
    files: {
      'proc/self/cgroup': '0::/pod/box',
      'sys/fs/cgroup/pod/cpu.max': '150000 100000',
      'sys/fs/cgroup/pod/box/cpu.max': 'max 100000',
    },
  })
  t.equal(limited.quota, 1.5)
  t.match(cpusOf(planPlacement(limited, 4, 'auto')), 'grants 1.5 CPUs of time on 4 CPUs')
})

t.test('off is off', async t => {
  t.same(planPlacement(on(t, twoSockets), 8, 'off'), { kind: 'free', why: 'the configuration says so' })
})

t.test('whatever the machine, each thread has CPUs that are allowed', async t => {
  const machines = [oneCore, twoCores, eightCores, twoSockets, hybrid].map((machine, index) =>
    readTopology(writeMachine(`${t.testdir()}/${index}`, machine)),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...machines),
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.nat(15), { minLength: 1 }),
      (machine, threads, list) => {
        const known = list.filter(cpu => machine.cpus.some(({ id }) => id === cpu))
        if (known.length === 0) return true
        const placement = planPlacement({ ...machine, allowed: known }, threads, 'cores')
        if (placement.kind !== 'pinned' || placement.threads.length !== threads) return false
        const all = placement.threads.flatMap(({ cpus }) => cpus)
        const shared = threads <= new Set(known).size ? all.length === new Set(all).size : true
        return (
          shared &&
          placement.threads.every(({ cpus }) => cpus.length > 0) &&
          all.every(cpu => known.includes(cpu))
        )
      },
    ),
  )
})

t.test('this machine is read without an error', async t => {
  const topology = readTopology()
  t.ok(topology.cpus.length >= 1)
  t.ok(topology.allowed.length >= Math.min(availableParallelism(), topology.allowed.length))
  t.ok(countOf(topology.cpus, cpu => cpu.core) <= topology.cpus.length)
  t.equal(readTopology('/nowhere').cpus.length, 0)
  t.match(cpusOf(planPlacement(readTopology('/nowhere'), 0, 'cores')), 'does not tell')
})
