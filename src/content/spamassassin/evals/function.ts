/** What a row of the table of functions is. */
import type { MessageView } from '../message-view.ts'

/** The value of the rule: 0 where it does not hit. */
export type EvalFunction = (view: MessageView) => number
export type Lists = ReadonlyMap<string, readonly string[]>

export interface Served {
  readonly kind: 'served'
  /** A sentence when the arguments do not fit. */
  readonly prepare: (given: readonly string[], lists: Lists) => EvalFunction | string
  readonly approximation: readonly string[]
}

export interface Missing {
  readonly kind: 'missing'
  /** What it needs, for a report. */
  readonly plugin: string
}
