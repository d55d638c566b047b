/**
 * What content is scanned for, as the threads of the engine hand it to each other.
 *
 * Promises: survives structured clone; the compiled patterns are in shared memory and are not copied.
 * Leaves out: how it is made from the configuration (`prepare.ts`) and what a thread makes of it (`opened-rules.ts`).
 */
import type { Program } from '#content/lexicon/program.ts'
import type { SharedPatterns } from '#scanner/patterns/set.ts'

export type ContentRules =
  /** `content.scan` is false. */
  | { readonly kind: 'off' }
  | {
      readonly kind: 'scan'
      readonly lexicons: readonly LexiconProgram[]
      /** undefined where the lexicons look for nothing, or there are none. */
      readonly patterns: SharedPatterns | undefined
      /** File of the trained model; each thread opens it, and the native scanner has one copy for all. */
      readonly model: string | undefined
    }

export interface LexiconProgram {
  readonly program: Program
  /** Number of its first pattern among all. */
  readonly first: number
  /** The name of its file. */
  readonly author: string
}
