/**
 * Rules put together for running: every rule with its verdict, patterns for the scanner, and tables of indexes for the
 * evaluator.
 *
 * Promises: every name that the files define has a row in `rules`, with what became of it and why; metas stand behind the
 * rules that they need; what no message can change is folded away before any message comes.
 */
import type { RegexPattern } from '#scanner/pattern.ts'
import type { RuleSource, Scores } from './definition.ts'
import type { Place } from './lines.ts'
import { resolveMetas } from './resolve.ts'
import { type Rule, type ScoreSet, scoreSets } from './rule.ts'
import { countingOf, translateRule } from './translate.ts'

export interface Ruleset {
  readonly rules: readonly Rule[]
  readonly patterns: readonly RegexPattern[]
  /** Points from which a message counts as spam. */
  readonly required: number
  readonly scoreSet: ScoreSet
  readonly source: RuleSource
}

export interface RulesetOptions {
  /**
   * Default `local`: neither their network tests nor their Bayes run here, and the scores of that set were made for that
   * case.
   */
  readonly scoreSet?: ScoreSet
}

export const isSubrule = (name: string): boolean => name.startsWith('__')

/** SpamAssassin's scores for rules that have none: 1, for rules on trial 0.01, less than nothing for nice ones. */
function scoresOf(name: string, source: RuleSource): Scores {
  const given = source.scores.get(name)
  if (given !== undefined) return given
  const score = (name.startsWith('T_') ? 0.01 : 1) * (source.flags.get(name)?.has('nice') ? -1 : 1)
  return [score, score, score, score]
}

export function buildRuleset(source: RuleSource, options: RulesetOptions = {}): Ruleset {
  const scoreSet = options.scoreSet ?? 'local'
  const rules: Rule[] = []
  const patterns: RegexPattern[] = []
  const metas = new Map<string, string>()
  for (const [name, definition] of source.definitions) {
    const base = baseOf(name, definition.place, source, scoreSet)
    if (base.score === 0 && !isSubrule(name)) {
      rules.push({ ...base, status: 'off', reasons: [`its score is 0 in the score set ${scoreSet}`] })
      continue
    }
    const translation = translateRule(definition, source)
    if (translation.kind === 'refused') {
      rules.push({ ...base, status: 'refused', reasons: [translation.reason] })
      continue
    }
    const { test, approximations } = translation
    const status = approximations.length === 0 ? 'loads' : 'approximated'
    const rule = { ...base, status, reasons: approximations } as const
    if (test.kind === 'meta') {
      metas.set(name, test.expression)
      rules.push(rule)
    } else if (test.kind === 'pattern') {
      rules.push({ ...rule, test, pattern: patterns.length })
      patterns.push(test.pattern)
    } else rules.push({ ...rule, test })
  }
  addUndefined(rules, source, scoreSet)
  return { rules: resolveMetas(rules, metas), patterns, required: source.required, scoreSet, source }
}

function baseOf(name: string, place: Place, source: RuleSource, scoreSet: ScoreSet) {
  const scores = scoresOf(name, source)
  return {
    name,
    place,
    score: isSubrule(name) ? 0 : scores[scoreSets.indexOf(scoreSet)]!,
    description: source.descriptions.get(name) ?? '',
    counting: countingOf(source.flags.get(name)),
  }
}

/** Rules that stand in lines without effect, or in lines that could not be read. */
function addUndefined(rules: Rule[], source: RuleSource, scoreSet: ScoreSet): void {
  const add = (name: string, place: Place, reason: string) => {
    if (source.definitions.has(name)) return
    rules.push({ ...baseOf(name, place, source, scoreSet), status: 'refused', reasons: [reason] })
  }
  for (const [name, { place, message }] of source.broken) add(name, place, message)
  for (const [name, { place, reason }] of source.skipped) {
    if (!source.broken.has(name)) add(name, place, reason)
  }
}

/**
 * The same rules without patterns that are not looked for, by index: they are refused, and what needs them is resolved
 * again. The list of patterns stays as it was.
 */
export const withoutPatterns = (ruleset: Ruleset, refused: ReadonlyMap<number, string>): Ruleset =>
  refused.size === 0
    ? ruleset
    : withoutRules(ruleset, ({ pattern }) => (pattern === undefined ? undefined : refused.get(pattern)))

/** The same for rules that are tested in any way: `reasonOf` says why one is refused. */
export function withoutRules(ruleset: Ruleset, reasonOf: (rule: Rule) => string | undefined): Ruleset {
  const metas = new Map<string, string>()
  const rules = ruleset.rules.map((rule): Rule => {
    const body = ruleset.source.definitions.get(rule.name)?.body
    const { meta: _, ...rest } = rule
    if (body?.kind === 'meta' && rule.status !== 'off') {
      metas.set(rule.name, body.expression)
      return { ...rest, status: 'loads', reasons: [] }
    }
    const reason = rule.test === undefined ? undefined : reasonOf(rule)
    if (reason === undefined) return rule
    const { test: __, pattern: ___, ...untested } = rest
    return { ...untested, status: 'refused', reasons: [reason] }
  })
  return { ...ruleset, rules: resolveMetas(rules, metas) }
}
