/**
 * Rules on what is done by score: bands that can have an effect, addresses that are there, names that are meant.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Path } from '#config/json-schema.ts'
import { nearest } from '#config/nearest.ts'
import { error, type Rule, warning } from '#config/rules/rule.ts'
import type { Configuration } from '#config/schema.ts'
import { defaultBands } from '#config/sections/spam.ts'
import { type SpamException, type SpamSettings, spamSettings } from '#config/spam-settings.ts'
import { type Address, domainOf } from '#mail/address.ts'

/** A place in the section that says something, and what counts there. */
interface Place {
  readonly path: Path
  readonly said: SpamException
  /** In each of the zones: one of them may say what this place does not. */
  readonly inForce: readonly SpamSettings[]
}

const zones = ['outside', 'inside'] as const

function places({ spam }: Configuration): readonly Place[] {
  const at = (domain?: string, recipient?: string) =>
    zones.map(zone => spamSettings(spam, zone, domain, recipient))
  return [
    { path: ['spam'], said: spam, inForce: [spam] },
    ...Object.entries(spam.zones).map(([zone, said]) => ({
      path: ['spam', 'zones', zone],
      said,
      inForce: [spamSettings(spam, zone)],
    })),
    ...Object.entries(spam.domains).map(([domain, said]) => ({
      path: ['spam', 'domains', domain],
      said,
      inForce: at(domain),
    })),
    ...Object.entries(spam.recipients).map(([recipient, said]) => ({
      path: ['spam', 'recipients', recipient],
      said,
      inForce: at(domainOf(recipient as Address), recipient),
    })),
  ]
}

const everywhere =
  (check: (place: Place) => ReturnType<Rule['check']>): Rule['check'] =>
  configuration =>
    places(configuration).flatMap(check)

export const spamRules: readonly Rule[] = [
  {
    rule: 'The bands of `spam` begin one above the other.',
    because: 'a band would be empty, or it would be unclear which one counts',
    check: everywhere(({ path, said: { bands = [] } }) =>
      bands.flatMap(({ from }, index) => {
        const before = bands[index - 1]?.from ?? -1
        if (from > before) return []
        const reason = `the band begins at ${from}, and the one before it at ${before}`
        return [error([...path, 'bands', index, 'from'], reason, 'list the bands in rising order, each once')]
      }),
    ),
  },
  {
    rule: 'Where a band says `redirect`, there is an address to redirect to.',
    because: 'nobody would know where the message goes',
    check: everywhere(({ path, said: { bands = [] }, inForce }) => {
      if (inForce.every(({ redirectTo }) => redirectTo !== undefined)) return []
      return bands.flatMap((band, index) =>
        band.do !== 'redirect'
          ? []
          : [
              error(
                [...path, 'bands', index, 'do'],
                'there is no address to redirect to',
                `set ${path.length === 1 ? 'spam.redirectTo' : 'redirectTo beside the bands'}`,
              ),
            ],
      )
    }),
  },
  {
    rule: 'What is tagged shows it: with a field or in its subject.',
    because: 'the message would look as if it had passed',
    check: everywhere(({ path, said: { bands = [] }, inForce }) => {
      if (inForce.some(({ headers, subject }) => headers.length > 0 || subject !== '')) return []
      return bands.flatMap((band, index) =>
        band.do !== 'tag'
          ? []
          : [
              warning(
                [...path, 'bands', index, 'do'],
                'a message that is tagged gets neither a field nor a mark in its subject',
                'name fields in headers, or set a subject',
              ),
            ],
      )
    }),
  },
  {
    rule: 'Exceptions in `spam` are for domains that we receive mail for.',
    because: 'a name that is misspelt would have no effect',
    check: configuration => [
      ...Object.keys(configuration.spam.domains).flatMap(name =>
        stranger(configuration, ['spam', 'domains', name], name),
      ),
      ...Object.keys(configuration.spam.recipients).flatMap(address =>
        stranger(configuration, ['spam', 'recipients', address], domainOf(address as Address)),
      ),
    ],
  },
  {
    rule: 'Content is scanned where `spam` says what is done by score.',
    because: 'without a scan no message has a score',
    check: ({ content, spam }) =>
      content.scan || spam.bands.length === 0 || isDeepStrictEqual(spam.bands, defaultBands)
        ? []
        : [
            warning(
              ['spam', 'bands'],
              'content.scan is false, so that no message has a score',
              'set content.scan: true',
            ),
          ],
  },
]

/** What comes from outside is for our domains; only mail from our own may be for others. */
function stranger({ domains, spam }: Configuration, path: Path, domain: string) {
  const ours = Object.keys(domains)
  const any = ours.length === 0 || Object.hasOwn(domains, '*')
  if (any || Object.hasOwn(domains, domain) || spam.judge.some(origin => origin !== 'outside')) return []
  const reason = `${domain} is none of the domains that we receive mail for`
  return [{ ...warning(path, reason, nearest(domain, ours) ?? 'name it in domains'), at: 'key' as const }]
}
