/**
 * What a model consists of: facts, and a number for each slot. Values; the file is `model-file.ts`.
 */
import type { FeatureOptions } from '#scanner/features/features.ts'

/** In the order of their numbers in the file. */
export const numberFormats = ['float32', 'float16', 'int8'] as const
export type NumberFormat = (typeof numberFormats)[number]

export interface ModelFacts {
  readonly name: string
  readonly options: FeatureOptions
  readonly bias: number
  /** probability = 1 / (1 + exp(-(slope · margin + offset))) */
  readonly calibration: { readonly slope: number; readonly offset: number }
  /** SHA-256 of what it was trained on, as the trainer defines it: 32 octets. */
  readonly training: Uint8Array
  readonly ham: number
  readonly spam: number
}

/** What a trainer hands over: a number for each slot, for each group. */
export interface ModelWeights {
  readonly facts: ModelFacts
  readonly weights: readonly Float32Array[]
  /**
   * How much a slot counts beside the others of its group, such as ln(1 + N/df); 1 when absent. Slots that were never seen
   * in training best have 0: then rare words that a spammer adds do not thin out the others.
   */
  readonly scales?: readonly Float32Array[]
}

/** A file as it was read. Survives structured clone, without a copy of the table: for threads. */
export interface ModelContent {
  readonly facts: ModelFacts
  readonly numbers: NumberFormat
  readonly scaled: boolean
  readonly weightSteps: readonly number[]
  readonly scaleSteps: readonly number[]
  readonly table: SharedArrayBuffer
}
