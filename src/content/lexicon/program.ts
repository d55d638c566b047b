/**
 * A lexicon made ready: its rules, with what each of their terms is among the compiled patterns.
 */
import type { LexiconRule, Term } from './lexicon.ts'

/** What to look for, for one piece of a term: any of the patterns. */
export interface CompiledPiece {
  readonly patterns: readonly number[]
  /** Words of the piece but its last: from the last word of a match to its first. */
  readonly span: number
  readonly gap: number
}

/** Zone → names of fields, or `any`; zones where the term does not look are missing. */
export type PlaceFilter = ReadonlyMap<number, 'any' | ReadonlySet<string>>

export interface CompiledTerm {
  readonly text: string
  readonly pieces: readonly CompiledPiece[]
  readonly filter: PlaceFilter
}

export interface Program {
  readonly rules: readonly LexiconRule[]
  readonly terms: ReadonlyMap<Term, CompiledTerm>
  /** Pattern → rules that name it. */
  readonly users: readonly (readonly number[])[]
  /** Rules that can hold when nothing at all was found. */
  readonly restless: readonly number[]
}
