/**
 * The message of a report as one model sees it: what each of its slots adds to the log-odds.
 *
 * Only words and links are there, which a correction may move: the form of a message is that of thousands of others.
 * Cost: some 12 octets a slot.
 */
import type { Report } from '#content/spam/learning/report.ts'
import type { FeatureVector } from '#scanner/features/collector.ts'
import { groups } from '#scanner/features/kinds.ts'
import type { Model } from '#scanner/features/model.ts'

/** In the order of `groups`. */
export const corrected = groups.map(group => group === 'body' || group === 'url')

export interface Message {
  readonly report: Report
  /** What the model says without a correction. */
  readonly base: number
  readonly parts: readonly Part[]
}

/** Of one group: columns beside each other. */
export interface Part {
  readonly group: number
  readonly slots: Uint32Array
  /** What the log-odds gain for a weight that is larger by 1. */
  readonly gains: Float64Array
  /** How readily a weight is moved, 0 to 1: the rarer the feature, the more. */
  readonly eases: Float64Array
}

/** What is added to the weight of each slot, by group; empty for a group that is not corrected. */
export type Correction = readonly Float64Array[]

export const noCorrection = ({ facts }: Model): Correction =>
  facts.options.bits.map((bits, group) => new Float64Array(corrected[group] ? 2 ** bits : 0))

/** Slots as a model of this size has them, each once. */
const slotsFor = (slots: FeatureVector, { facts }: Model): FeatureVector =>
  slots.map((group, index) => {
    const shift = 24 - facts.options.bits[index]!
    return Uint32Array.from(new Set(group.map(slot => slot >>> shift)))
  })

export function messageOf(report: Report, model: Model): Message {
  const { slope, offset } = model.facts.calibration
  const vector = slotsFor(report.slots, model)
  const parts = vector.flatMap((slots, group) => {
    const { scales } = model.lookUp(group, slots)
    const length = Math.sqrt(scales.reduce((sum, scale) => sum + scale * scale, 0))
    if (!corrected[group] || length === 0) return []
    const largest = scales.reduce((most, scale) => Math.max(most, scale), 0)
    return {
      group,
      slots,
      gains: scales.map(scale => (slope * scale) / length),
      eases: scales.map(scale => (scale / largest) ** 4),
    }
  })
  return { report, base: slope * model.score(vector).margin + offset, parts }
}

/** The log-odds with a correction. Called for every report and every batch. */
export function correctedLogOdds({ base, parts }: Message, correction: Correction): number {
  let logOdds = base
  for (const { group, slots, gains } of parts) {
    const deltas = correction[group]!
    for (let index = 0; index < slots.length; index++) logOdds += gains[index]! * deltas[slots[index]!]!
  }
  return logOdds
}
