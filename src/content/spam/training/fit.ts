/**
 * From the features of some mails to weights: how much each feature counts (scales), and what it tells (weights).
 *
 * Promises: nothing is learned from a mail that is not in `mails`, not even how frequent a feature is; no weight is larger
 * than the recipe allows.
 */
import { instancesOf } from '#content/spam/training/instances.ts'
import { neutralSlots } from '#content/spam/training/neutral-words.ts'
import type { Recipe } from '#content/spam/training/recipe.ts'
import { defaultSolverOptions, solve } from '#content/spam/training/solver.ts'
import { boundsOf, type FeatureStore, groupCount, groupStarts } from '#content/spam/training/store.ts'

export interface Fitted {
  /** By column. Weights have the factor of their group in them. */
  readonly weights: Float32Array
  readonly scales: Float32Array
  readonly bias: number
  readonly rounds: number
  readonly converged: boolean
}

export function fit(store: FeatureStore, mails: Uint32Array, recipe: Recipe, visits = recipe.visits): Fitted {
  const scales = scalesOf(store, mails, recipe)
  const { instances, columns, scalesOfColumns } = instancesOf(store, mails, scales, recipe)
  const { scaledWeights, bias, rounds, converged } = solve(instances, scalesOfColumns, {
    ...defaultSolverOptions,
    visits,
  })
  const weights = new Float32Array(scales.length)
  for (const [number, column] of columns.entries()) {
    const weight = scaledWeights[number]! / scales[column]!
    weights[column] = Math.min(Math.max(weight, -recipe.largestWeight), recipe.largestWeight)
  }
  const starts = groupStarts(recipe.options.bits)
  for (const [group, factor] of recipe.factors.entries())
    for (let column = starts[group]!; column < starts[group + 1]!; column++)
      weights[column] = weights[column]! * factor
  return { weights, scales: Float32Array.from(scales), bias, rounds, converged }
}

/** The rarer the more: ln(1 + mails / mails that have it). 0 for what is too rare, or only tells the language. */
function scalesOf(store: FeatureStore, mails: Uint32Array, recipe: Recipe): Float64Array {
  const having = new Uint32Array(groupStarts(recipe.options.bits).at(-1)!)
  const bounds = new Uint32Array(groupCount + 1)
  for (const mail of mails) {
    const columns = store.slabs[store.slab[mail]!]!
    const [start, end] = [boundsOf(store, mail, bounds)[0]!, bounds[groupCount]!]
    for (let index = start; index < end; index++) having[columns[index]!]!++
  }
  for (const column of neutralSlots(recipe.options.bits[0])) having[column] = 0
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
