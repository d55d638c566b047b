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
import { cheapSelection, withoutLateValues, withoutUnneeded } from './cheap.ts'
import { type Ruleset, withoutPatterns } from './ruleset.ts'

export type PreparedRules =
  | {
      readonly kind: 'ready'
      readonly ruleset: Ruleset
      readonly set: PreparedSet
      readonly report: PatternReport
    }
  | { readonly kind: 'failed'; readonly reason: string }

export interface RuleOptions extends Omit<PrepareOptions, 'selection'> {
  /**
   * Rules that cost little only: microseconds per megabyte of ordinary text that a pattern may cost (see cheap.ts). What that is
   * the native core measures, without which it fails.
   */
  readonly cheap?: number
}

/**
 * With `leaveOutExpensive` rules beyond `limits.ordinary` and `limits.hostile` (microseconds per megabyte) are left out.
 */
export async function prepareRules(
  ruleset: Ruleset,
  { cheap, ...options }: RuleOptions = {},
): Promise<PreparedRules> {
  const wanted = cheap === undefined ? ruleset : withoutLateValues(ruleset)
  const prepared = await preparePatterns(ruleset.patterns, {
    ...options,
    ...(cheap !== undefined && {
      engine: 'native' as const,
      leaveOutExpensive: true,
      selection: cheapSelection(wanted, cheap),
    }),
  })
  if (prepared.kind === 'failed') return prepared
  const { set, report } = prepared
  const found = withoutPatterns(wanted, refusedPatterns(report))
  return { kind: 'ready', ruleset: cheap === undefined ? found : withoutUnneeded(found), set, report }
}

export function refusedPatterns({
  refused,
  expensive,
  unselected = [],
}: PatternReport): ReadonlyMap<number, string> {
  return new Map([
    ...refused.map(({ pattern, reason }): [number, string] => [pattern, `cannot be looked for: ${reason}`]),
    ...expensive
      .filter(({ leftOut }) => leftOut)
      .map(({ pattern, reason }): [number, string] => [pattern, `too expensive: ${reason}`]),
    ...unselected.map(({ pattern, reason }): [number, string] => [pattern, reason]),
  ])
}
