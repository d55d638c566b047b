/**
 * The subject: its letters, its form, and whether it answers anything.
 */
import { evidence, type Find } from '#content/spam/symbol.ts'
import { costumedWords, disguisedWords } from './confusables.ts'
import { found } from './sender.ts'

const reply = /^(?:re|aw|sv|antw|odp|vs|ref|rv|回复|答复|返信)\s?(?:\[\d+\])?\s?[:：]/i

export const replyWithoutReference: Find = ({ header }) =>
  !header.has('references') && !header.has('in-reply-to') && reply.test(header.subject)
    ? [evidence('subject', header.subject)]
    : undefined

/** Against: who takes part in a conversation names what he answers. */
export const answersInThread: Find = ({ header }) =>
  reply.test(header.subject) && header.has('in-reply-to') && header.has('references') ? [] : undefined

export const subjectInDisguise: Find = ({ header: { subject } }) =>
  found('subject', [...disguisedWords(subject, 3), ...costumedWords(subject)])

/** Invisible characters between letters; emoji and some scripts need joiners, letters of Latin never. */
const split = /[a-z]\p{DI}{1,20}[a-z]/iu

export const subjectSplit: Find = ({ header: { subject } }) =>
  split.test(subject) ? [evidence('subject', subject)] : undefined

export const subjectInCapitals: Find = ({ header: { subject } }) => {
  if (/[a-z]/.test(subject)) return undefined
  const words = subject.match(/[A-Z]{3,}/g) ?? []
  return words.length >= 3 ? [evidence('subject', subject)] : undefined
}

/** An id far behind the text, which the reader does not see. */
export const subjectWithGap: Find = ({ header: { subject } }) =>
  /\S\s{6,100}\S/.test(subject) ? [evidence('subject', subject)] : undefined

export const subjectEmpty: Find = ({ header }) => (header.subject === '' ? [] : undefined)

const shouts = /[!?！？]{3}|[$€£]{3}|\*{3}/

export const subjectShouts: Find = ({ header: { subject } }) =>
  shouts.test(subject) ? [evidence('subject', subject)] : undefined

/** The local part of the recipient as a form of address. */
export const subjectNamesRecipient: Find = ({ header, connection }) => {
  const subject = header.subject.toLowerCase()
  const to = header.mailbox('to')
  const addresses = connection?.recipients ?? (to.domain === '' ? [] : [`${to.local}@${to.domain}`])
  const named = addresses.slice(0, 10).some(each => {
    const address = each.toLowerCase()
    const local = address.slice(0, Math.max(0, address.lastIndexOf('@')))
    return subject.includes(address) || (local.length >= 4 && beginsOrEndsWith(subject, local))
  })
  return named ? [evidence('subject', header.subject)] : undefined
}

const beginsOrEndsWith = (subject: string, name: string): boolean =>
  subject.startsWith(`${name},`) || subject.startsWith(`${name}:`) || subject.endsWith(` ${name}`)

/** What a template should have filled in. */
const unfilled =
  /\{\{\s?[\w.]{2,40}\s?\}\}|\{%\s?[\w.]{2,40}\s?%\}|%%?[A-Z][A-Z_]{3,40}%%?|\[\[[\w-]{2,40}\]\]|\$\{[\w.]{2,40}\}|\{(?:name|email|random|domain|link)[\w-]{0,20}\}|#(?:NAME|EMAIL|RANDOM)#/i

export const templateUnfilled: Find = ({ header: { subject, from } }) =>
  found(
    'subject or from',
    [subject, from.text].filter(text => /[{%[$#]/.test(text) && unfilled.test(text)),
  )
