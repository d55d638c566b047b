/**
 * Which rules of a lexicon hit a message, decided on the match rows of the scan alone; no text is read.
 *
 * Promises: linear in the number of matches times the rules that ask for them; a rule of which nothing was found costs
 * nothing; the order of the rows does not matter.
 * Counting is done in each zone of each part on its own: a mail often has the same text twice, as plain text and as HTML.
 */
import { none, textColumns, type Zone, zones } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import type { Condition, LexiconRule, Term } from './lexicon.ts'
import { byPlace, type Matches, type Occurrence, readMatches } from './matches.ts'
import { findNear } from './near.ts'
import type { Program } from './program.ts'

/** A place in the message that explains a hit; offsets in octets of the zone of that part. */
export interface LexiconPlace {
  /** The word, phrase or expression as the lexicon writes it. */
  readonly term: string
  readonly part: number
  readonly zone: Zone
  /** undefined for an expression of which only the end is known. */
  readonly start: number | undefined
  readonly end: number
}

export interface LexiconHit {
  readonly rule: string
  readonly sentence: string
  readonly score: number
  /** At most `mostPlaces`, by rule; empty for a rule that hits because something is absent. */
  readonly places: readonly LexiconPlace[]
}

export interface LexiconVerdict {
  /** The sum over the hits, with three decimals. */
  readonly score: number
  /** In the order of the lexicon. */
  readonly hits: readonly LexiconHit[]
}

export const mostPlaces = 20

export function evaluateRules(program: Program, output: ScanOutput, first: number): LexiconVerdict {
  const matches = readMatches(output, first, program.users.length)
  const concerned = new Set(program.restless)
  for (const pattern of matches.found()) for (const rule of program.users[pattern] ?? []) concerned.add(rule)
  const message = inMessage(program, matches, output)
  const hits = [...concerned]
    .sort((a, b) => a - b)
    .map(index => evaluateRule(program.rules[index]!, message))
    .filter(hit => hit !== undefined)
  return { score: round(hits.reduce((sum, hit) => sum + hit.score, 0)), hits }
}

const round = (score: number): number => Math.round(score * 1_000) / 1_000

interface InMessage {
  occurrences(term: Term): readonly Occurrence[]
  /** Words of a zone of a part. */
  words(part: number, zone: number): number
}

function inMessage(program: Program, matches: Matches, output: ScanOutput): InMessage {
  let counted: Map<string, number> | undefined
  return {
    occurrences: term => matches.occurrences(program.terms.get(term)!),
    words(part, zone) {
      counted ??= countWords(output.texts)
      return counted.get(`${part} ${zone}`) ?? 0
    },
  }
}

function countWords(texts: Uint32Array): Map<string, number> {
  const found = new Map<string, number>()
  for (let at = 0; at < texts.length; at += textColumns.length) {
    const [part, zone, , words] = texts.subarray(at, at + 4)
    found.set(`${part} ${zone}`, words!)
  }
  return found
}

function evaluateRule(rule: LexiconRule, message: InMessage): LexiconHit | undefined {
  const places: LexiconPlace[] = []
  if (rule.condition !== undefined && !holds(rule.condition, message, places)) return undefined
  let score = rule.weight
  let different = 0
  for (const { term, weight } of rule.words) {
    const occurrences = message.occurrences(term)
    if (occurrences.length === 0) continue
    different++
    score += weight * (rule.repeat ? mostInOneText(occurrences) : 1)
    explain(places, term, occurrences)
  }
  if (different < rule.atLeast) return undefined
  const capped = Math.max(-rule.cap, Math.min(rule.cap, score))
  return { rule: rule.name, sentence: rule.sentence, score: round(capped), places }
}

/** Adds what explains it when it holds; all that holds of `any`, since a reader wants to see it. */
function holds(condition: Condition, message: InMessage, places: LexiconPlace[]): boolean {
  switch (condition.kind) {
    case 'term': {
      const occurrences = message.occurrences(condition.term)
      explain(places, condition.term, occurrences)
      return occurrences.length > 0
    }
    case 'any':
      return condition.conditions.filter(inner => holdsApart(inner, message, places)).length > 0
    case 'all':
      return condition.conditions.every(inner => holdsApart(inner, message, places))
    case 'none':
      return !condition.conditions.some(inner => holds(inner, message, []))
    case 'near':
      return holdsNear(condition, message, places)
    case 'count':
      return holdsCount(condition, message, places)
  }
}

/** What was seen on the way to a condition that does not hold explains nothing. */
function holdsApart(condition: Condition, message: InMessage, places: LexiconPlace[]): boolean {
  const own: LexiconPlace[] = []
  if (!holds(condition, message, own)) return false
  places.push(...own.slice(0, mostPlaces - places.length))
  return true
}

type Near = Extract<Condition, { kind: 'near' }>
type Count = Extract<Condition, { kind: 'count' }>

function holdsNear({ sides, within, ordered }: Near, message: InMessage, places: LexiconPlace[]): boolean {
  const found = findNear(
    sides.map(side => together(side, message)),
    within,
    ordered,
  )
  found?.forEach((occurrence, index) => {
    const term = sides[index]!.find(each => message.occurrences(each).includes(occurrence))
    if (term !== undefined) explain(places, term, [occurrence])
  })
  return found !== undefined
}

function together(terms: readonly Term[], message: InMessage): readonly Occurrence[] {
  const [only, ...more] = terms
  if (more.length === 0) return message.occurrences(only!)
  return terms.flatMap(term => message.occurrences(term)).sort(byPlace)
}

function holdsCount(
  { terms, atLeast, perThousand }: Count,
  message: InMessage,
  places: LexiconPlace[],
): boolean {
  const enough = new Set<string>()
  for (const [text, count] of countByText(terms.flatMap(term => message.occurrences(term)))) {
    const [part, zone] = text.split(' ')
    const rate = perThousand === 0 || count * 1_000 >= perThousand * message.words(Number(part), Number(zone))
    if (count >= atLeast && rate) enough.add(text)
  }
  for (const term of terms)
    explain(
      places,
      term,
      message.occurrences(term).filter(occurrence => enough.has(textOf(occurrence))),
    )
  return enough.size > 0
}

const textOf = ({ part, zone }: Occurrence): string => `${part} ${zone}`

function countByText(occurrences: readonly Occurrence[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const occurrence of occurrences) {
    const text = textOf(occurrence)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return counts
}

const mostInOneText = (occurrences: readonly Occurrence[]): number =>
  Math.max(0, ...countByText(occurrences).values())

function explain(places: LexiconPlace[], term: Term, occurrences: readonly Occurrence[]): void {
  for (const { part, zone, start, end } of occurrences.slice(0, Math.max(0, mostPlaces - places.length)))
    places.push({
      term: term.what.text,
      part,
      zone: zones[zone]!,
      start: start === none ? undefined : start,
      end,
    })
}
