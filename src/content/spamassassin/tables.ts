/**
 * A ruleset as the evaluator reads it: indexes instead of names, lists by what touches them.
 *
 * Promises: immutable once built; base values are those of a message without fields, text or links.
 */
import type { Selector } from './definition.ts'
import type { EvalFunction } from './evals/function.ts'
import { compileMeta, namesIn, type Program, runProgram } from './meta.ts'
import type { Rule } from './rule.ts'
import type { Ruleset } from './ruleset.ts'
import type { ValueGroup, ValueTest } from './value-tests.ts'
import { isPseudo, selectorKey, type Value, valueReader } from './values.ts'

export interface Tables {
  /** By rule. */
  readonly base: Float64Array
  readonly multiple: Uint8Array
  readonly most: Float64Array
  readonly negated: Uint8Array
  /** By pattern. */
  readonly patternRule: Int32Array
  readonly patternField: readonly (string | undefined)[]
  readonly patternAnyPart: Uint8Array
  /** Rules by the field whose presence they test. */
  readonly existing: ReadonlyMap<string, readonly number[]>
  readonly existingPseudo: readonly { readonly rule: number; readonly read: Value }[]
  /** Tests of one value stand together, so that it is put together once. */
  readonly values: readonly ValueGroup[]
  readonly functions: readonly { readonly rule: number; readonly run: EvalFunction }[]
  /** By rank. */
  readonly metas: readonly { readonly rule: number; readonly program: Program }[]
  /** The ranks of the metas that need rule r: `dependents[dependentStart[r]]` up to `dependents[dependentStart[r + 1]]`. */
  readonly dependentStart: Int32Array
  readonly dependents: Int32Array
  /** Rules with a base value that is not 0. */
  readonly baseHits: readonly number[]
  /** The longest program of a meta. */
  readonly deepest: number
}

export function buildTables({ rules, patterns }: Ruleset): Tables {
  const indexOf = new Map(rules.map(({ name }, index) => [name, index]))
  const metas = metasByRank(rules, name => indexOf.get(name)!)
  const deepest = Math.max(0, ...metas.map(({ program }) => program.codes.length))
  const base = baseValues(rules, metas, deepest)
  const patternRule = new Int32Array(patterns.length)
  const patternField: (string | undefined)[] = patterns.map(() => undefined)
  const patternAnyPart = new Uint8Array(patterns.length)
  rules.forEach(({ test, pattern }, rule) => {
    if (test?.kind !== 'pattern' || pattern === undefined) return
    patternRule[pattern] = rule
    patternField[pattern] = test.field
    patternAnyPart[pattern] = Number(test.anyPart)
  })
  return {
    base,
    multiple: Uint8Array.from(rules, ({ counting }) => Number(counting.multiple)),
    most: Float64Array.from(rules, ({ counting }) => counting.most),
    negated: Uint8Array.from(rules, ({ test }) => Number(test?.kind === 'pattern' && test.negated)),
    patternRule,
    patternField,
    patternAnyPart,
    ...existenceTables(rules),
    values: valueTables(rules),
    functions: rules.flatMap(({ test }, rule) =>
      test?.kind === 'function' ? [{ rule, run: test.run }] : [],
    ),
    metas,
    ...dependentTables(rules, metas, name => indexOf.get(name)!),
    baseHits: [...base.keys()].filter(rule => base[rule] !== 0),
    deepest,
  }
}

function metasByRank(rules: readonly Rule[], indexOf: (name: string) => number): Tables['metas'] {
  return rules
    .flatMap(({ meta }, rule) => (meta === undefined ? [] : [{ rule, meta }]))
    .sort((a, b) => a.meta.rank - b.meta.rank)
    .map(({ rule, meta }) => ({ rule, program: compileMeta(meta.expression, indexOf) }))
}

function baseValues(rules: readonly Rule[], metas: Tables['metas'], deepest: number): Float64Array {
  const base = Float64Array.from(rules, ({ test }) => {
    if (test?.kind === 'pattern') return Number(test.negated)
    return test?.kind === 'value' ? Number(test.expression.test(test.unset) !== test.negated) : 0
  })
  for (const { test } of rules) if (test?.kind === 'value') test.expression.lastIndex = 0
  const stack = new Float64Array(deepest + 1)
  for (const { rule, program } of metas) base[rule] = runProgram(program, base, stack)
  return base
}

function existenceTables(rules: readonly Rule[]): Pick<Tables, 'existing' | 'existingPseudo'> {
  const existing = new Map<string, number[]>()
  const existingPseudo: { rule: number; read: Value }[] = []
  rules.forEach(({ test }, rule) => {
    if (test?.kind !== 'exists') return
    if (isPseudo(test.selector)) {
      existingPseudo.push({ rule, read: valueReader(test.selector) })
      return
    }
    const name = test.selector.name.toLowerCase()
    existing.set(name, [...(existing.get(name) ?? []), rule])
  })
  return { existing, existingPseudo }
}

function valueTables(rules: readonly Rule[]): Tables['values'] {
  const groups = new Map<string, { selector: Selector; tests: ValueTest[] }>()
  rules.forEach(({ test, counting }, rule) => {
    if (test?.kind !== 'value') return
    const { selector, expression, negated, required, steps } = test
    const key = selectorKey(selector)
    const group = groups.get(key) ?? { selector, tests: [] }
    group.tests.push({ rule, expression, negated, required, steps, ...counting })
    groups.set(key, group)
  })
  return [...groups.values()]
}

function dependentTables(
  rules: readonly Rule[],
  metas: Tables['metas'],
  indexOf: (name: string) => number,
): Pick<Tables, 'dependentStart' | 'dependents'> {
  const lists: number[][] = rules.map(() => [])
  metas.forEach(({ rule }, rank) => {
    for (const name of namesIn(rules[rule]!.meta!.expression)) lists[indexOf(name)]!.push(rank)
  })
  const dependentStart = new Int32Array(rules.length + 1)
  lists.forEach((list, rule) => {
    dependentStart[rule + 1] = dependentStart[rule]! + list.length
  })
  return { dependentStart, dependents: Int32Array.from(lists.flat()) }
}
