/**
 * What is looked for: literals and regular expressions, and the zones in which they count. A pattern is known by its index
 * in the list that was compiled.
 *
 * Promises, for either scanner:
 * - A literal is reported at every occurrence, overlapping ones too, with exact start and end; `word` asks that no letter,
 *   digit, mark or underscore (Unicode `\p{L}\p{N}\p{M}_`) stands right before (`start`), right behind (`end`) or at either side (`whole`).
 *   In zones text, hidden and header a space in a literal is one space, which stands for any run of white space there.
 *   With `caseless` letters of ASCII are the same as each other only (the Kelvin sign is no k), any other letter is the same as
 *   those with the same lower case of their upper case. A literal is not empty and has no more than 1,024 octets of UTF-8.
 * - A regular expression is reported once per record, at the end of one of its matches, start `none`; with `every` at each
 *   non-overlapping occurrence with its start (where alternatives of different lengths begin at one place, the end may be
 *   that of any of them, and what begins before the longest end is no occurrence of its own). `^` and `$` are the ends of the
 *   record, unless `multiline`; as PCRE has it `$` also stands before a line feed that ends the record, and a `script` must
 *   say so. One that matches nothing at all is found in every record with an octet.
 * - In zones attachment and wire there are octets, not characters: `unicode` counts for nothing there.
 * - At most `perPattern` matches of one pattern are reported per message.
 */
import type { Zone } from '#scanner/layout.ts'

export interface LiteralPattern {
  readonly kind: 'literal'
  readonly text: string
  readonly caseless: boolean
  readonly word: 'none' | 'start' | 'end' | 'whole'
  readonly zones: readonly Zone[]
}

export interface RegexPattern {
  readonly kind: 'regex'
  /** PCRE syntax, as far as Hyperscan knows it; what it refuses is confirmed by `script`. */
  readonly source: string
  /** The same for JavaScript's RegExp (flags u or none, i, s, m are added); `source` when absent. */
  readonly script?: string
  readonly caseless: boolean
  readonly dotall: boolean
  readonly multiline: boolean
  /** Code points and Unicode classes instead of octets. */
  readonly unicode: boolean
  readonly every?: boolean
  readonly zones: readonly Zone[]
}

export type Pattern = LiteralPattern | RegexPattern

export const perPattern = 1_000
