/**
 * Rules on where we listen and what we call ourselves there.
 */
import {
  addressNumber,
  type Endpoint,
  isLoopback,
  isWildcard,
  writeEndpoint,
} from '#config/grammar/address.ts'
import type { Path } from '#config/json-schema.ts'
import { ownName } from '#config/own-name.ts'
import { error, type Rule, warning } from '#config/rules/rule.ts'
import type { Configuration } from '#config/schema.ts'
import { type ZoneName, zoneNames } from '#mail/envelope.ts'

export const mailZones = ['outside', 'inside'] as const

export interface Placed extends Endpoint {
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

/** The listeners of the outside zone that others than this machine reach. */
export const reachable = ({ zones }: Configuration): readonly Endpoint[] =>
  zones.outside.listen.filter(({ address }) => !isLoopback(address))

export const listenerRules: readonly Rule[] = [
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

const overlap = (a: Placed, b: Placed): boolean => {
  if (a.port !== b.port || a.port === 0) return false
  if (a.address === b.address) return true
  // `::` takes IPv4 as well; the pair `0.0.0.0` and `::` in one zone is the usual way to say "everywhere".
  const [wide, narrow] = isWildcard(a.address) ? [a, b] : [b, a]
  if (!isWildcard(wide.address)) return false
  if (isWildcard(narrow.address)) return a.zone !== b.zone
  return wide.address === '::' || addressNumber(narrow.address).bits === 32
}
