/**
 * Who the message says it is from, and where answers go.
 */
import { chosenLabel, organisationOf } from '#content/spam/domain.ts'
import type { NamedMailbox } from '#content/spam/own-header.ts'
import { type Evidence, evidence, type Find } from '#content/spam/symbol.ts'
import { hostingOf, isAbused, isFreeMail } from './abuse.ts'
import { belongsTo, brandInHost, brandInName, brandLookedLike } from './brand.ts'
import { costumedWords, disguisedWords } from './confusables.ts'

export const nameIsOtherBrand: Find = ({ header: { from } }) => {
  const brand = from.name === '' ? undefined : brandInName(from.name)
  return brand === undefined || belongsTo(from.domain, brand) ? undefined : [evidence('from', from.text)]
}

/** A link or a reply cannot be typed by heart, but the domain of the sender is read. */
export const domainNamesBrand: Find = ({ header: { from } }) =>
  from.domain !== '' && brandInHost(from.domain) !== undefined ? [evidence('from', from.domain)] : undefined

export const domainLooksLikeBrand: Find = ({ header: { from } }) =>
  from.domain !== '' && brandLookedLike(from.domain) !== undefined
    ? [evidence('from', from.domain)]
    : undefined

const address = /[a-z0-9._%+-]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})/i

/** `"boss@firm.example" <x@elsewhere.example>`. */
export const nameIsOtherAddress: Find = ({ header: { from } }) => {
  const named = from.name.includes('@') ? address.exec(from.name.slice(0, 400))?.[1] : undefined
  if (named === undefined || from.domain === '') return undefined
  return organisationOf(named.toLowerCase()) === organisationOf(from.domain)
    ? undefined
    : [evidence('from', from.text)]
}

export const nameInDisguise: Find = ({ header: { from } }) =>
  found('from', [...disguisedWords(from.name, 3), ...costumedWords(from.name)])

export const found = (place: string, words: readonly string[]): readonly Evidence[] | undefined =>
  words.length === 0 ? undefined : words.map(word => evidence(place, word))

export const fromMissing: Find = ({ header }) => (header.has('from') ? undefined : [])

/** RFC 5322 §3.6: one field; more than one author is rare enough to be a disguise. */
export const fromSeveral: Find = ({ header }) => {
  const { text } = header.from
  const several =
    header.count('from') > 1 || /@[^<>,"]{1,255}>?\s{0,8},\s{0,8}[^<>,"]{0,255}<?[^<>,"@]{1,64}@/.test(text)
  return several ? [evidence('from', text)] : undefined
}

export const fromIsNoAddress: Find = ({ header }) => {
  const { domain, local, text } = header.from
  const sound = local !== '' && /^[^\s.@]{1,63}(?:\.[^\s.@]{1,63}){1,16}$/.test(domain)
  return header.has('from') && !sound ? [evidence('from', text)] : undefined
}

/** Long, with digits in the middle of letters or without a vowel: made by a machine for one mailing. */
export const localIsRandom: Find = ({ header: { from } }) => {
  const local = from.local.split('+', 1)[0]!.toLowerCase()
  if (local.length < 8 || local.length > 64 || !/^[a-z0-9]+$/.test(local)) return undefined
  const turns = local.match(/[a-z](?=\d)|\d(?=[a-z])/g)?.length ?? 0
  return turns >= 3 || /[bcdfghjklmnpqrstvwxz]{7}/.test(local) ? [evidence('from', from.local)] : undefined
}

/**
 * The address reads as the sender's, and the answer goes to a stranger's mailbox. Lists that write in the name of a member
 * (`Jo via List`) say whose it is.
 */
export const replyToFreeMail: Find = ({ header }) => {
  const reply = header.mailbox('reply-to')
  const { from } = header
  const elsewhere =
    reply.domain !== '' &&
    isFreeMail(reply.domain) &&
    reply.domain !== from.domain &&
    !inNameOf(from.name, reply)
  return elsewhere ? [evidence('reply-to', reply.text), evidence('from', from.text)] : undefined
}

const inNameOf = (name: string, { name: own, local }: NamedMailbox): boolean =>
  / via |'via'/i.test(name) ||
  (own !== '' && name.startsWith(own)) ||
  (local.length > 3 && name.startsWith(local))

/** The same provider, but another person. */
export const replyToOtherPerson: Find = ({ header }) => {
  const reply = header.mailbox('reply-to')
  const { from } = header
  const other =
    reply.domain === from.domain &&
    isFreeMail(reply.domain) &&
    reply.local.toLowerCase() !== from.local.toLowerCase()
  return other ? [evidence('reply-to', reply.text), evidence('from', from.text)] : undefined
}

export const replyToLooksLikeFrom: Find = ({ header }) => {
  const reply = header.mailbox('reply-to').domain
  const from = header.from.domain
  if (reply === '' || reply === from || from === '' || chosenLabel(reply).length < 5) return undefined
  const [one, other] = [organisationOf(reply), organisationOf(from)]
  const sameName = one !== other && chosenLabel(one) === chosenLabel(other) && isAbused(one)
  return sameName ? [evidence('reply-to', reply), evidence('from', from)] : undefined
}

/** A bank or an office does not write from there. */
export const roleAtFreeMail: Find = ({ header: { from } }) => {
  const role =
    /\b(?:bank|director|ceo|barrister|attorney|ministry|minister|united nations|government|department|foundation|lottery|customs|fbi|imf|finance|loan|support|service|team|security|admin(?:istrator)?|helpdesk|customer)\b/i
  return isFreeMail(from.domain) && role.test(from.name) ? [evidence('from', from.text)] : undefined
}

export const fromCheapDomain: Find = ({ header: { from } }) =>
  isAbused(from.domain) ? [evidence('from', from.domain)] : undefined

export const fromFreeHosting: Find = ({ header: { from } }) =>
  from.domain !== '' && !isFreeMail(from.domain) && hostingOf(from.domain) !== undefined
    ? [evidence('from', from.domain)]
    : undefined

/** Sent to oneself, as the reader sees it. */
export const fromIsRecipient: Find = ({ header, connection }) => {
  const { from } = header
  if (from.domain === '') return undefined
  const own = `${from.local}@${from.domain}`.toLowerCase()
  const to = header.mailbox('to')
  const toItself = `${to.local}@${to.domain}`.toLowerCase() === own
  const recipients = connection?.recipients ?? []
  return toItself || (recipients.length > 0 && recipients.every(each => each.toLowerCase() === own))
    ? [evidence('from', from.text)]
    : undefined
}
