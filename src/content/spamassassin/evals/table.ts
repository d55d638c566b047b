/**
 * Functions of SpamAssassin's plugins that rules call with `eval:`. A row each: those that are served, and those that are
 * not with the plugin that they need.
 */
import { bodyFunctions } from './body.ts'
import { freemailFunctions } from './freemail.ts'
import type { Missing, Served } from './function.ts'
import { headerFunctions } from './header.ts'
import { mimeFunctions } from './mime.ts'
import { missingFunctions } from './missing.ts'

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
