/**
 * Where the links of a message lead.
 *
 * Promises: each link and each host once, and no more links than `mostLinks`; a host is looked at as a browser reads it.
 */
import { isWithin } from '#content/spam/domain.ts'
import type { HostFacts, LinkFacts } from '#content/spam/link-facts.ts'
import type { MessageFacts } from '#content/spam/message-facts.ts'
import { type Evidence, evidence, type Find, mostEvidence } from '#content/spam/symbol.ts'
import { hostingOf, isAbused, isShortener } from './abuse.ts'
import { brandInHost, brandLookedLike } from './brand.ts'
import { disguisedWords, isPlain } from './confusables.ts'

function firstOf<Item extends { readonly text: string }>(
  items: readonly Item[],
  holds: (item: Item) => boolean,
): readonly Evidence[] | undefined {
  let found: Evidence[] | undefined
  for (const item of items)
    if (holds(item)) {
      found ??= []
      if (found.push(evidence('link', item.text)) === mostEvidence) break
    }
  return found
}

/** Links of which that holds. */
const linksIf =
  (holds: (link: LinkFacts) => boolean): Find =>
  ({ links }) =>
    firstOf(links, holds)

/** Hosts of which that holds. */
const hostsIf =
  (holds: (host: HostFacts, message: MessageFacts) => boolean): Find =>
  message =>
    firstOf(message.hosts, host => holds(host, message))

/** Hosts with a name of which that holds. */
const namesIf = (holds: (host: string) => boolean): Find =>
  hostsIf(({ host, numeric }) => !numeric && holds(host))

export const hostOfMixedScripts = hostsIf(
  ({ shown }) => !isPlain(shown) && disguisedWords(shown, 1).length > 0,
)

export const hostInPunycode = hostsIf(({ host, shown }) => host !== shown || !isPlain(host))

export const hostLooksLikeBrand = namesIf(host => brandLookedLike(host) !== undefined)

export const hostNamesBrand = namesIf(host => brandInHost(host) !== undefined)

/** Those of the house are nobody's that writes from outside. */
const atHome = /^(?:127|10|0|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./

export const hostIsAddress = hostsIf(({ numeric, host }) => numeric && !atHome.test(host))

const usualPorts = [':', ':80', ':443', ':8080', ':8443', '']

export const portIsOdd = linksIf(({ port, web }) => web && !usualPorts.includes(port))

export const userInLink = linksIf(({ user, web, scheme }) => web && scheme !== '' && user !== '')

export const throughShortener = namesIf(isShortener)

export const onFreeHosting = namesIf(host => hostingOf(host) !== undefined)

export const hostInCheapDomain = hostsIf(
  ({ host, numeric }, { header: { from } }) => !numeric && isAbused(host) && !isWithin(host, from.domain),
)

/** Escapes in the host, slashes the wrong way: read one way by people, another by browsers. */
export const writtenOddly = linksIf(({ host, text }) => /[%\\]/.test(host) || /^[a-z]{2,8}:\/?\\/i.test(text))

const redirectors =
  /^(?:www\.)?(?:google\.[a-z.]{2,6}\/(?:url|amp)|bing\.com\/ck|youtube\.com\/redirect|l\.(?:facebook|instagram|wl)\.com|t\.umblr\.com|(?:adclick|googleads)\.g\.doubleclick\.net|slack-redir\.net|steamcommunity\.com\/linkfilter|vk\.com\/away|linkedin\.com\/(?:slink|redir)|baidu\.com\/link|yahoo\.[a-z.]{2,6}\/.{0,200}RU=|out\.reddit\.com)/i

export const throughRedirector = linksIf(
  ({ host, path, query }) =>
    path.length > 1 && redirectors.test(`${host}${path.slice(0, 260)}?${query.slice(0, 40)}`),
)

/** Prefills the form of a phisher. */
export const carriesRecipient = linksIf(({ text }) => {
  const hash = text.lastIndexOf('#')
  return (
    hash > 0 &&
    /^#?(?:email=|e=|u=)?[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}\.[\w.-]{2,100}$/i.test(text.slice(hash))
  )
})

const programs = /\.(?:exe|scr|pif|bat|cmd|js|jse|vbs|vbe|wsf|hta|lnk|iso|img|msi|jar|ps1|apk|dmg|vhdx?)$/i

export const leadsToProgram = linksIf(
  ({ path }) => path.length < 2_000 && path.lastIndexOf('/') > 0 && programs.test(path),
)

/** Told by the scanner: the text of a link names another host than the link has. Click counters of newsletters do the same. */
export const showsOtherHost: Find = ({ flags }) => (flags.has('link-disagrees') ? [] : undefined)

/** Letters and digits by turns, or a row of consonants that no language has. */
export const hostIsRandom = hostsIf(({ domain }) => {
  const label = domain.slice(0, Math.max(0, domain.indexOf('.')))
  if (label.length < 8 || label.length > 63) return false
  const turns = label.match(/[a-z](?=\d)|\d(?=[a-z])/g)?.length ?? 0
  return turns >= 4 || /[bcdfghjklmnpqrstvwxz]{7}/.test(label)
})
