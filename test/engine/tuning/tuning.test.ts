/** `sluice tune` on machines that are folders, and on this one. */
import t from 'tap'
import { tell } from '#commands/tune.ts'
import { loadConfiguration } from '#config/load.ts'
import { mountOf } from '#engine/tuning/disk.ts'
import type { Finding } from '#engine/tuning/finding.ts'
import { formatOctets } from '#engine/tuning/finding.ts'
import { inspectMachine } from '#engine/tuning/tuning.ts'
import { sluiceCommand } from '../../peers/sluice.ts'
import { eightCores, type Machine, twoCores, writeMachine } from '../placement/machines.ts'

async function inspect(t: { testdir(): string }, machine: Machine, threads = 2) {
  const root = writeMachine(t.testdir(), machine)
  const loaded = await loadConfiguration()
  if (loaded.kind !== 'ok') throw new Error('the defaults are no configuration')
  return inspectMachine({ configuration: loaded.configuration, threads, data: '/', root })
}

const named = (findings: readonly Finding[], name: string) => findings.find(finding => finding.name === name)

/** A machine on which everything is wrong that a folder can say. */
const bad: Machine = {
  ...twoCores,
  cpus: Array.from({ length: 16 }, (_, id) => ({ core: `${id}` })),
  nics: [{ name: 'eth0', queues: 1 }],
  files: {
    'proc/meminfo': 'MemTotal: 300000 kB\nMemAvailable: 100000 kB\nSwapTotal: 1000000 kB',
    'proc/sys/vm/swappiness': '60',
    'proc/sys/net/core/somaxconn': '128',
    'proc/sys/net/ipv4/tcp_max_syn_backlog': '128',
    'proc/sys/net/ipv4/tcp_syncookies': '0',
    'proc/sys/net/ipv4/ip_local_port_range': '60000\t61000',
    'proc/self/limits': 'Max open files            1024                 1024                 files',
    'proc/self/mountinfo': '26 1 254:0 / / rw,relatime - ext4 /dev/sda1 rw,nobarrier',
    'sys/kernel/mm/transparent_hugepage/enabled': 'always madvise [never]',
    'sys/devices/system/clocksource/clocksource0/current_clocksource': 'acpi_pm',
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave',
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_driver': 'acpi-cpufreq',
  },
}

t.test('what is wrong is told with what it means and the command that mends it', async t => {
  const { findings } = await inspect(t, bad, 20)
  for (const [name, command] of [
    ['clock', 'cpupower frequency-set -g performance'],
    ['swap', 'sysctl -w vm.swappiness=10'],
    ['transparent huge pages', 'echo madvise > /sys/kernel/mm/transparent_hugepage/enabled'],
    ['file system', 'mount -o remount,barrier=1 /'],
    ['eth0', 'ethtool -L eth0 combined 16 || echo ffff > /sys/class/net/eth0/queues/rx-0/rps_cpus'],
    ['net.core.somaxconn', 'sysctl -w net.core.somaxconn=4096'],
    ['handshakes', 'sysctl -w net.ipv4.tcp_syncookies=1'],
    ['local ports', 'sysctl -w net.ipv4.ip_local_port_range="16384 60999"'],
    ['open files', /LimitNOFILE=\d+/],
  ] as const)
    t.match(named(findings, name)?.advice, { sentence: /\.$/, command }, name)
  t.match(named(findings, 'memory')?.advice?.sentence, /20 engine threads want/)
  t.match(named(findings, 'engine threads')?.advice?.sentence, /16 CPUs for 20 engine threads/)
  t.match(tell(findings), /^! swap .*\n {4}The system swaps early.*\n {4}# sysctl -w vm.swappiness=10$/m)
})

t.test('a machine that is as it should be hears nothing', async t => {
  const { findings, placement } = await inspect(t, eightCores, 8)
  t.equal(placement.kind, 'pinned')
  t.match(named(findings, 'layout')?.value, '16 CPUs, 8 cores, 1 package, 1 NUMA node, 1 L3 cache')
  t.match(named(findings, 'engine thread 0')?.value, 'CPU 1,9: a core of its own')
  const about = findings.filter(
    ({ area, advice }) => area !== 'disk' && area !== 'scanner' && advice !== undefined,
  )
  t.same(about, [])
})

t.test('a folder belongs to the last and longest mount above it', async t => {
  const mounts = [
    '1 0 8:1 / / rw - ext4 /dev/sda1 rw',
    '2 1 8:2 / /var rw - xfs /dev/sda2 rw',
    '3 1 0:9 / /var/lib\\040x rw - tmpfs tmpfs rw',
    '4 1 8:3 / /var rw - btrfs /dev/sda3 rw',
  ].join('\n')
  t.equal(mountOf(mounts, '/var/spool')?.type, 'btrfs')
  t.equal(mountOf(mounts, '/var/lib x/y')?.type, 'tmpfs')
  t.equal(mountOf(mounts, '/variable')?.type, 'ext4')
  t.equal(mountOf('rubbish', '/'), undefined)
})

t.test('octets are told in units that fit', async t => {
  t.same([0, 1_023, 1_024, 1_536 * 1_024, 2 ** 34].map(formatOctets), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 MiB',
    '16 GiB',
  ])
})

t.test('the command tells people and programs of this machine', async t => {
  const data = t.testdir()
  const told = await sluiceCommand('tune', '--data', data)
  t.equal(told.code, 0, told.errors)
  for (const area of ['processor', 'scanner', 'memory', 'disk', 'system'])
    t.match(told.output, new RegExp(`^${area}$`, 'm'))
  const json = await sluiceCommand('tune', '--json', '--data', data)
  const report = JSON.parse(json.output)
  t.ok(report.topology.cpus.length > 0)
  t.match(report.placement.kind, /^(free|pinned)$/)
  t.ok(report.findings.every((finding: Finding) => finding.name !== '' && finding.value !== ''))
  t.equal((await sluiceCommand('tune', 'extra')).code, 2)
})
