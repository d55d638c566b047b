/**
 * Whether a name or a host speaks of a brand, and whether it may.
 *
 * Promises: linear in the text; letters in disguise are read as a person reads them.
 */
import { domainToUnicode } from 'node:url'
import { chosenLabel, isWithin, organisationOf } from '#content/spam/domain.ts'
import { hostingOf, isAbused } from './abuse.ts'
import { type Brand, besideBrand, brands } from './brands.ts'
import { hostSkeleton, isPlain, skeleton } from './confusables.ts'

interface Alias {
  readonly tokens: readonly string[]
  readonly brand: Brand
}

/** First word of an alias → the aliases that begin with it. */
const byToken = new Map<string, Alias[]>()
for (const brand of brands)
  for (const alias of brand.aliases) {
    const tokens = skeleton(alias).split(' ')
    byToken.set(tokens[0]!, [...(byToken.get(tokens[0]!) ?? []), { tokens, brand }])
  }

/** A label of a host that is a brand, without hyphens; those with `near` by themselves, too. */
const labels = new Map<string, Brand>()
for (const brand of brands)
  for (const alias of brand.aliases)
    if (!brand.common || brand.near || alias.includes(' ')) labels.set(alias.replaceAll(' ', ''), brand)
const nearLabels = Map.groupBy(
  [...labels].filter(([label, { near }]) => near && label.length >= 6),
  ([label]) => label.length,
)

const none: readonly Alias[] = []
const mostTokens = 16
const oneToken = /^[a-z0-9]*$/
const tokensOf = (text: string): readonly string[] =>
  oneToken.test(text) ? [text] : text.split(isPlain(text) ? /[^a-z0-9]+/ : /[^\p{L}\p{N}]+/u, mostTokens)

/** A brand that this display name claims to be. */
export const brandInName = (name: string): Brand | undefined => brandAmong(tokensOf(skeleton(name)))

/** All tokens of a common word's brand must be what a brand would say. */
function brandAmong(tokens: readonly string[]): Brand | undefined {
  for (const [at, token] of tokens.entries())
    for (const { tokens: alias, brand } of byToken.get(token) ?? none) {
      if (!alias.every((each, index) => tokens[at + index] === each)) continue
      const others = [...tokens.slice(0, at), ...tokens.slice(at + alias.length)]
      if (
        !brand.common ||
        others.every(other => other === '' || besideBrand.has(other) || byToken.has(other))
      )
        return brand
    }
  return undefined
}

/** A domain that the brand writes from. */
export const belongsTo = (domain: string, brand: Brand): boolean =>
  brand.domains.some(own => (own.endsWith('.*') ? isBelow(domain, own.slice(0, -2)) : isWithin(domain, own)))

/** `name.com`, `name.co.uk`, `name.de`: where a brand registers its name, and strangers rarely can. */
function isBelow(domain: string, label: string): boolean {
  const organisation = organisationOf(domain)
  if (!organisation.startsWith(`${label}.`) || isAbused(organisation)) return false
  const suffix = organisation.slice(label.length + 1)
  return suffix.length === 2 || /^(?:com|net|org|info|biz|co\...|com\...|or\...|ne\...)$/.test(suffix)
}

/**
 * Of a host in lower case that belongs to somebody else: the brand whose name stands in the domain that somebody registered,
 * or before it, where it is written as a domain of its own (`brand.com.example.org`) or costs next to nothing. Services that
 * give each customer a host (`brand.service.example`) are honest.
 */
export function brandInHost(host: string): Brand | undefined {
  const shown = skeleton(host.includes('xn--') ? domainToUnicode(host) : host)
  const label = chosenLabel(shown)
  const brand =
    brandAmong(tokensOf(label)) ??
    (posing.test(shown) || isAbused(host) || hostingOf(host) !== undefined
      ? brandAmong(tokensOf(shown.slice(0, Math.max(0, shown.lastIndexOf(label) - 1))))
      : undefined)
  return brand === undefined || belongsTo(host, brand) ? undefined : brand
}

/** An ending of a domain in the middle of a host. */
const posing =
  /[a-z]\.(?:com|net|org|de|co|fr|it|es|nl|pl|uk|jp|us|ch|at)[.-](?!(?:[a-z]{2}|com?\.[a-z]{2})$)/

/** The brand for which a domain is written to be taken: by letters that look alike, or by one letter more, less or other. */
export function brandLookedLike(host: string): Brand | undefined {
  const label = chosenLabel(host.includes('xn--') ? domainToUnicode(host) : host)
  if (label.length < 4 || label.length > 40) return undefined
  for (const word of [label.replaceAll('-', ''), ...(label.includes('-') ? label.split('-', 8) : [])]) {
    const seen = word.length < 4 ? word : hostSkeleton(word)
    const brand = seen === word ? undefined : labels.get(seen)
    if (brand !== undefined && !belongsTo(host, brand)) return brand
  }
  const near = brandNear(label)
  return near === undefined || belongsTo(host, near) ? undefined : near
}

function brandNear(label: string): Brand | undefined {
  for (let length = label.length - 1; length <= label.length + 1; length++)
    for (const [own, brand] of nearLabels.get(length) ?? []) if (differsByOne(label, own)) return brand
  return undefined
}

/** One letter more, less, other, or two neighbours exchanged. */
export function differsByOne(one: string, other: string): boolean {
  if (one.length > other.length) return differsByOne(other, one)
  if (one === other || other.length - one.length > 1) return false
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  if (one.length < other.length) return one.slice(at) === other.slice(at + 1)
  const exchanged = one[at] === other[at + 1] && one[at + 1] === other[at]
  return one.slice(at + 1) === other.slice(at + 1) || (exchanged && one.slice(at + 2) === other.slice(at + 2))
}
