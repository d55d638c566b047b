/**
 * From the tables of a scan to a sparse vector: which words, header fields, links and forms a message has.
 *
 * - Four groups with 2^bits slots each. A feature is a kind and one or two 32-bit hashes; kind and hashes make its slot
 *   (`hash.ts`). A message has a feature or has it not; how much one counts is in the model.
 * - The slots of a group stand in the order in which they first occur, each once, and no more than `featureLimits`.
 * - A message is scored for what it says, not for what it carries (`view.ts`).
 *
 * Promises: linear in the kept text; bounded memory; the slots of `native/src/model/`, one for one.
 * Leaves out: what a feature weighs (`model.ts`).
 */
import { addBody } from '#scanner/features/body.ts'
import { Collector, type FeatureName, type FeatureVector } from '#scanner/features/collector.ts'
import { addHeader } from '#scanner/features/header.ts'
import { addStructure } from '#scanner/features/structure.ts'
import { addUrls } from '#scanner/features/urls.ts'
import { MessageView } from '#scanner/features/view.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface FeatureOptions {
  /** Slots of each group as a power of two, 8 to 24. */
  readonly bits: readonly [number, number, number, number]
  /** Words in which a pair is looked for, 2 to 8: 2 are neighbours, more are sparse bigrams, which know their distance. */
  readonly window: number
  /** Whether what a message carries counts as what it says. */
  readonly carried: boolean
}

export const defaultFeatureOptions: FeatureOptions = { bits: [20, 20, 20, 20], window: 2, carried: false }

export interface NamedFeatures {
  readonly vector: FeatureVector
  /** By slot, for each group. */
  readonly names: readonly ReadonlyMap<number, FeatureName>[]
}

export const extractFeatures = (output: ScanOutput, options = defaultFeatureOptions): FeatureVector =>
  collect(output, options, false).vector()

/** The same slots, each with what it is about. For one message at a time: it takes several times as long. */
export function nameFeatures(output: ScanOutput, options = defaultFeatureOptions): NamedFeatures {
  const collector = collect(output, options, true)
  return { vector: collector.vector(), names: collector.names! }
}

function collect(output: ScanOutput, options: FeatureOptions, named: boolean): Collector {
  const collector = new Collector(options.bits, named)
  const view = new MessageView(output, options.carried)
  const tally = addBody(view, options.window, collector)
  addHeader(view, collector)
  addUrls(view, collector)
  addStructure(view, tally, collector)
  return collector
}
