/**
 * A lexicon as values: rules about the words of a message, each with a sentence, a weight and its own tests.
 *
 * Promises: what these types hold was read and found right (`read.ts`); nothing here refers to the file any more, but by
 * paths for what is found later, such as a pattern that no engine can do.
 * Leaves out: how a file is written (`read.ts`, `condition.ts`, `term.ts`, and the manual page), how rules are looked for
 * (`compile.ts`) and decided (`evaluate.ts`).
 */
import type { Path } from '#config/json-schema.ts'
import type { Zone } from '#scanner/layout.ts'

/** Where a rule looks: a zone of the scan, or the fields of one name within zone `header`. */
export interface Place {
  /** As written: `subject`, `header x-mailer`, `text`. */
  readonly name: string
  readonly zone: Zone
  /** Lower-case name of the field; every field when absent. Only in zone `header`. */
  readonly field?: string
}

/** A stretch of text without a wildcard inside. */
export interface Piece {
  /** Single spaces between words; NFC. */
  readonly text: string
  /** Which ends must be ends of words, as in LiteralPattern. */
  readonly word: 'none' | 'start' | 'end' | 'whole'
  /** From the last word of the piece before to the first of this: 1 when they are neighbours; 0 for the first piece. */
  readonly gap: number
}

export interface Phrase {
  readonly kind: 'phrase'
  /** As written. */
  readonly text: string
  readonly pieces: readonly Piece[]
}

export interface Expression {
  readonly kind: 'expression'
  /** As written, slashes included. */
  readonly text: string
  readonly source: string
  readonly dotall: boolean
  readonly multiline: boolean
}

/** One thing to look for, with where and how. */
export interface Term {
  readonly what: Phrase | Expression
  readonly caseless: boolean
  readonly places: readonly Place[]
  readonly path: Path
}

export type Condition =
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'any' | 'all' | 'none'; readonly conditions: readonly Condition[] }
  /** One term of each side, all within so many words; in this order when `ordered`. */
  | {
      readonly kind: 'near'
      readonly sides: readonly (readonly Term[])[]
      readonly within: number
      readonly ordered: boolean
    }
  /** So many occurrences, and so many for each thousand words, in one zone of one part. */
  | {
      readonly kind: 'count'
      readonly terms: readonly Term[]
      readonly atLeast: number
      readonly perThousand: number
    }

/** A word that adds its own weight to the score of its rule. */
export interface WeightedTerm {
  readonly term: Term
  readonly weight: number
}

/** A made-up mail: texts by the name of the place where they stand; `text` when it is nothing but a text. */
export interface Sample {
  readonly contents: ReadonlyMap<string, string>
  readonly path: Path
}

export interface LexiconRule {
  readonly name: string
  /** For people: what the rule has seen when it hits. */
  readonly sentence: string
  /** Added once when the rule hits. */
  readonly weight: number
  /** What must hold; always, when there is none. */
  readonly condition?: Condition
  readonly words: readonly WeightedTerm[]
  /** How many different words must occur; 0 for a rule without words. */
  readonly atLeast: number
  /** Each occurrence of a word counts instead of each word. */
  readonly repeat: boolean
  /** The score is never larger than this, nor smaller than its negative. */
  readonly cap: number
  readonly matches: readonly Sample[]
  readonly passes: readonly Sample[]
  readonly path: Path
}

export interface Lexicon {
  readonly rules: readonly LexiconRule[]
}
