/**
 * Functions of SpamAssassin's plugins that rules call with `eval:`. A row each: those that are served, and those that are
 * not with the plugin that they need.
 */
import type { MessageView } from '../message-view.ts'
import { bodyFunctions } from './body.ts'
import { freemailFunctions } from './freemail.ts'
import { headerFunctions } from './header.ts'
import { mimeFunctions } from './mime.ts'
import { missingFunctions } from './missing.ts'

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

const served = new Map<string, Served>([
  ...headerFunctions,
  ...mimeFunctions,
  ...freemailFunctions,
  ...bodyFunctions,
])

export function findEval(name: string): Served | Missing | undefined {
  const found = served.get(name)
  if (found !== undefined) return found
  const plugin = missingFunctions(name)
  return plugin === undefined ? undefined : { kind: 'missing', plugin }
}
