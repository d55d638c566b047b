/**
 * Finds a host of a next hop that takes our connection.
 *
 * Promises: hosts by preference, at random among equals (RFC 5321 §5.1), each with all its addresses, at most
 * `mostTargets` in one go; a host that is dead for now is passed over while another lives; where TLS is offered but does
 * not work, mail goes in the clear only if the policy is opportunistic (RFC 7435).
 */

import {
  type ConnectFailure,
  type Connection,
  connect,
  type Deadlines,
  leave,
  peerOf,
  type Target,
  type TlsPolicy,
} from '#delivery/connection.ts'
import type { HostMemory } from '#delivery/host-memory.ts'
import { type Host, inOrderOfAttempt } from '#mail/route.ts'

export interface OpenOptions {
  readonly hostname: string
  readonly tls: TlsPolicy
  /** The message must not travel where REQUIRETLS is not offered (RFC 8689 §4.2.1). */
  readonly requireTls: boolean
  readonly authorities?: readonly string[] | undefined
  readonly deadlines: Deadlines
  readonly memory: HostMemory
  readonly random: () => number
}

const mostTargets = 10

/** Resolves with the failure of the last host, preferring one that speaks of TLS: it needs the administrator. */
export async function open(
  hosts: readonly Host[],
  options: OpenOptions,
): Promise<Connection | ConnectFailure> {
  let failure: ConnectFailure | undefined
  for (const target of targetsOf(hosts, options)) {
    const opened = await tryTarget(target, options)
    if (opened.kind === 'connection') return opened
    if (opened.cause === 'host') options.memory.unreachable(peerOf(target))
    if (failure === undefined || failure.cause === 'host') failure = opened
  }
  return failure ?? { kind: 'connect-failure', cause: 'host', text: '4.4.1 no host to try' }
}

function targetsOf(hosts: readonly Host[], { memory, random }: OpenOptions): readonly Target[] {
  const all = inOrderOfAttempt(hosts, random).flatMap(({ name, protocol, addresses, port }) =>
    addresses.map(address => ({ name, protocol, address, port })),
  )
  const alive = all.filter(target => !memory.isUnreachable(peerOf(target)))
  return (alive.length > 0 ? alive : all).slice(0, mostTargets)
}

async function tryTarget(target: Target, options: OpenOptions): Promise<Connection | ConnectFailure> {
  const { hostname, authorities, deadlines, memory, requireTls } = options
  const opportunistic = options.tls === 'opportunistic'
  const tls = opportunistic && memory.hasBrokenTls(peerOf(target)) ? 'off' : options.tls
  let opened = await connect({ target, hostname, tls, authorities, deadlines })
  if (opened.kind === 'connect-failure' && opened.cause === 'handshake' && opportunistic) {
    memory.brokenTls(peerOf(target))
    opened = await connect({ target, hostname, tls: 'off', authorities, deadlines })
  }
  if (opened.kind === 'connection' && requireTls && !opened.features.requireTls) {
    leave(opened)
    const text = `5.7.30 ${opened.peer} does not offer REQUIRETLS, which the sender asked for`
    return { kind: 'connect-failure', cause: 'encryption', text }
  }
  return opened
}
