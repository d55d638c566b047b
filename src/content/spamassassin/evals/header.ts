/** Functions of plugin HeaderEval: what is odd in the header. */
import type { MessageView } from '../message-view.ts'
import { mailboxesOf } from '../values.ts'
import type { EvalFunction, Served } from './function.ts'
import { plainRow, row } from './row.ts'

export const headerFunctions: readonly (readonly [string, Served])[] = [
  plainRow('check_for_missing_to_header', view =>
    Number(!view.fields.has('to') && !view.fields.has('apparently-to')),
  ),
  plainRow('subject_is_all_caps', view => Number(isShouted(view))),
  row('check_header_count_range', ([name = '', least = '', most = '']) => {
    const [min, max] = [Number(least), Number(most)]
    return name === '' || Number.isNaN(min + max)
      ? 'needs a field and two numbers'
      : countsFields(name, min, max)
  }),
  row('check_illegal_chars', ([name = '', share = '', least = '']) => {
    const [ratio, count] = [Number(share), Number(least)]
    return name === '' || Number.isNaN(ratio + count)
      ? 'needs a field and two numbers'
      : isIllegal(name, ratio, count)
  }),
  plainRow('check_unresolved_template', view => Number(hasTemplate(view))),
  plainRow('check_equal_from_domains', view => Number(differInDomain(view))),
  plainRow('check_for_matching_env_and_hdr_from', view => Number(envelopeOf(view) === fromOf(view))),
  plainRow('sorted_recipients', view => Number(isSorted(recipientsOf(view)))),
  row('similar_recipients', ([least = 'undef', most = 'undef']) => {
    const [min, max] = [bound(least, 0), bound(most, Number.POSITIVE_INFINITY)]
    return Number.isNaN(min + max)
      ? 'needs two numbers'
      : view =>
          Number(
            isWithin(
              view.once('similarity', () => similarity(recipientsOf(view))),
              min,
              max,
            ),
          )
  }),
  row('check_for_shifted_date', ([least = 'undef', most = 'undef']) => {
    const [min, max] = [bound(least, Number.NEGATIVE_INFINITY), bound(most, Number.POSITIVE_INFINITY)]
    return Number.isNaN(min) || Number.isNaN(max)
      ? 'needs two numbers'
      : view => Number(isWithin(view.once('date shift', () => dateShift(view)) / 3_600, min, max))
  }),
]

const bound = (text: string, open: number): number => (text === 'undef' ? open : Number(text))
const isWithin = (value: number, min: number, max: number): boolean => value >= min && value < max

/** Ten characters and two words or more; `Re:` and its translations do not count. */
function isShouted(view: MessageView): boolean {
  const row = view.fields.get('subject')?.at(-1)
  if (row === undefined) return false
  const subject = view
    .decoded(row)
    .trim()
    .replace(/^(?:(?:re|fwd?|aw|antwort|wg|sv|vb|vs|vl):\s*)+/i, '')
  if (subject.length < 10 || !/\s/.test(subject)) return false
  // Charsets whose octets look like capitals.
  if (/=\?(?:koi|windows-125|iso-2022|euc|gb|big5|utf-7|ks_c|hz|shift)/i.test(view.raw(row))) return false
  const letters = subject.replace(/[^a-zA-Z]/g, '')
  return letters !== '' && letters === letters.toUpperCase()
}

const countsFields =
  (name: string, min: number, max: number): EvalFunction =>
  view => {
    const rows = view.fields.get(name.toLowerCase()) ?? []
    const count = new Set(rows.map(field => view.decoded(field))).size
    return Number(count >= min && count <= max)
  }

const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f]/
const foreign = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]/g

/** Controls and octets above 127 that are not UTF-8. */
const isIllegal =
  (name: string, ratio: number, count: number): EvalFunction =>
  view => {
    const rows =
      name === 'ALL' ? [...Array(view.rootFields).keys()] : (view.fields.get(name.toLowerCase()) ?? [])
    const text = rows
      .map(field => (name === 'ALL' ? `${view.writtenName(field)}: ` : '') + view.raw(field))
      .join('')
    if (text.trim() === '' || (isUtf8(text) && !controls.test(text))) return 0
    let illegal = text.match(foreign)?.length ?? 0
    // One sign of cent, pound or trade mark in a subject is nothing special.
    if (name.toLowerCase() === 'subject' && (text.match(/[\xa2\xa3\xae]/g)?.length ?? 0) === 1) illegal--
    return Number(illegal / text.length >= ratio && illegal >= count)
  }

const isUtf8 = (text: string): boolean =>
  /[\x80-\xff]/.test(text) && !Buffer.from(text, 'latin1').toString('utf8').includes('\ufffd')

const untested =
  /^(?:x-vms-to|x-uidl|x-face|to|cc|from|subject|references|in-reply-to|(?:x-|resent-|x-original-)?message-id)$/

function hasTemplate(view: MessageView): boolean {
  for (const [name, rows] of view.fields)
    if (!untested.test(name) && rows.some(field => /%[A-Z][A-Z_-]/.test(view.decoded(field)))) return true
  return false
}

const fromOf = (view: MessageView): string => (mailboxesOf(view, 'from')[0]?.address ?? '').toLowerCase()
const envelopeOf = (view: MessageView): string => (view.context.envelopeFrom ?? '').toLowerCase()
/** The last two labels. */
const secondLevel = (address: string): string =>
  /@(?:[^@]*\.)?([^@.]+\.[^@.]+)$/.exec(address)?.[1] ?? /@([^@]*)$/.exec(address)?.[1] ?? ''

function differInDomain(view: MessageView): boolean {
  const [header, envelope] = [secondLevel(fromOf(view)), secondLevel(envelopeOf(view))]
  return header !== '' && envelope !== '' && header !== envelope
}

const enough = { sorted: 7, similar: 5, letters: 2, most: 256 } as const

const recipientsOf = (view: MessageView): readonly string[] =>
  view.once('recipients', () => readRecipients(view))

function readRecipients(view: MessageView): string[] {
  const addresses = ['to', 'cc', 'bcc'].flatMap(name => mailboxesOf(view, name)).map(({ address }) => address)
  return addresses
    .filter((address, at) => address.toLowerCase() !== addresses[at - 1]?.toLowerCase())
    .slice(0, enough.most)
}

function isSorted(recipients: readonly string[]): boolean {
  if (recipients.length < enough.sorted) return false
  return recipients.every((address, at) => at === 0 || recipients[at - 1]! <= address)
}

/** Pairs that begin alike, of all pairs; local parts and hosts count apart. */
function similarity(recipients: readonly string[]): number {
  const total = recipients.length
  if (total < enough.similar) return 0
  const hosts = recipients.map(address => address.slice(address.indexOf('@') + 1))
  const pairs = pairsAlike(recipients.map(address => address.slice(0, enough.letters)))
  const hostPairs = pairsAlike(hosts.map(host => host.slice(0, enough.letters))) - pairsAlike(hosts)
  return (pairs + hostPairs) / ((total * (total - 1)) / 2)
}

function pairsAlike(texts: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0)
}

/** Seconds by which Date is later than the Received field that is nearest to it. */
function dateShift(view: MessageView): number {
  const date = [...(view.fields.get('resent-date') ?? []), ...(view.fields.get('date') ?? [])]
    .map(field => timeOf(view.decoded(field)))
    .find(time => time !== undefined)
  if (date === undefined) return 0
  const received = (view.fields.get('received') ?? [])
    .map(field => timeOf(view.decoded(field).replace(/^.*;/s, '')))
    .filter(time => time !== undefined)
  const times = view.context.receivedAt === undefined ? received : [view.context.receivedAt, ...received]
  const shifts = times.map(time => date - time)
  if (shifts.length > 1 && shifts.at(-1) === 0) shifts.pop()
  return shifts.reduce((least, shift) => (Math.abs(shift) < Math.abs(least) ? shift : least), shifts[0] ?? 0)
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** RFC 5322 §3.3; seconds since 1970, undefined for what is no date. */
function timeOf(text: string): number | undefined {
  const found =
    /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4})?/.exec(text)
  if (found === null) return undefined
  const [, day, name, written, hour, minute, second = '0', zone = '+0000'] = found
  const month = months.indexOf(name!.toLowerCase())
  const year =
    written!.length === 4 ? Number(written) : Number(written) + (Number(written) < 50 ? 2_000 : 1_900)
  const offset = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * (zone[0] === '-' ? -60 : 60)
  const time =
    Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second)) / 1_000 - offset
  return month < 0 || Number.isNaN(time) ? undefined : time
}
