/**
 * Conditions as they are written: a text is a term; a list is any of its items; a section is everything that it says:
 *
 *     any: [...]   all: [...]   not: [...]
 *     near: [term or terms, term or terms, ...]   within: 12   ordered: true
 *     count: [terms]   atLeast: 3   perThousand: 5
 *     phrase: term
 *     where: [...]   case: true      for everything below
 *
 * Leaves out: what the terms are (`term.ts`) and the rest of a rule (`rule.ts`).
 */
import type { Path } from '#config/json-schema.ts'
import type { Condition, Place, Term } from './lexicon.ts'
import { hasWords, isBinary, readPlace } from './place.ts'
import { isSection, type Reading, type Section } from './reading.ts'
import { readTerm } from './term.ts'

/** What a condition inherits from what it stands in. */
export interface Context {
  readonly places: readonly Place[]
  readonly caseless: boolean
}

export const conditionKeys = [
  'any',
  'all',
  'not',
  'near',
  'within',
  'ordered',
  'count',
  'atLeast',
  'perThousand',
  'phrase',
  'where',
  'case',
] as const

/** Keys that mean nothing without another. */
const companions: readonly (readonly [key: string, needs: string])[] = [
  ['within', 'near'],
  ['ordered', 'near'],
  ['atLeast', 'count'],
  ['perThousand', 'count'],
]

const mostWords = 10_000

/** undefined when it was wrong, which `reading` knows then. */
export function readCondition(
  reading: Reading,
  path: Path,
  value: unknown,
  context: Context,
): Condition | undefined {
  if (Array.isArray(value)) return readGroup(reading, path, value, context, 'any')
  if (isSection(value)) {
    reading.knownKeys(path, value, conditionKeys)
    return (
      readConditionKeys(reading, path, value, readContext(reading, path, value, context)) ??
      (hasConditionKey(value)
        ? undefined
        : reading.complain(path, 'asks for nothing', 'add any, all, near, count or phrase'))
    )
  }
  const term = readTermAt(reading, path, value, context)
  return term && { kind: 'term', term }
}

const hasConditionKey = (section: Section): boolean =>
  ['any', 'all', 'not', 'near', 'count', 'phrase'].some(key => Object.hasOwn(section, key))

/** `where` and `case` of a section, for what is below it. */
export function readContext(reading: Reading, path: Path, section: Section, context: Context): Context {
  let { places, caseless } = context
  if (Object.hasOwn(section, 'where'))
    places = readPlaces(reading, [...path, 'where'], section.where) ?? places
  if (Object.hasOwn(section, 'case'))
    caseless = !(reading.boolean([...path, 'case'], section.case) ?? !caseless)
  return { places, caseless }
}

function readPlaces(reading: Reading, path: Path, value: unknown): readonly Place[] | undefined {
  const items = Array.isArray(value) ? value : [value]
  if (items.length === 0) return reading.complain(path, 'names no place', 'remove it, or name one')
  const places = new Map<string, Place>()
  items.forEach((item, index) => {
    const below = Array.isArray(value) ? [...path, index] : path
    const text = reading.text(below, item)
    const place = text === undefined ? undefined : reading.take(below, readPlace(text))
    if (place !== undefined) places.set(place.name, place)
  })
  return places.size === 0 ? undefined : [...places.values()]
}

/** The keys of a section that make conditions, joined: all of them must hold. undefined when there is none, or a wrong one. */
export function readConditionKeys(
  reading: Reading,
  path: Path,
  section: Section,
  context: Context,
): Condition | undefined {
  const found: (Condition | undefined)[] = []
  const has = (key: string): boolean => Object.hasOwn(section, key)
  for (const [key, kind] of [
    ['any', 'any'],
    ['all', 'all'],
    ['not', 'none'],
  ] as const)
    if (has(key)) found.push(readGroup(reading, [...path, key], section[key], context, kind))
  if (has('near')) found.push(readNear(reading, path, section, context))
  if (has('count')) found.push(readCount(reading, path, section, context))
  if (has('phrase')) {
    const term = readTermAt(reading, [...path, 'phrase'], section.phrase, context)
    found.push(term && { kind: 'term', term })
  }
  for (const [key, needs] of companions)
    if (has(key) && !has(needs))
      reading.complain(
        [...path, key],
        `means nothing without "${needs}"`,
        `add "${needs}", or remove it`,
        'key',
      )
  const conditions = found.filter(condition => condition !== undefined)
  if (conditions.length === 0 || conditions.length < found.length) return undefined
  return conditions.length === 1 ? conditions[0] : { kind: 'all', conditions }
}

function readGroup(
  reading: Reading,
  path: Path,
  value: unknown,
  context: Context,
  kind: 'any' | 'all' | 'none',
): Condition | undefined {
  const items = Array.isArray(value) ? value : [value]
  if (items.length === 0) return reading.complain(path, 'is an empty list', 'remove it, or add an item')
  const conditions = items.map((item, index) =>
    readCondition(reading, Array.isArray(value) ? [...path, index] : path, item, context),
  )
  const right = conditions.filter(condition => condition !== undefined)
  return right.length < conditions.length ? undefined : { kind, conditions: right }
}

export function readTermAt(reading: Reading, path: Path, value: unknown, context: Context): Term | undefined {
  const text = reading.text(path, value)
  const what = text === undefined ? undefined : reading.take(path, readTerm(text))
  if (what === undefined) return undefined
  const { places, caseless } = context
  const wordless = places.find(place => !hasWords(place.zone))
  if (what.kind === 'phrase' && what.pieces.length > 1 && wordless !== undefined)
    return reading.complain(
      path,
      `a * between words cannot be looked for in ${wordless.name}, where no words are counted`,
      'write an expression, or set another "where"',
    )
  if (
    what.kind === 'expression' &&
    /[^\x00-\x7f]|\\p/iu.test(what.source) &&
    places.some(({ zone }) => isBinary(zone))
  )
    return reading.complain(
      path,
      'an expression for attachments or raw is one of octets, and can name no character beyond ASCII',
    )
  return { what, caseless, places, path }
}

/** A term or a list of terms. */
function readTerms(
  reading: Reading,
  path: Path,
  value: unknown,
  context: Context,
): readonly Term[] | undefined {
  const items = Array.isArray(value) ? value : [value]
  if (items.length === 0) return reading.complain(path, 'is an empty list', 'add a word or phrase')
  const terms = items.map((item, index) =>
    readTermAt(reading, Array.isArray(value) ? [...path, index] : path, item, context),
  )
  const right = terms.filter(term => term !== undefined)
  return right.length < terms.length ? undefined : right
}

function wordPlaces(reading: Reading, path: Path, { places }: Context, what: string): boolean {
  const wordless = places.find(place => !hasWords(place.zone))
  if (wordless === undefined) return true
  reading.complain(
    path,
    `${what} cannot be measured in ${wordless.name}, where no words are counted`,
    'add a "where" beside it: text, hidden, attachment-names or a header field',
    'key',
  )
  return false
}

function readNear(reading: Reading, path: Path, section: Section, context: Context): Condition | undefined {
  const at = [...path, 'near']
  const items = section.near
  const within = Object.hasOwn(section, 'within')
    ? reading.number([...path, 'within'], section.within, { from: 1, to: mostWords, whole: true })
    : reading.complain(at, 'does not say how near', 'add "within: 10", a number of words', 'key')
  const ordered = Object.hasOwn(section, 'ordered')
    ? reading.boolean([...path, 'ordered'], section.ordered)
    : false
  if (!Array.isArray(items) || items.length < 2 || items.length > 8)
    return reading.complain(
      at,
      'is not a list of two to eight',
      'write near: [one, other]; each may be a list of alternatives',
    )
  const sides = items.map((item, index) => readTerms(reading, [...at, index], item, context))
  if (!wordPlaces(reading, at, context, 'a distance')) return undefined
  const right = sides.filter(side => side !== undefined)
  if (right.length < sides.length || within === undefined || ordered === undefined) return undefined
  const written = new Set(right.map(side => side.map(term => term.what.text.toLowerCase()).join('\n')))
  if (written.size < right.length)
    return reading.complain(
      at,
      'names the same words twice, and each is near itself',
      'use count for repetitions',
    )
  return { kind: 'near', sides: right, within, ordered }
}

function readCount(reading: Reading, path: Path, section: Section, context: Context): Condition | undefined {
  const at = [...path, 'count']
  const terms = readTerms(reading, at, section.count, context)
  const has = (key: string): boolean => Object.hasOwn(section, key)
  if (!has('atLeast') && !has('perThousand'))
    return reading.complain(at, 'does not say how many', 'add "atLeast: 3" or "perThousand: 5"', 'key')
  const atLeast = has('atLeast')
    ? reading.number([...path, 'atLeast'], section.atLeast, { from: 1, to: 1_000, whole: true })
    : 1
  const perThousand = has('perThousand')
    ? reading.number([...path, 'perThousand'], section.perThousand, { from: 0.001, to: 1_000 })
    : 0
  if (has('perThousand') && !wordPlaces(reading, at, context, 'a rate')) return undefined
  if (terms === undefined || atLeast === undefined || perThousand === undefined) return undefined
  return { kind: 'count', terms, atLeast, perThousand }
}
