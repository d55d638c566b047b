/** How rows of the table of functions are written. */
import type { EvalFunction, Lists, Served } from './function.ts'

export const row = (
  name: string,
  prepare: (given: readonly string[], lists: Lists) => EvalFunction | string,
  ...approximation: string[]
): [string, Served] => [name, { kind: 'served', prepare, approximation }]

/** A function without arguments. */
export const plainRow = (name: string, run: EvalFunction, ...approximation: string[]): [string, Served] =>
  row(name, () => run, ...approximation)
