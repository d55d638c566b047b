/**
 * From the features of some mails to weights: how much each feature counts (scales), and what it tells (weights).
 *
 * The weights are the mean of several members, each of which was trained on a random part of the features: where one of a
 * family of features that always come together would take all, each of them gets its share, and a message without
 * the one is still known by the others.
 * Promises: nothing is learned from a mail that is not in `mails`, not even how frequent a feature is.
 */
import { memberInstances } from '#content/spam/training/member.ts'
import { membersOf, type Recipe } from '#content/spam/training/recipe.ts'
import { solve } from '#content/spam/training/solver.ts'
import { boundsOf, type FeatureStore, groupCount, groupStarts } from '#content/spam/training/store.ts'

/** What the members know together. */
export interface Sum {
  /** By column: weight times scale. */
  readonly scaledWeights: Float64Array
  bias: number
  /** Members whose training ended before it was exact. */
  inexact: number
}

export interface Fitted {
  /** By column. Weights have the factor of their group in them. */
  readonly weights: Float32Array
  readonly scales: Float32Array
  readonly bias: number
  readonly inexact: number
}

export const emptySum = (recipe: Recipe): Sum => ({
  scaledWeights: new Float64Array(groupStarts(recipe.options.bits).at(-1)!),
  bias: 0,
  inexact: 0,
})

export function addMember(
  sum: Sum,
  store: FeatureStore,
  mails: Uint32Array,
  scales: Float64Array,
  recipe: Recipe,
  member: number,
): void {
  const { instances, columns, memberScales } = memberInstances(store, mails, scales, recipe, member)
  const solution = solve(instances, memberScales)
  for (const [dense, column] of columns.entries())
    sum.scaledWeights[column] = sum.scaledWeights[column]! + solution.scaledWeights[dense]!
  sum.bias += solution.bias
  if (!solution.converged) sum.inexact++
}

/** The same members in the same order give the same sum. */
export function addSum(sum: Sum, other: Sum): void {
  for (let column = 0; column < sum.scaledWeights.length; column++)
    sum.scaledWeights[column] = sum.scaledWeights[column]! + other.scaledWeights[column]!
  sum.bias += other.bias
  sum.inexact += other.inexact
}

export function fittedOf(
  { scaledWeights, bias, inexact }: Sum,
  scales: Float64Array,
  recipe: Recipe,
): Fitted {
  const weights = new Float32Array(scales.length)
  const starts = groupStarts(recipe.options.bits)
  const largest = recipe.largestWeight
  const members = membersOf(recipe)
  for (const [group, factor] of recipe.factors.entries())
    for (let column = starts[group]!; column < starts[group + 1]!; column++) {
      if (scales[column] === 0) continue
      const weight = scaledWeights[column]! / members / scales[column]!
      weights[column] = factor * Math.min(Math.max(weight, -largest), largest)
    }
  return { weights, scales: Float32Array.from(scales), bias: bias / members, inexact }
}

export function fit(store: FeatureStore, mails: Uint32Array, recipe: Recipe): Fitted {
  const scales = scalesOf(store, mails, recipe)
  const sum = emptySum(recipe)
  for (let member = 0; member < membersOf(recipe); member++)
    addMember(sum, store, mails, scales, recipe, member)
  return fittedOf(sum, scales, recipe)
}

/** The rarer the more: ln(1 + mails / mails that have it). 0 for what is too rare. */
export function scalesOf(store: FeatureStore, mails: Uint32Array, recipe: Recipe): Float64Array {
  const having = new Uint32Array(groupStarts(recipe.options.bits).at(-1)!)
  const bounds = new Uint32Array(groupCount + 1)
  for (const mail of mails) {
    const columns = store.slabs[store.slab[mail]!]!
    const [start, end] = [boundsOf(store, mail, bounds)[0]!, bounds[groupCount]!]
    for (let index = start; index < end; index++) having[columns[index]!]!++
  }
  return Float64Array.from(having, count =>
    count < recipe.leastMails ? 0 : Math.log(1 + mails.length / count),
  )
}

/** As a model of these weights will say. */
export function marginOf(store: FeatureStore, mail: number, { weights, scales, bias }: Fitted): number {
  const bounds = boundsOf(store, mail, new Uint32Array(groupCount + 1))
  const columns = store.slabs[store.slab[mail]!]!
  let margin = bias
  for (let group = 0; group < groupCount; group++) {
    let sum = 0
    let squares = 0
    for (let index = bounds[group]!; index < bounds[group + 1]!; index++) {
      const column = columns[index]!
      const scale = scales[column]!
      sum += weights[column]! * scale
      squares += scale * scale
    }
    if (squares > 0) margin += sum / Math.sqrt(squares)
  }
  return margin
}
