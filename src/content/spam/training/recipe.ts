/**
 * How a model is trained: all numbers that decide what comes out, with the reason for each.
 */
import type { FeatureOptions } from '#scanner/features/features.ts'
import type { NumberFormat } from '#scanner/features/model-content.ts'

/** By group of features, in the order of `groups`. */
type OfGroups = readonly [number, number, number, number]

export interface Recipe {
  readonly options: FeatureOptions
  readonly numbers: NumberFormat
  /** What fewer mails have than this is chance. */
  readonly leastMails: number
  /** How much a group counts. */
  readonly factors: OfGroups
  /** Each mail is learned once more for each of these, with the groups that have 0 taken away. */
  readonly without: readonly OfGroups[]
  /** How much an error costs beside the size of the weights. */
  readonly cost: number
  /** No weight is larger, so that a spammer has to change, and an archive could give away, much at once. */
  readonly largestWeight: number
  /** Steps of the solver, in entries that it looks at; so many for the model, and so many for all folds together. */
  readonly visits: number
  readonly folds: number
  /** Mails of each kind that the cross-validation looks at. More would tell the same and take longer. */
  readonly mostOfKind: number
}

export const defaultRecipe: Recipe = {
  options: { bits: [19, 17, 17, 15], window: 2, carried: false },
  numbers: 'float16',
  leastMails: 3,
  factors: [2.5, 0.5, 0.5, 0.3],
  without: [
    [1, 0, 1, 1],
    [1, 1, 0, 1],
  ],
  cost: 1,
  largestWeight: 0.2,
  visits: 4e9,
  folds: 5,
  mostOfKind: 5_000,
}

/** Fewer mails of a kind teach nothing. */
export const leastOfKind = 20
