/**
 * What of a message a rule could be made of: runs of words of its texts and its subject, and whole values: hosts of links, file
 * names, names of programs and senders.
 *
 * Leaves out what a message says of its recipient: it would be a rule about who got it.
 */

import { hostingOf, isFreeMail, isShortener } from '#content/spam/layers/abuse.ts'
import type { HostFacts } from '#content/spam/link-facts.ts'
import type { MessageFacts } from '#content/spam/message-facts.ts'
import { unicode } from '#content/spam/own-header.ts'
import { type Run, runsOf } from '#content/spam/proposals/words.ts'
import { beginningOf } from '#content/spam/text-facts.ts'

/** A place of a lexicon. */
export type Place =
  | 'text'
  | 'subject'
  | 'from'
  | 'reply-to'
  | 'urls'
  | 'attachment-names'
  | `header ${string}`

export interface Value {
  readonly place: Place
  /** As a phrase of a lexicon. */
  readonly phrase: string
}

export interface Material {
  readonly text: readonly Run[]
  readonly subject: readonly Run[]
  readonly values: readonly Value[]
  /** Of the message, for people; from outside. */
  readonly title: string
}

const fields = ['x-mailer', 'user-agent', 'x-php-originating-script', 'organization', 'list-id'] as const
const longestValue = 120

export function materialOf(message: MessageFacts): Material {
  const { header, view } = message
  const own = recipientWords(message)
  const runs = (text: string) => runsOf(text).flatMap(run => withoutWords(run, own))
  const texts: Run[] = []
  for (let part = 0; part < view.parts; part++)
    if (view.judged(part)) texts.push(...runs(Buffer.from(beginningOf(view, part, 'text')).toString()))
  return {
    text: texts,
    subject: runs(header.subject),
    values: valuesOf(message),
    title: header.subject,
  }
}

/** A run is cut where such a word stands. */
function withoutWords(run: Run, own: ReadonlySet<string>): Run[] {
  if (!run.some(({ text }) => own.has(text))) return [run]
  const pieces: Run[] = []
  let piece: Run = []
  for (const word of run) {
    if (!own.has(word.text)) {
      piece = [...piece, word]
      continue
    }
    if (piece.length > 0) pieces.push(piece)
    piece = []
  }
  return piece.length > 0 ? [...pieces, piece] : pieces
}

function recipientWords({ header }: MessageFacts): ReadonlySet<string> {
  const words = new Set<string>()
  for (const field of ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to']) {
    const text = header.value(field).toLowerCase()
    for (const found of text.match(/[\p{L}\p{N}]{2,}/gu)?.slice(0, 200) ?? []) words.add(found)
  }
  return words
}

function valuesOf(message: MessageFacts): readonly Value[] {
  const { header, hosts, parts } = message
  const { name, domain } = header.from
  const replyTo = header.mailbox('reply-to').domain
  const all: readonly (readonly [Place, string])[] = [
    ...hosts.flatMap(hostValues),
    ...parts
      .filter(({ filename }) => filename !== '')
      .map(({ filename }) => ['attachment-names', filename] as const),
    ['from', name],
    ['from', senderValue(domain)],
    ['reply-to', senderValue(replyTo)],
    ...fields.map(field => [`header ${field}`, unicode(header.value(field))] as const),
  ]
  const values = new Map<string, Value>()
  for (const [place, text] of all) {
    const phrase = asPhrase(text)
    if (phrase !== undefined) values.set(`${place} ${phrase}`, { place, phrase })
  }
  return [...values.values()]
}

/** A service that gives each customer a host has honest customers too, and a shortener leads anywhere. */
function hostValues({ host, domain, numeric }: HostFacts): (readonly [Place, string])[] {
  if (isShortener(host)) return []
  const whole = ['urls', host] as const
  return numeric || host === domain || hostingOf(host) !== undefined ? [whole] : [whole, ['urls', domain]]
}

/** What honest people use every day would be a rule against all of them. */
const senderValue = (domain: string): string => (domain === '' || isFreeMail(domain) ? '' : `@${domain}`)

/** In small letters; undefined for what is too short to mean something, or cannot be written as a phrase. */
function asPhrase(text: string): string | undefined {
  const clean = text.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase()
  if (clean.length < 5 || clean.length > longestValue || !/[\p{L}\p{N}]/u.test(clean)) return undefined
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]/u.test(clean) || clean.startsWith('/')) return undefined
  return clean.replaceAll('*', '\\*')
}
