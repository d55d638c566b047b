/**
 * What becomes of each pattern, by what the compiler said of it and what it costs.
 */
import type { Zone } from '#scanner/layout.ts'
import type { Pattern, RegexPattern } from '#scanner/pattern.ts'
import type { ChildVerdict } from './child.ts'
import { confirmingExpression } from './expression.ts'
import type { Trial } from './ledger.ts'
import type { ExpensivePattern, PatternLimits, RefusedPattern } from './report.ts'

export interface Judgement {
  /** In the order of the list; what is not looked for has no zones. */
  readonly given: readonly Pattern[]
  readonly confirmed: ReadonlyMap<number, RegexPattern>
  readonly refused: readonly RefusedPattern[]
}

/** Their texts are never kept, so that nothing in them can be confirmed. */
const unconfirmable: readonly Zone[] = ['attachment', 'wire']

/** `verdict` says undefined where nothing is known yet; `leftOut` are not looked for in any case. */
export function judgePatterns(
  patterns: readonly Pattern[],
  verdict: (pattern: number) => ChildVerdict | undefined,
  leftOut: ReadonlySet<number>,
): Judgement {
  const confirmed = new Map<number, RegexPattern>()
  const refused: RefusedPattern[] = []
  const given = patterns.map((pattern, index): Pattern => {
    if (leftOut.has(index)) return nowhere(pattern)
    const said = verdict(index)
    if (said === undefined || said.handling === 'direct') return pattern
    const refuse = (reason: string): Pattern => {
      refused.push({ pattern: index, reason })
      return nowhere(pattern)
    }
    if (said.handling === 'refused' || pattern.kind === 'literal') return refuse(said.reason)
    const expression = confirmingExpression(pattern)
    if (typeof expression === 'string')
      return refuse(`Hyperscan: ${said.reason}; and RegExp, which would have to confirm it: ${expression}`)
    const zones = pattern.zones.filter(zone => !unconfirmable.includes(zone))
    const lost = pattern.zones.filter(zone => unconfirmable.includes(zone))
    if (lost.length > 0) {
      const reason = `Hyperscan: ${said.reason}; and in ${lost.join(' and ')} nothing can be confirmed`
      refused.push({ pattern: index, reason, ...(zones.length > 0 && { zones: lost }) })
    }
    if (zones.length === 0) return nowhere(pattern)
    confirmed.set(index, pattern)
    return lost.length === 0 ? pattern : { ...pattern, zones }
  })
  return { given, confirmed, refused }
}

const nowhere = (pattern: Pattern): Pattern => ({ ...pattern, zones: [] })

export function findExpensive(
  trials: ReadonlyMap<number, Trial>,
  limits: PatternLimits,
  leaveOut: boolean,
): readonly ExpensivePattern[] {
  const found: ExpensivePattern[] = []
  for (const [pattern, { handling, reason: _, ...cost }] of trials) {
    if (handling === 'refused') continue
    const reason = whyExpensive(cost, limits)
    if (reason !== undefined) found.push({ pattern, cost, reason, leftOut: leaveOut })
  }
  return found.sort((a, b) => b.cost.ordinary - a.cost.ordinary || b.cost.hostile - a.cost.hostile)
}

function whyExpensive(cost: ExpensivePattern['cost'], limits: PatternLimits): string | undefined {
  if (cost.ordinary > limits.ordinary) return `costs ${cost.ordinary} µs per megabyte of ordinary text`
  if (cost.hostile > limits.hostile) return `costs ${cost.hostile} µs per megabyte of ${cost.slowest}`
  return undefined
}
