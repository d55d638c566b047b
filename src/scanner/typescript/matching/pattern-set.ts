/**
 * Patterns made ready for the TypeScript scanner: for each zone an automaton for its literals and a RegExp for each of its
 * regular expressions.
 *
 * Promises: what cannot be looked for is refused by name and the rest is not; zones with the same patterns share what is
 * made for them; a set made from the same patterns by the native compiler finds the same (`pattern.ts` says how exactly).
 */
import { type Zone, zones } from '#scanner/layout.ts'
import type { LiteralPattern, Pattern, RegexPattern } from '#scanner/pattern.ts'
import { confirmingExpression } from '#scanner/patterns/expression.ts'
import type { PatternSet } from '#scanner/scanner.ts'
import { Automaton } from './automaton.ts'
import { caseClass } from './characters.ts'

/** A literal of more octets than this is refused, as by the native compiler. */
export const longestLiteral = 1_024

export interface Literal {
  readonly pattern: number
  /** In characters. */
  readonly length: number
  readonly wordStart: boolean
  readonly wordEnd: boolean
}

export interface Expression {
  readonly pattern: number
  readonly regexp: RegExp
  /** Text of characters; else of octets, one UTF-16 unit each. */
  readonly isText: boolean
  readonly every: boolean
}

/** What is looked for in one zone. */
export interface ZonePatterns {
  readonly exact: Automaton<Literal> | undefined
  /** Over the case classes of characters. */
  readonly folded: Automaton<Literal> | undefined
  readonly longest: number
  readonly expressions: readonly Expression[]
}

export interface RefusedPattern {
  readonly pattern: number
  readonly reason: string
}

export interface TypescriptPatternSet extends PatternSet {
  readonly byZone: ReadonlyMap<Zone, ZonePatterns>
  readonly refused: readonly RefusedPattern[]
}

/** Their octets are whatever somebody sent; all other zones are UTF-8. */
const octetZones: readonly Zone[] = ['attachment', 'wire']

export function makePatternSet(patterns: readonly Pattern[]): TypescriptPatternSet {
  const refused: RefusedPattern[] = []
  const usable = patterns.map((pattern, index) => {
    const reason = refusalOf(pattern)
    if (reason !== undefined) refused.push({ pattern: index, reason })
    return reason === undefined
  })
  const made = new Map<string, ZonePatterns>()
  const byZone = new Map<Zone, ZonePatterns>()
  for (const zone of zones) {
    const wanted = [...patterns.keys()].filter(
      index => usable[index] && patterns[index]!.zones.includes(zone),
    )
    if (wanted.length === 0) continue
    const inOctets = octetZones.includes(zone)
    const key = `${inOctets} ${wanted.join()}`
    const known = made.get(key) ?? makeZonePatterns(patterns, wanted, inOctets)
    made.set(key, known)
    byZone.set(zone, known)
  }
  return { patterns, byZone, refused }
}

export const isTypescriptSet = (set: PatternSet): set is TypescriptPatternSet => 'byZone' in set

function refusalOf(pattern: Pattern): string | undefined {
  if (pattern.kind === 'literal') {
    if (pattern.text === '') return 'an empty text is everywhere'
    return Buffer.byteLength(pattern.text) > longestLiteral
      ? `the text is longer than ${longestLiteral} octets`
      : undefined
  }
  for (const inOctets of new Set(pattern.zones.map(zone => octetZones.includes(zone)))) {
    const made = confirmingExpression(expressionFor(pattern, inOctets))
    if (typeof made === 'string') return made
  }
  return undefined
}

/** In a text of octets `unicode` counts for nothing. */
const expressionFor = (pattern: RegexPattern, inOctets: boolean): RegexPattern =>
  inOctets ? { ...pattern, unicode: false } : pattern

function makeZonePatterns(
  patterns: readonly Pattern[],
  wanted: readonly number[],
  inOctets: boolean,
): ZonePatterns {
  const exact: (readonly [readonly number[], Literal])[] = []
  const folded: (readonly [readonly number[], Literal])[] = []
  const expressions: Expression[] = []
  for (const index of wanted) {
    const pattern = patterns[index]!
    if (pattern.kind === 'regex') {
      const of = expressionFor(pattern, inOctets)
      const regexp = confirmingExpression(of)
      if (typeof regexp !== 'string')
        expressions.push({ pattern: index, regexp, isText: of.unicode, every: pattern.every ?? false })
      continue
    }
    const points = [...pattern.text.toWellFormed()].map(character => character.codePointAt(0)!)
    const literal = literalOf(pattern, index, points.length)
    if (pattern.caseless) folded.push([points.map(caseClass), literal])
    else exact.push([points, literal])
  }
  return {
    exact: exact.length > 0 ? new Automaton(exact) : undefined,
    folded: folded.length > 0 ? new Automaton(folded) : undefined,
    longest: Math.max(0, ...[...exact, ...folded].map(([points]) => points.length)),
    expressions,
  }
}

const literalOf = ({ word }: LiteralPattern, pattern: number, length: number): Literal => ({
  pattern,
  length,
  wordStart: word === 'start' || word === 'whole',
  wordEnd: word === 'end' || word === 'whole',
})
