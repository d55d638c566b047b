/**
 * What the threads of a training say to each other.
 */
import type { Fitted } from '#content/spam/training/fit.ts'
import type { Recipe } from '#content/spam/training/recipe.ts'
import type { FeatureStore } from '#content/spam/training/store.ts'
import type { FeatureOptions } from '#scanner/features/features.ts'

export interface GatherCommon {
  readonly options: FeatureOptions
}
export type GatherTask = readonly { readonly file: number; readonly path: string }[]

/** What a thread found, in the order in which it read. */
export interface GatherPart {
  readonly columns: Uint32Array
  readonly file: Uint32Array
  readonly ordinal: Uint32Array
  /** Where the mail begins in the columns. */
  readonly start: Uint32Array
  readonly source: Uint32Array
  /** 32 octets a mail. */
  readonly hashes: Uint8Array
  readonly skipped: readonly Skipped[]
}

export interface Skipped {
  readonly file: number
  readonly ordinal: number
  readonly reason: string
}

export interface FitCommon {
  readonly store: FeatureStore
  readonly recipe: Recipe
}

export interface FitTask {
  /** What is learned from. */
  readonly mails: Uint32Array
  /** What is judged; absent when the weights are wanted. */
  readonly judged?: Uint32Array
}

export type FitPart = { readonly fitted: Fitted } | { readonly margins: Float64Array }
