/**
 * Hosts for a domain out of DNS (RFC 5321 §5): MX by preference, else the address of the domain itself.
 *
 * Promises: a domain that wants no mail (RFC 7505) or does not exist fails at once, trouble with DNS fails for now; of
 * hosts that are ourselves, they and all that are no better are left out; no answer leads to a network that
 * `delivery.mxIgnore` names; at most 20 hosts and 16 addresses come of it.
 */
import type { BlockList } from 'node:net'
import { isIPv6 } from 'node:net'
import type { Host, Route, RouteFailure } from '#mail/route.ts'
import type { Lookup, MxRecord, Resolver } from '#network/resolver.ts'
import type { Ourselves } from '#routing/ourselves.ts'

const maxAddresses = 16

export interface MxSurroundings {
  readonly resolver: Resolver
  readonly ourselves: Ourselves
  readonly ignored: BlockList
  readonly port: number
}

export const failed = (permanent: boolean, reason: RouteFailure, text: string): Route => ({
  kind: 'failed',
  permanent,
  reason,
  text,
})

export async function routeByMx(domain: string, around: MxSurroundings): Promise<Route> {
  const answer = await around.resolver.mx(domain)
  if (answer.kind === 'missing')
    return failed(true, 'domain-unknown', `5.1.2 the domain ${domain} does not exist`)
  if (answer.kind === 'failed')
    return failed(false, 'dns-failed', `4.4.3 DNS lookup of MX for ${domain} failed: ${answer.detail}`)
  // RFC 5321 §5.1: without MX the domain is its own host. An MX that cannot be used never falls back to this.
  if (answer.kind === 'empty') return toHosts(domain, [{ exchange: domain, preference: 0 }], around)
  const hosts = answer.records.filter(({ exchange }) => exchange !== '')
  // RFC 7505 §4.2
  if (hosts.length === 0)
    return failed(true, 'null-mx', `556 5.1.10 the domain ${domain} does not accept mail`)
  return toHosts(domain, hosts, around)
}

async function toHosts(domain: string, records: readonly MxRecord[], around: MxSurroundings): Promise<Route> {
  const answers = await Promise.all(records.map(({ exchange }) => around.resolver.addresses(exchange)))
  const limit = ourPreference(records, answers, around)
  const hosts: Host[] = []
  let ignored = 0
  let room = maxAddresses
  for (const [index, { exchange, preference }] of records.entries()) {
    const answer = answers[index]!
    if (preference >= limit || answer.kind !== 'found') continue
    const usable = answer.records.filter(address => !isIgnored(around.ignored, address)).slice(0, room)
    ignored += usable.length === 0 ? 1 : 0
    room -= usable.length
    if (usable.length > 0)
      hosts.push({ name: exchange, protocol: 'smtp', addresses: usable, port: around.port, preference })
  }
  if (hosts.length === 0) return noHosts(domain, answers, limit, ignored)
  const key = hosts.map(({ name, preference }) => `${preference}:${name}`).join(',')
  return { kind: 'hosts', hosts, key: `mx ${key}` }
}

/** RFC 5321 §5.1: from the preference on at which we are listed ourselves, hosts would send the mail back to us. */
function ourPreference(
  records: readonly MxRecord[],
  answers: readonly Lookup<string>[],
  { ourselves, port }: MxSurroundings,
): number {
  let limit = Number.POSITIVE_INFINITY
  for (const [index, { exchange, preference }] of records.entries()) {
    const answer = answers[index]!
    const ours =
      ourselves.named(exchange) ||
      (answer.kind === 'found' && answer.records.some(address => ourselves.at(address, port)))
    if (ours) limit = Math.min(limit, preference)
  }
  return limit
}

function noHosts(domain: string, answers: readonly Lookup<string>[], limit: number, ignored: number): Route {
  const failure = answers.find(answer => answer.kind === 'failed')
  if (limit < Number.POSITIVE_INFINITY)
    return failed(true, 'loop', `5.4.6 mail for ${domain} would come back to this host`)
  if (failure !== undefined)
    return failed(
      false,
      'dns-failed',
      `4.4.3 DNS lookup of a mail host of ${domain} failed: ${failure.detail}`,
    )
  if (ignored > 0)
    return failed(
      true,
      'address-ignored',
      `5.4.4 all mail hosts of ${domain} have addresses that no mail is sent to (delivery.mxIgnore)`,
    )
  return failed(true, 'no-address', `5.4.4 no mail host of ${domain} has an address`)
}

export const isIgnored = (ignored: BlockList, address: string): boolean =>
  ignored.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
