/**
 * A rule with its verdict.
 */
import type { Place } from './lines.ts'
import type { Expression } from './meta.ts'
import type { Counting, Test } from './translate.ts'

export interface ResolvedMeta {
  readonly expression: Expression
  /** Metas of lower ranks come first. */
  readonly rank: number
}

/** Which of the four scores of a rule counts. */
export const scoreSets = ['local', 'network', 'bayes', 'bayes-network'] as const
export type ScoreSet = (typeof scoreSets)[number]

export type Status =
  /** Tested as SpamAssassin tests it. */
  | 'loads'
  /** Tested, with differences that `reasons` names. */
  | 'approximated'
  /** Its score is 0 in the score set: SpamAssassin would not test it either. */
  | 'off'
  | 'refused'

export interface Rule {
  readonly name: string
  readonly place: Place
  readonly status: Status
  readonly reasons: readonly string[]
  /** Of the score set; names with two underscores have none. */
  readonly score: number
  readonly description: string
  readonly counting: Counting
  /** Undefined when it is not tested. */
  readonly test?: Exclude<Test, { kind: 'meta' }>
  readonly meta?: ResolvedMeta
  /** For tests by pattern: index in `patterns`. */
  readonly pattern?: number
}
