/**
 * What came of a list of patterns: how each is looked for, what was refused, and what it all costs.
 *
 * Promises: a pattern that is not looked for, or only partly, is named here with a sentence; numbers are indexes in the
 * list that was given.
 */
import type { Zone } from '#scanner/layout.ts'

export interface PatternLimits {
  /** Milliseconds on the processor that one expression may take to compile alone. */
  readonly each: number
  /** Milliseconds that everything together may take. */
  readonly all: number
  /** Octets that compiling may take, beyond what the process needs to run at all. */
  readonly memory: number
  /** Microseconds per megabyte of ordinary text, beyond which an expression is expensive. */
  readonly ordinary: number
  /** The same for text made to be slow, such as one letter repeated. */
  readonly hostile: number
}

export const defaultPatternLimits: PatternLimits = {
  each: 20_000,
  all: 900_000,
  memory: 2 ** 31,
  ordinary: 2_000,
  hostile: 50_000,
}

export interface PatternProgress {
  /** `try` each expression alone, then `compile` all together. */
  readonly phase: 'try' | 'compile'
  readonly done: number
  readonly total: number
}

/** What one expression costs alone. */
export interface PatternCost {
  /** Milliseconds that it took to compile. */
  readonly compile: number
  /** Octets of its image. */
  readonly size: number
  /** Microseconds per megabyte of ordinary text. */
  readonly ordinary: number
  /** The same for the slowest of the texts made to be slow, and its name. */
  readonly hostile: number
  readonly slowest: string
}

export interface RefusedPattern {
  readonly pattern: number
  /** A sentence without its full stop. */
  readonly reason: string
  /** The zones that are concerned, when it is looked for in others. */
  readonly zones?: readonly Zone[]
}

export interface ExpensivePattern {
  readonly pattern: number
  readonly cost: PatternCost
  /** Why it counts as expensive. */
  readonly reason: string
  readonly leftOut: boolean
}

export interface PatternReport {
  readonly engine: 'native' | 'typescript'
  readonly patterns: number
  /** Expressions that are confirmed by RegExp, because the engine finds more than they mean. */
  readonly confirmed: readonly number[]
  readonly refused: readonly RefusedPattern[]
  readonly expensive: readonly ExpensivePattern[]
  /** What a selection left out (see PrepareOptions). */
  readonly unselected?: readonly RefusedPattern[]
  /** `compiled` now, or found in the cache. The rest of the report is as it was when it was compiled. */
  readonly source: 'compiled' | 'cache'
  /** Milliseconds of this call. */
  readonly milliseconds: number
  /** Octets of the image; 0 without one. */
  readonly size: number
}
