/**
 * From a lexicon to the patterns that are looked for, and to what decides its rules when they were.
 *
 * Promises: what several rules look for is one pattern; the patterns of several lexicons, or of other rules, can stand in
 * one list (`first` says where ours begin).
 * A phrase is a literal for each of its pieces. An apostrophe stands for the typographic one too, and a letter with an
 * accent for its form in two characters, since mail comes with either.
 * Leaves out: the engine that looks for them, and patterns that it refuses (`check.ts`).
 */
import type { Path } from '#config/json-schema.ts'
import { type Zone, zones } from '#scanner/layout.ts'
import type { LiteralPattern, Pattern, RegexPattern } from '#scanner/pattern.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import { evaluateRules, type LexiconVerdict } from './evaluate.ts'
import type { Condition, Expression, Lexicon, LexiconRule, Piece, Place, Term } from './lexicon.ts'
import { isBinary } from './place.ts'
import type { CompiledPiece, CompiledTerm, PlaceFilter, Program } from './program.ts'

export interface CompiledLexicon {
  readonly patterns: readonly Pattern[]
  /** What `evaluate` works with, for another thread: it survives structured clone. */
  readonly program: Program
  /** Where in the file a pattern is asked for; the first place of several. */
  pathOf(pattern: number): Path
  /** `first`: the number of our first pattern in the list that was compiled. Linear in the number of matches. */
  evaluate(output: ScanOutput, first?: number): LexiconVerdict
}

export function compileLexicon({ rules }: Lexicon): CompiledLexicon {
  const pool = createPool()
  const terms = new Map<Term, CompiledTerm>()
  const users: number[][] = []
  rules.forEach((rule, index) => {
    for (const { term, every } of termsOf(rule)) {
      const compiled = compileTerm(pool, term, every)
      terms.set(term, compiled)
      for (const pattern of compiled.pieces.flatMap(piece => piece.patterns)) {
        const list = users[pattern]
        if (list === undefined) users[pattern] = [index]
        else if (list.at(-1) !== index) list.push(index)
      }
    }
  })
  const restless = rules.flatMap((rule, index) => (isRestless(rule) ? [index] : []))
  const program: Program = { rules, terms, users, restless }
  return {
    patterns: pool.patterns(),
    program,
    pathOf: pattern => pool.path(pattern),
    evaluate: (output, first = 0) => evaluateRules(program, output, first),
  }
}

/** The terms of a rule, and whether each occurrence of them counts. */
function* termsOf(rule: LexiconRule): Generator<{ term: Term; every: boolean }> {
  if (rule.condition !== undefined) yield* termsOfCondition(rule.condition)
  for (const { term } of rule.words) yield { term, every: rule.repeat }
}

function* termsOfCondition(condition: Condition): Generator<{ term: Term; every: boolean }> {
  switch (condition.kind) {
    case 'term':
      yield { term: condition.term, every: false }
      return
    case 'near':
      for (const term of condition.sides.flat()) yield { term, every: true }
      return
    case 'count':
      for (const term of condition.terms) yield { term, every: true }
      return
    default:
      for (const inner of condition.conditions) yield* termsOfCondition(inner)
  }
}

const isRestless = (rule: LexiconRule): boolean =>
  rule.atLeast === 0 && (rule.condition === undefined || holdsOnNothing(rule.condition))

function holdsOnNothing(condition: Condition): boolean {
  switch (condition.kind) {
    case 'any':
      return condition.conditions.some(holdsOnNothing)
    case 'all':
      return condition.conditions.every(holdsOnNothing)
    case 'none':
      return !condition.conditions.some(holdsOnNothing)
    default:
      return false
  }
}

function compileTerm(pool: Pool, term: Term, every: boolean): CompiledTerm {
  const { what, places } = term
  const pieces =
    what.kind === 'phrase'
      ? what.pieces.map(piece => compilePiece(pool, piece, term))
      : [compileExpression(pool, what, term, every)]
  return { text: what.text, pieces, filter: filterOf(places) }
}

function filterOf(places: readonly Place[]): PlaceFilter {
  const filter = new Map<number, 'any' | Set<string>>()
  for (const { zone, field } of places) {
    const number = zones.indexOf(zone)
    const fields = filter.get(number)
    if (field === undefined) filter.set(number, 'any')
    else if (fields === undefined) filter.set(number, new Set([field]))
    else if (fields !== 'any') fields.add(field)
  }
  return filter
}

const zonesOf = (places: readonly Place[]): readonly Zone[] => [...new Set(places.map(place => place.zone))]

function compilePiece(pool: Pool, piece: Piece, term: Term): CompiledPiece {
  const zones = zonesOf(term.places)
  const patterns = spellings(piece.text).map(text =>
    pool.literal({ kind: 'literal', text, caseless: term.caseless, word: piece.word, zones }, term.path),
  )
  return { patterns, span: piece.text.split(' ').length - 1, gap: piece.gap }
}

function spellings(text: string): readonly string[] {
  const apostrophes = /['’]/.test(text) ? [text.replaceAll('’', "'"), text.replaceAll("'", '’')] : [text]
  return [...new Set(apostrophes.flatMap(each => [each, each.normalize('NFD')]))]
}

/** Octets are matched by an expression of octets, texts by one of characters: two patterns, where a term looks at both. */
function compileExpression(pool: Pool, what: Expression, term: Term, every: boolean): CompiledPiece {
  const all = zonesOf(term.places)
  const { source, dotall, multiline } = what
  const groups = [
    { zones: all.filter(zone => !isBinary(zone)), unicode: needsCharacters(source) },
    { zones: all.filter(isBinary), unicode: false },
  ].filter(group => group.zones.length > 0)
  const patterns = groups.map(group =>
    pool.regex(
      { kind: 'regex', source, caseless: term.caseless, dotall, multiline, every, ...group },
      term.path,
    ),
  )
  return { patterns, span: 0, gap: 0 }
}

/**
 * Whether octets and characters make a difference. They do not for what names only ASCII characters one by one, and there
 * an expression of octets is quicker and may use \b, which the native engine has for octets only.
 */
const needsCharacters = (source: string): boolean => /[^\x00-\x7f]|\.|\[\^|\\[pPwWSDux]/.test(source)

interface Pool {
  literal(pattern: LiteralPattern, path: Path): number
  regex(pattern: RegexPattern, path: Path): number
  patterns(): readonly Pattern[]
  path(pattern: number): Path
}

interface Entry {
  readonly pattern: Pattern
  readonly zones: Set<Zone>
  readonly path: Path
  every: boolean
}

function createPool(): Pool {
  const numbers = new Map<string, number>()
  const entries: Entry[] = []
  const add = (identity: readonly unknown[], pattern: Pattern, path: Path): number => {
    const key = JSON.stringify(identity)
    let number = numbers.get(key)
    if (number === undefined) {
      number = entries.push({ pattern, zones: new Set(), path, every: false }) - 1
      numbers.set(key, number)
    }
    const entry = entries[number]!
    for (const zone of pattern.zones) entry.zones.add(zone)
    entry.every ||= pattern.kind === 'regex' && pattern.every === true
    return number
  }
  return {
    // A literal without case does not differ from itself in capitals.
    literal: (pattern, path) =>
      add(
        [
          'literal',
          pattern.caseless ? pattern.text.toLowerCase() : pattern.text,
          pattern.caseless,
          pattern.word,
        ],
        pattern,
        path,
      ),
    regex: (pattern, path) =>
      add(
        [
          'regex',
          pattern.source,
          pattern.caseless,
          pattern.dotall,
          pattern.multiline,
          pattern.unicode,
          isBinary(pattern.zones[0]!),
        ],
        pattern,
        path,
      ),
    patterns: () =>
      entries.map(({ pattern, zones, every }) =>
        pattern.kind === 'literal'
          ? { ...pattern, zones: [...zones] }
          : { ...pattern, every, zones: [...zones] },
      ),
    path: pattern => entries[pattern]?.path ?? [],
  }
}
