/**
 * The names of the places in a message where a rule can look.
 */
import { type Flaw, flaw, quoted } from '#config/grammar/reading.ts'
import { nearest } from '#config/nearest.ts'
import type { Zone } from '#scanner/layout.ts'
import type { Place } from './lexicon.ts'

const zonePlaces = new Map<string, Zone>([
  ['header', 'header'],
  ['text', 'text'],
  ['hidden', 'hidden'],
  ['source', 'source'],
  ['urls', 'url'],
  ['addresses', 'address'],
  ['attachment-names', 'filename'],
  ['attachments', 'attachment'],
  ['raw', 'wire'],
])

/** The fields that are asked for so often that they need no `header` before them. */
const fieldPlaces = ['subject', 'from', 'to', 'cc', 'reply-to']

export const placeNames: readonly string[] = [...fieldPlaces, ...zonePlaces.keys()]

/** What a rule looks at when it does not say. */
export const usualPlaces: readonly Place[] = [
  { name: 'subject', zone: 'header', field: 'subject' },
  { name: 'text', zone: 'text' },
]

/** RFC 5322 §3.6.8: printable characters without the colon. */
const fieldName = /^[\x21-\x39\x3b-\x7e]+$/

export function readPlace(text: string): Place | Flaw {
  const name = text.trim().toLowerCase().replace(/\s+/g, ' ')
  if (fieldPlaces.includes(name)) return { name, zone: 'header', field: name }
  const zone = zonePlaces.get(name)
  if (zone !== undefined) return { name, zone }
  const [first, field, more] = name.split(' ')
  if (first === 'header' && field !== undefined && more === undefined) {
    const bare = field.replace(/:$/, '')
    if (fieldName.test(bare)) return { name: `header ${bare}`, zone: 'header', field: bare }
  }
  const meant = nearest(name, placeNames)
  return flaw(
    `${quoted(text)} is no place in a message`,
    meant ?? `one of ${placeNames.join(', ')}, or "header NAME" for any other field`,
  )
}

/** Octets that are no text: there is no character and no word in them. */
export const isBinary = (zone: Zone): boolean => zone === 'attachment' || zone === 'wire'

/** Where the scanners count words, so that distances and rates have a meaning. */
export const hasWords = (zone: Zone): boolean =>
  zone === 'text' || zone === 'hidden' || zone === 'header' || zone === 'filename'
