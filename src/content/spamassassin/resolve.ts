/**
 * Metas in an order in which each stands behind what it needs, with what is known before any message folded in.
 *
 * Promises: linear in rules and names; cycles are refused by name; a meta that can never hit says what it lacks.
 */
import { type Expression, fold, namesIn, parseMeta } from './meta.ts'
import type { Rule } from './rule.ts'

/** `metas`: name → expression, of rules that are not refused yet. Gives the rules in the same order. */
export function resolveMetas(rules: readonly Rule[], metas: ReadonlyMap<string, string>): Rule[] {
  const byName = new Map(rules.map(rule => [rule.name, rule]))
  const matching = globMatcher([...byName.keys()])
  const parsed = new Map<string, Expression | string>()
  for (const [name, text] of metas) parsed.set(name, parseMeta(text, matching))
  const state: State = { byName, parsed, resolved: new Map(), path: [], onPath: new Set(), ranks: 0 }
  for (const name of metas.keys()) resolve(state, name)
  return rules.map(rule => state.resolved.get(rule.name) ?? rule)
}

interface State {
  readonly byName: ReadonlyMap<string, Rule>
  readonly parsed: ReadonlyMap<string, Expression | string>
  readonly resolved: Map<string, Rule>
  readonly path: string[]
  readonly onPath: Set<string>
  ranks: number
}

interface Frame {
  readonly name: string
  readonly needs: readonly string[]
  next: number
}

/** Depth first with a stack of its own: chains of metas may be long. */
function resolve(state: State, start: string): void {
  if (state.resolved.has(start)) return
  const stack: Frame[] = [frameOf(state, start)]
  state.onPath.add(start)
  while (stack.length > 0) {
    const frame = stack.at(-1)!
    const need = frame.needs[frame.next++]
    if (need === undefined) {
      stack.pop()
      state.onPath.delete(frame.name)
      if (!state.resolved.has(frame.name)) state.resolved.set(frame.name, settle(state, frame.name))
    } else if (state.onPath.has(need)) refuseCycle(state, stack, need)
    else if (state.parsed.has(need) && !state.resolved.has(need)) {
      state.onPath.add(need)
      stack.push(frameOf(state, need))
    }
  }
}

function frameOf(state: State, name: string): Frame {
  const expression = state.parsed.get(name)
  return { name, needs: typeof expression === 'object' ? [...namesIn(expression)] : [], next: 0 }
}

function refuseCycle(state: State, stack: readonly Frame[], need: string): void {
  const names = stack.slice(stack.findIndex(({ name }) => name === need)).map(({ name }) => name)
  const reason = `needs itself: ${[...names, need].join(' needs ')}`
  for (const name of names) state.resolved.set(name, refusedMeta(state.byName.get(name)!, reason))
}

const refusedMeta = (rule: Rule, reason: string): Rule => ({ ...rule, status: 'refused', reasons: [reason] })

function settle(state: State, name: string): Rule {
  const rule = state.byName.get(name)!
  const expression = state.parsed.get(name)!
  if (typeof expression === 'string') return refusedMeta(rule, expression)
  const missing = [...namesIn(expression)].filter(need => knownValue(state, need) === 0)
  const folded = fold(expression, need => knownValue(state, need))
  if (folded.kind === 'number' && folded.value === 0 && missing.length > 0)
    return refusedMeta(rule, `cannot hit without: ${list(missing)}`)
  const meta = { expression: folded, rank: state.ranks++ }
  const lacking = missing.filter(need => statusOf(state, need) === 'refused')
  const vague = [...namesIn(folded)].filter(need => statusOf(state, need) === 'approximated')
  const reasons = [
    ...(lacking.length > 0 ? [`takes as not hit: ${list(lacking)}`] : []),
    ...(vague.length > 0 ? [`needs what is approximated: ${list(vague)}`] : []),
  ]
  return reasons.length === 0 ? { ...rule, meta } : { ...rule, meta, status: 'approximated', reasons }
}

const list = (names: readonly string[]) =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`

/** 0 for a rule that is not tested; undefined for one that a message decides. */
function knownValue(state: State, name: string): number | undefined {
  const rule = state.resolved.get(name) ?? state.byName.get(name)
  if (rule === undefined) return 0
  return rule.status === 'refused' || rule.status === 'off' ? 0 : undefined
}

/** SpamAssassin itself takes rules that do not exist or that are off as not hit. */
const statusOf = (state: State, name: string): Rule['status'] | undefined =>
  (state.resolved.get(name) ?? state.byName.get(name))?.status

/** For `rules_matching(GLOB)`: `*` and `?`. */
function globMatcher(names: readonly string[]): (glob: string) => readonly string[] {
  return glob => {
    const expression = new RegExp(
      `^${glob
        .replace(/[^\w*?]/g, '')
        .replaceAll('?', '.')
        .replace(/\*+/g, '.*')}$`,
    )
    return names.filter(name => expression.test(name))
  }
}
