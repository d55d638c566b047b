/**
 * Rules on where mail goes: not back to us, and not into a trial's mailbox by oversight.
 */
import { addressNumber, type Endpoint, isLoopback, isWildcard, readAddress } from '#config/grammar/address.ts'
import { nextHop } from '#config/grammar/next-hop.ts'
import { isFlaw } from '#config/grammar/reading.ts'
import type { Path } from '#config/json-schema.ts'
import { ownName } from '#config/own-name.ts'
import { listenersOf } from '#config/rules/listeners.ts'
import type { Machine } from '#config/rules/machine.ts'
import { error, type Rule, warning } from '#config/rules/rule.ts'
import type { Configuration } from '#config/schema.ts'

const mailListeners = (configuration: Configuration) =>
  listenersOf(configuration).filter(({ zone }) => zone !== 'management')

export const nextHopRules: readonly Rule[] = [
  {
    rule: 'No next hop is one of our own listeners.',
    because: 'mail would run in a circle until it is returned',
    check(configuration, machine) {
      const ours = mailListeners(configuration)
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
    rule: 'Once others reach us, the general `nextHop` is not `capture`.',
    because: 'mail would be accepted and end in the capture mailbox, where nobody looks',
    check(configuration) {
      const trial = mailListeners(configuration).every(({ address }) => isLoopback(address))
      if (trial || configuration.nextHop !== 'capture') return []
      const reason = 'mail whose domain names no next hop ends in the capture mailbox and is not delivered'
      return [warning(['nextHop'], reason, 'set nextHop: mx, or name the server behind us')]
    },
  },
  {
    rule: 'A domain that we receive mail for has a next hop of its own while the general one is `mx`.',
    because: 'its MX records name this gateway, as a rule, and mail would come back to us',
    check: ({ domains, nextHop: general }) =>
      general !== 'mx'
        ? []
        : Object.entries(domains).flatMap(([name, { nextHop: own }]) =>
            own !== undefined || name === '*'
              ? []
              : [
                  warning(
                    ['domains', name],
                    `${name} would go where its MX records point, which is here, as a rule`,
                    'name the server behind us as its nextHop',
                  ),
                ],
          ),
  },
]

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
