/**
 * Network cards and the limits of the network stack that a mail server meets.
 */
import { join } from 'node:path'
import { listFolder, readNumber, readText } from '#engine/placement/read-topology.ts'
import { countOf, type Nic, type Topology } from '#engine/placement/topology.ts'
import { type Finding, findingsOf, firstOf } from '#engine/tuning/finding.ts'

const finding = findingsOf('network')

/** Of the listeners: what Node asks for where nobody says otherwise. */
const backlog = 511

export function networkFindings(root: string, topology: Topology): Finding[] {
  return [...topology.nics.map(nic => nicFinding(root, nic, topology)), ...limits(root)]
}

function nicFinding(root: string, nic: Nic, topology: Topology): Finding {
  const nodes = countOf(topology.cpus, cpu => cpu.node)
  const steered = listFolder(root, 'sys/class/net', nic.name, 'queues').some(queue =>
    /[1-9a-f]/.test(readText(root, 'sys/class/net', nic.name, 'queues', queue, 'rps_cpus') ?? ''),
  )
  const cpus = topology.allowed.length
  return finding(
    nic.name,
    [
      nic.up ? 'up' : 'down',
      ...(nic.speed === undefined ? [] : [`${nic.speed} Mbit/s`]),
      `${nic.queues} ${nic.queues === 1 ? 'queue' : 'queues'}`,
      ...(steered ? ['spread over CPUs by software'] : []),
      ...(nodes > 1 && nic.node !== undefined ? [`at node ${nic.node}`] : []),
    ].join(', '),
    firstOf(
      nic.up &&
        nic.queues === 1 &&
        !steered &&
        cpus >= 8 && {
          sentence: `One CPU takes in the packets for ${cpus}. If the card has more queues, use them; else spread its packets by software.`,
          command: `ethtool -L ${nic.name} combined ${cpus} || echo ${maskOf(cpus)} > ${join('/sys/class/net', nic.name, 'queues/rx-0/rps_cpus')}`,
        },
    ),
  )
}

/** The first CPUs as the kernel writes masks: 32 a group. */
function maskOf(cpus: number): string {
  const groups: string[] = []
  for (let left = cpus; left > 0; left -= 32) groups.unshift((2 ** Math.min(left, 32) - 1).toString(16))
  return groups.join(',')
}

function limits(root: string): Finding[] {
  const number = (name: string) => readNumber(root, 'proc/sys/net', name)
  const somaxconn = number('core/somaxconn')
  const synBacklog = number('ipv4/tcp_max_syn_backlog')
  const cookies = number('ipv4/tcp_syncookies')
  const ports = readText(root, 'proc/sys/net/ipv4/ip_local_port_range')
  const [first, last] = (ports ?? '').split(/\s+/).map(Number)
  const room = first !== undefined && last !== undefined ? last - first + 1 : undefined
  const list: Finding[] = []
  if (somaxconn !== undefined)
    list.push(
      finding(
        'net.core.somaxconn',
        String(somaxconn),
        firstOf(
          somaxconn < backlog && {
            sentence: `Connections that wait to be accepted are turned away beyond ${somaxconn} a listener.`,
            command: 'sysctl -w net.core.somaxconn=4096',
          },
        ),
      ),
    )
  if (synBacklog !== undefined && cookies !== undefined)
    list.push(
      finding(
        'handshakes',
        `net.ipv4.tcp_max_syn_backlog ${synBacklog}, tcp_syncookies ${cookies}`,
        firstOf(
          cookies === 0 && {
            sentence: 'A flood of half-open connections keeps everybody out.',
            command: 'sysctl -w net.ipv4.tcp_syncookies=1',
          },
        ),
      ),
    )
  if (room !== undefined)
    list.push(
      finding(
        'local ports',
        `${first} to ${last}`,
        firstOf(
          room < 16_384 && {
            sentence: `Only ${room} connections to one next hop can be open or closing at a time.`,
            command: 'sysctl -w net.ipv4.ip_local_port_range="16384 60999"',
          },
        ),
      ),
    )
  return list
}
