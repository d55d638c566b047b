/**
 * Rules on who may relay: no open relay, and nobody who can claim to be one of ours.
 */
import { covers, network, writeEndpoint } from '#config/grammar/address.ts'
import { mailZones, reachable } from '#config/rules/listeners.ts'
import { error, type Rule, warning } from '#config/rules/rule.ts'

/** Networks that no one party owns: a relay for them is a relay for strangers. Private ranges are somebody's own. */
const own = ['10.0.0.0/8', '127.0.0.0/8', 'fc00::/7', 'fe80::/10'].map(network)
function isEverybody(text: string): boolean {
  const net = network(text)
  const widest = net.bits === 32 ? 8 : 16
  return net.prefix < widest && !own.some(range => covers(range, net))
}

export const relayRules: readonly Rule[] = [
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
]
