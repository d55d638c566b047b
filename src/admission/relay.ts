/**
 * Who may send where: the rules that keep this from being an open relay.
 *
 * Promises: a stranger reaches the domains that are named, and nothing else. Not by a local part that another host would
 * take for a route (`user%other@ours`, `other!user@ours`, `"user@other"@ours`), not by an address literal, not while no
 * domain is named, unless the stranger is on this machine.
 * Leaves out: source routes and second at signs, which `mail/address.ts` refuses to read.
 */
import type { Configuration } from '#config/schema.ts'
import { type Address, domainOf, localPartText, parseDomain } from '#mail/address.ts'
import type { Client } from '#mail/admission.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import { relayDenied } from '#mail/replies.ts'
import { createNetworkSet, isLoopback, type NetworkSet } from '#network/cidr.ts'

export interface RelayRules {
  /** May the client send to any domain? Reads every network that is listed: ask once per client. */
  mayRelay(client: Client): boolean
  /** For a client that may not relay: may it send to this recipient? Called per recipient. */
  recipient(client: Client, recipient: Address): Refusal | undefined
}

// Sendmail, Postfix and UUCP gateways behind us would send `user%other` and `other!user` on to `other`.
const routing = /[%!@]/

export function createRelayRules(configuration: Configuration): RelayRules {
  const zones = {
    outside: createZoneRules(configuration.zones.outside),
    inside: createZoneRules(configuration.zones.inside),
  }
  const ours = new Set(Object.keys(configuration.domains).map(domain => parseDomain(domain) ?? domain))
  const everyDomain = takesEveryDomain(configuration, ours)

  const isOurs = (client: Client, domain: string): boolean =>
    ours.has(domain) || (everyDomain && client.zone === 'outside' && isLoopback(client.address))

  return {
    mayRelay(client) {
      if (client.zone === 'management') return false
      const zone = zones[client.zone]
      return (
        (zone.relayForUsers && client.user !== undefined) ||
        (client.certificate !== undefined && zone.certificates.has(client.certificate)) ||
        zone.networks.has(client.address)
      )
    },
    recipient(client, recipient) {
      const domain = domainOf(recipient)
      if (client.zone === 'management' || domain.startsWith('[') || !isOurs(client, domain))
        return refuse('relay-denied', relayDenied, `${domain} is not a domain of ours`)
      if (routing.test(localPartText(recipient)))
        return refuse('relay-denied', relayDenied, 'the local part looks like a route to another host')
      return undefined
    },
  }
}

interface ZoneRules {
  readonly networks: NetworkSet
  readonly certificates: ReadonlySet<string>
  readonly relayForUsers: boolean
}

const createZoneRules = (zone: Configuration['zones']['outside' | 'inside']): ZoneRules => ({
  networks: createNetworkSet(zone.relayFrom),
  certificates: new Set(zone.relayForCertificates.map(hex => hex.replaceAll(':', '').toLowerCase())),
  relayForUsers: zone.relayForUsers,
})

/**
 * While no domain is named (a first trial), or `*` is, every domain is ours, for clients on this machine only. `check`
 * refuses the combination with a public listener; should it ever get here, it relays for nobody.
 */
function takesEveryDomain(configuration: Configuration, ours: ReadonlySet<string>): boolean {
  const wanted = ours.size === 0 || ours.has('*')
  return wanted && configuration.zones.outside.listen.every(({ address }) => isLoopback(address))
}
