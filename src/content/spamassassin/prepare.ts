/**
 * Rules made ready for scanning: their patterns are compiled and measured, and rules whose pattern cannot be looked for, or
 * costs more than it may, are refused with that reason.
 *
 * Promises: the selection depends on the patterns, the limits and what was measured, which the ledger of the cache keeps: with
 * the same cache it is the same again.
 */
import { type PrepareOptions, preparePatterns } from '#scanner/patterns/prepare.ts'
import type { PatternReport } from '#scanner/patterns/report.ts'
import type { PreparedSet } from '#scanner/patterns/set.ts'
import { type Ruleset, withoutPatterns } from './ruleset.ts'

export type PreparedRules =
  | {
      readonly kind: 'ready'
      readonly ruleset: Ruleset
      readonly set: PreparedSet
      readonly report: PatternReport
    }
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * With `leaveOutExpensive` rules beyond `limits.ordinary` and `limits.hostile` (microseconds per megabyte) are left out.
 */
export async function prepareRules(ruleset: Ruleset, options: PrepareOptions = {}): Promise<PreparedRules> {
  const prepared = await preparePatterns(ruleset.patterns, options)
  if (prepared.kind === 'failed') return prepared
  const { set, report } = prepared
  return { kind: 'ready', ruleset: withoutPatterns(ruleset, refusedPatterns(report)), set, report }
}

export function refusedPatterns({ refused, expensive }: PatternReport): ReadonlyMap<number, string> {
  return new Map([
    ...refused.map(({ pattern, reason }): [number, string] => [pattern, `cannot be looked for: ${reason}`]),
    ...expensive
      .filter(({ leftOut }) => leftOut)
      .map(({ pattern, reason }): [number, string] => [pattern, `too expensive: ${reason}`]),
  ])
}
