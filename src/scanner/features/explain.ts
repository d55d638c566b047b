/**
 * Why a message scored as it did: which of its features pulled most, with their names.
 *
 * Promises: contributions of all features and the bias add up to the margin. Costs several scores; for one message at a time.
 * A slot that several features share is told by the first of them; with 2^20 slots that is rare.
 */
import type { FeatureName, FeatureVector } from '#scanner/features/collector.ts'
import { nameFeatures } from '#scanner/features/features.ts'
import { type Group, groups, type Kind, kinds } from '#scanner/features/kinds.ts'
import type { Model, Score } from '#scanner/features/model.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface Contribution {
  readonly group: Group
  readonly kind: Kind
  /** What of the message it is: text from outside. */
  readonly text: string
  /** Added to the margin: above 0 towards spam. */
  readonly contribution: number
}

export interface Explanation {
  readonly score: Score
  /** Features of the message, and how many the model knows anything of. */
  readonly features: number
  readonly known: number
  /** The strongest first, of either direction. */
  readonly strongest: readonly Contribution[]
}

export function explain(output: ScanOutput, model: Model, most = 20): Explanation {
  const { vector, names } = nameFeatures(output, model.facts.options)
  const all = groups.flatMap((group, index) => contributions(group, index, vector, names[index]!, model))
  const known = all.filter(({ contribution }) => contribution !== 0)
  const strongest = known
    .toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution))
    .slice(0, most)
  return { score: model.score(vector), features: all.length, known: known.length, strongest }
}

function contributions(
  group: Group,
  index: number,
  vector: FeatureVector,
  names: ReadonlyMap<number, FeatureName>,
  model: Model,
): readonly Contribution[] {
  const slots = vector[index]!
  const { weights, scales } = model.lookUp(index, slots)
  const length = Math.sqrt(scales.reduce((sum, scale) => sum + scale * scale, 0))
  return [...slots].map((slot, position) => ({
    group,
    ...names.get(slot)!,
    contribution: length > 0 ? (weights[position]! * scales[position]!) / length : 0,
  }))
}

/** `words “click here”` */
export const describe = ({ kind, text }: Pick<Contribution, 'kind' | 'text'>): string =>
  `${kinds[kind][1]} “${text}”`
