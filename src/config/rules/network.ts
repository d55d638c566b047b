/**
 * Rules on who reaches us where, and on where mail goes: no open relay, no loop, no console on the internet.
 */
import {
  addressNumber,
  covers,
  type Endpoint,
  isLoopback,
  isWildcard,
  network,
  readAddress,
  writeEndpoint,
} from '#config/grammar/address.ts'
import { nextHop } from '#config/grammar/next-hop.ts'
import { isFlaw } from '#config/grammar/reading.ts'
import type { Path } from '#config/json-schema.ts'
import { ownName } from '#config/own-name.ts'
import type { Machine } from '#config/rules/machine.ts'
import { error, type Rule, warning } from '#config/rules/rule.ts'
import type { Configuration } from '#config/schema.ts'
import { type ZoneName, zoneNames } from '#mail/envelope.ts'

interface Placed extends Endpoint {
  readonly zone: ZoneName
  readonly path: Path
}

export const listenersOf = (configuration: Configuration): readonly Placed[] =>
  zoneNames.flatMap(zone =>
    configuration.zones[zone].listen.map(({ address, port }, index) => ({
      zone,
      address,
      port,
      path: ['zones', zone, 'listen', index],
    })),
  )

const mailZones = ['outside', 'inside'] as const
const reachable = ({ zones }: Configuration) =>
  zones.outside.listen.filter(({ address }) => !isLoopback(address))

/** Networks that no one party owns: a relay for them is a relay for strangers. Private ranges are somebody's own. */
const own = ['10.0.0.0/8', '127.0.0.0/8', 'fc00::/7', 'fe80::/10'].map(network)
function isEverybody(text: string): boolean {
  const net = network(text)
  const widest = net.bits === 32 ? 8 : 16
  return net.prefix < widest && !own.some(range => covers(range, net))
}

export const networkRules: readonly Rule[] = [
  {
    rule: 'While no domain is named, or `"*"` is, the outside zone listens on loopback addresses only.',
    because: 'the gateway would relay any mail for anybody',
    check(configuration) {
      const [open] = reachable(configuration)
      if (open === undefined) return []
      const place = writeEndpoint(open)
      if (Object.keys(configuration.domains).length === 0)
        return [
          error(
            ['domains'],
            `the outside zone listens on ${place}, but no domain is named`,
            'name the domains that you receive mail for',
          ),
        ]
      return Object.hasOwn(configuration.domains, '*')
        ? [
            error(
              ['domains', '*'],
              `the outside zone listens on ${place}: for every domain that is an open relay`,
              'name the domains that you receive mail for',
            ),
          ]
        : []
    },
  },
  {
    rule: '`relayFrom` of the outside zone names networks, not the internet.',
    because: 'that is an open relay, whatever the domains are',
    check: ({ zones }) =>
      zones.outside.relayFrom.flatMap((text, index) =>
        isEverybody(text)
          ? [
              error(
                ['zones', 'outside', 'relayFrom', index],
                `${text} is the internet: that is an open relay`,
                'name your own networks',
              ),
            ]
          : [],
      ),
  },
  {
    rule: '`relayFrom` of the inside zone names our networks.',
    because: 'an inside listener that the internet reaches would be an open relay',
    check: ({ zones }) =>
      zones.inside.relayFrom.flatMap((text, index) =>
        isEverybody(text)
          ? [
              warning(
                ['zones', 'inside', 'relayFrom', index],
                `${text} is more than your own networks`,
                'name your own networks',
              ),
            ]
          : [],
      ),
  },
  {
    rule: '`proxyFrom` names the proxies, not everybody.',
    because: 'whoever may send a PROXY header may claim any client address, one of ours included',
    check: ({ zones }) =>
      mailZones.flatMap(zone =>
        zones[zone].listen.flatMap((listener, index) =>
          listener.proxyFrom.flatMap((text, entry) =>
            isEverybody(text)
              ? [
                  error(
                    ['zones', zone, 'listen', index, 'proxyFrom', entry],
                    `${text} lets everybody claim any address`,
                    'name the addresses of your proxies',
                  ),
                ]
              : [],
          ),
        ),
      ),
  },
  {
    rule: 'No two listeners share address and port.',
    because: 'the kernel would give connections to either, with the rules of a zone chosen by chance',
    check(configuration) {
      const all = listenersOf(configuration)
      return all.flatMap((later, index) => {
        const earlier = all.slice(0, index).find(each => overlap(each, later))
        if (earlier === undefined) return []
        const [one, other] = [writeEndpoint(earlier), writeEndpoint(later)]
        const reason =
          one === other
            ? `${other} is listened on twice (${earlier.zone}, ${later.zone})`
            : `${other} (${later.zone}) is also covered by ${one} (${earlier.zone})`
        return [error(later.path, reason, 'name the addresses of each zone')]
      })
    },
  },
  {
    rule: 'The management zone does not listen on all addresses.',
    because: 'the internet would reach it too',
    check: ({ zones }) =>
      zones.management.listen.flatMap(({ address }, index) =>
        isWildcard(address)
          ? [
              warning(
                ['zones', 'management', 'listen', index],
                `${address} is every address, those that the internet reaches included`,
                'name an inside address',
              ),
            ]
          : [],
      ),
  },
  {
    rule: 'Some zone listens for mail.',
    because: 'nothing would be received',
    check: ({ zones }) =>
      zones.outside.listen.length + zones.inside.listen.length === 0
        ? [warning(['zones'], 'no zone listens for mail', 'give zones.outside.listen an address')]
        : [],
  },
  {
    rule: 'No next hop is one of our own listeners.',
    because: 'mail would run in a circle until it is returned',
    check(configuration, machine) {
      const ours = listenersOf(configuration).filter(({ zone }) => zone !== 'management')
      return hopsOf(configuration).flatMap(({ path, text }) => {
        const loop = ours.find(listener => reaches(text, listener, configuration, machine))
        return loop === undefined
          ? []
          : [
              error(
                path,
                `${text} is our own listener in the ${loop.zone} zone: mail would loop`,
                'name the server behind us',
              ),
            ]
      })
    },
  },
  {
    rule: 'The host name has a dot, once the internet reaches us.',
    because: 'many servers refuse the EHLO of a host that is not fully qualified',
    check(configuration, machine) {
      const name = ownName(configuration, machine.hostname)
      if (name.includes('.') && name !== 'localhost.localdomain') return []
      if (configuration.hostname !== undefined)
        return [warning(['hostname'], `${name} is not fully qualified`, `${name}.example.org`)]
      return reachable(configuration).length === 0
        ? []
        : [
            warning(
              ['hostname'],
              `the machine is called ${name}, which is not fully qualified`,
              'set hostname to the name that DNS has for its outside address',
            ),
          ]
    },
  },
]

const overlap = (a: Endpoint, b: Endpoint): boolean => {
  if (a.port !== b.port || a.port === 0) return false
  if (a.address === b.address) return true
  // `::` takes IPv4 as well; the pair `0.0.0.0` and `::` in one zone is the usual way to say "everywhere".
  const [wide, narrow] = isWildcard(a.address) ? [a, b] : [b, a]
  if (!isWildcard(wide.address)) return false
  if (isWildcard(narrow.address)) return (a as Placed).zone !== (b as Placed).zone
  return wide.address === '::' || addressNumber(narrow.address).bits === 32
}

function hopsOf(configuration: Configuration): readonly { readonly path: Path; readonly text: string }[] {
  const list = (path: Path, hops: string | readonly string[] | undefined) =>
    typeof hops === 'string'
      ? [{ path, text: hops }]
      : (hops ?? []).map((text, index) => ({ path: [...path, index], text }))
  return [
    ...list(['nextHop'], configuration.nextHop),
    ...Object.entries(configuration.domains).flatMap(([name, { nextHop }]) =>
      list(['domains', name, 'nextHop'], nextHop),
    ),
  ]
}

function reaches(text: string, listener: Endpoint, configuration: Configuration, machine: Machine): boolean {
  const hop = nextHop(text)
  if ((hop.kind !== 'smtp' && hop.kind !== 'lmtp') || hop.port !== listener.port) return false
  return addressesOf(hop.host, configuration, machine).some(address => {
    if (address === listener.address) return true
    const v4 = addressNumber(address).bits === 32
    const wildcard = isWildcard(listener.address) && (listener.address === '::' || v4)
    return wildcard && (isLoopback(address) || isWildcard(address) || machine.addresses.includes(address))
  })
}

/** The addresses that are surely meant; a name that only DNS knows is none. */
function addressesOf(host: string, configuration: Configuration, machine: Machine): readonly string[] {
  if (!isFlaw(readAddress(host))) return [host]
  if (host === 'localhost') return ['127.0.0.1', '::1']
  return host === ownName(configuration, machine.hostname) ? [...machine.addresses, '127.0.0.1'] : []
}
