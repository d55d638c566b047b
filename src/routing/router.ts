/**
 * Finds the way for a domain: what the configuration says of it, or what DNS says.
 *
 * Promises: `route` never rejects; mail for a static next hop that is ourselves waits for the administrator instead of going in circles.
 * Leaves out: order among equal hosts and what to do about dead ones (`delivery/`).
 */

import { BlockList, isIP, isIPv6 } from 'node:net'
import { join } from 'node:path'
import { type NextHop, nextHop as parseNextHop, writeNextHop } from '#config/grammar/next-hop.ts'
import type { Configuration } from '#config/schema.ts'
import type { Host, Route, Router } from '#mail/route.ts'
import type { Resolver } from '#network/resolver.ts'
import { failed, isIgnored, type MxSurroundings, routeByMx } from '#routing/mx.ts'
import { createOurselves } from '#routing/ourselves.ts'

type StaticHop = Exclude<NextHop, { kind: 'capture' | 'mx' }>

/** `configuration.hostname` must be set: the name that we greet with. */
export function createRouter(configuration: Configuration, resolver: Resolver): Router {
  const hops = new Map<string, readonly NextHop[]>()
  for (const [domain, { nextHop }] of Object.entries(configuration.domains))
    if (nextHop !== undefined) hops.set(domain, parse(nextHop))
  const otherwise = hops.get('*') ?? parse(configuration.nextHop)
  const around: MxSurroundings = {
    resolver,
    ourselves: createOurselves(configuration.hostname ?? '', listenersOf(configuration)),
    ignored: blockListOf(configuration.delivery.mxIgnore),
    port: configuration.delivery.mxPort,
  }
  const askSystem = configuration.delivery.dns.length === 0
  const capture: Route = { kind: 'capture', directory: join(configuration.data, 'capture') }

  return {
    async route(domain) {
      const entries = hops.get(domain) ?? otherwise
      if (entries[0]!.kind === 'capture') return capture
      if (entries[0]!.kind === 'mx')
        return domain.startsWith('[') ? routeToLiteral(domain, around) : routeByMx(domain, around)
      return routeToStatic(domain, entries.filter(isStatic), around, askSystem)
    },
  }
}

const isStatic = (hop: NextHop): hop is StaticHop => hop.kind !== 'capture' && hop.kind !== 'mx'

/** The configuration was checked: `capture` and `mx` stand alone, every text is a next hop. */
const parse = (nextHop: string | readonly string[]): readonly NextHop[] =>
  (typeof nextHop === 'string' ? [nextHop] : nextHop).map(parseNextHop)

const listenersOf = ({ zones }: Configuration) => [...zones.outside.listen, ...zones.inside.listen]

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return list
}

/** RFC 5321 §4.1.3: `[192.0.2.1]` or `[IPv6:2001:db8::1]`, reached without DNS. */
function routeToLiteral(domain: string, { ourselves, ignored, port }: MxSurroundings): Route {
  const address = domain.slice(1, -1).replace(/^ipv6:/i, '')
  if (isIP(address) === 0) return failed(true, 'domain-unknown', `5.1.2 ${domain} is not an IP address`)
  if (ourselves.at(address, port))
    return failed(true, 'loop', `5.4.6 mail for ${domain} would come back to this host`)
  if (isIgnored(ignored, address))
    return failed(
      true,
      'address-ignored',
      `5.4.4 no mail is sent to the address ${domain} (delivery.mxIgnore)`,
    )
  const host: Host = { name: address, protocol: 'smtp', addresses: [address], port, preference: 0 }
  return { kind: 'hosts', hosts: [host], key: `literal ${address}` }
}

async function routeToStatic(
  domain: string,
  entries: readonly StaticHop[],
  around: MxSurroundings,
  askSystem: boolean,
): Promise<Route> {
  const found = await Promise.all(entries.map(hop => addressesOf(hop, around.resolver, askSystem)))
  const hosts: Host[] = []
  const problems: string[] = []
  let looped = false
  for (const [preference, hop] of entries.entries()) {
    const addresses = found[preference]!
    if (typeof addresses === 'string') problems.push(addresses)
    else {
      const host = hostOf(hop, addresses, preference)
      const others = addresses.filter(address => !around.ourselves.at(address, host.port))
      looped ||= others.length < addresses.length
      if (others.length > 0) hosts.push({ ...host, addresses: others })
    }
  }
  if (hosts.length > 0) return { kind: 'hosts', hosts, key: entries.map(writeNextHop).join(',') }
  if (looped) return failed(false, 'loop', `4.4.6 the next hop of ${domain} is this gateway itself`)
  return failed(false, 'dns-failed', `4.4.3 no address for the next hop of ${domain}: ${problems.join(', ')}`)
}

const hostOf = (hop: StaticHop, addresses: readonly string[], preference: number): Host =>
  hop.kind === 'lmtp-socket'
    ? { name: 'localhost', protocol: 'lmtp', addresses, port: 0, preference }
    : { name: hop.host, protocol: hop.kind, addresses, port: hop.port, preference }

/** Addresses, or why there are none. The administrator's name may stand in the hosts file. */
async function addressesOf(
  hop: StaticHop,
  resolver: Resolver,
  askSystem: boolean,
): Promise<readonly string[] | string> {
  if (hop.kind === 'lmtp-socket') return [hop.path]
  const { host } = hop
  if (isIP(host) !== 0) return [host]
  if (host === 'localhost') return ['127.0.0.1', '::1'] // RFC 6761 §6.3
  const answer = askSystem ? await resolver.system(host) : await resolver.addresses(host)
  if (answer.kind === 'found') return answer.records
  if (answer.kind === 'failed') return `${host}: ${answer.detail}`
  return answer.kind === 'missing' ? `${host} does not exist` : `${host} has no address`
}
