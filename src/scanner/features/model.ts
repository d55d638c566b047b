/**
 * A linear model over the features of a message.
 *
 * A group contributes the sum of weight · scale of its slots, divided by the length of the vector of their scales (L2), so that
 * a long text does not outweigh the rest. Promises: what `native/src/model/model.cc` computes, in the same order.
 * Leaves out: the file (`model-file.ts`), names (`explain.ts`).
 */
import type { FeatureVector } from '#scanner/features/collector.ts'
import type { ModelContent, ModelFacts } from '#scanner/features/model-content.ts'
import { groupTables } from '#scanner/features/model-numbers.ts'

export interface Score {
  /** Above 0: spam. Sum of the groups and the bias. */
  readonly margin: number
  /** The margin calibrated: 0 to 1. */
  readonly probability: number
  /** In the order of `groups`. */
  readonly groups: readonly number[]
}

/** What scores: the native core's model or this one. */
export interface Model {
  readonly facts: ModelFacts
  score(vector: FeatureVector): Score
  /** Weights and scales of slots of a group, for explanations. */
  lookUp(group: number, slots: Uint32Array): { readonly weights: Float64Array; readonly scales: Float64Array }
}

export function modelOf(content: ModelContent): Model {
  const tables = groupTables(content)
  const { facts } = content
  const { bias, calibration } = facts

  const scoreGroup = (group: number, slots: Uint32Array): number => {
    const table = tables[group]!
    let weighted = 0
    let squares = 0
    for (const slot of slots) {
      const scale = table.scale(slot)
      weighted += table.weight(slot) * scale
      squares += scale * scale
    }
    return squares > 0 ? weighted / Math.sqrt(squares) : 0
  }

  return {
    facts,
    score: vector => {
      const groups = tables.map((_, group) => scoreGroup(group, vector[group]!))
      const margin = groups.reduce((sum, each) => sum + each, bias)
      return { margin, probability: probabilityOf(margin, calibration), groups }
    },
    lookUp: (group, slots) => ({
      weights: Float64Array.from(slots, slot => tables[group]!.weight(slot)),
      scales: Float64Array.from(slots, slot => tables[group]!.scale(slot)),
    }),
  }
}

const probabilityOf = (margin: number, { slope, offset }: ModelFacts['calibration']): number =>
  1 / (1 + Math.exp(-(slope * margin + offset)))
