/** A model that knows nothing, for tests of what stands around one. */
import { defaultFeatureOptions, type FeatureOptions } from '#scanner/features/features.ts'
import type { ModelFacts } from '#scanner/features/model-content.ts'
import { writeModel } from '#scanner/features/model-file.ts'

const options: FeatureOptions = { ...defaultFeatureOptions, bits: [10, 10, 10, 10] }

export async function writeBlankModel(path: string): Promise<ModelFacts> {
  const facts: ModelFacts = {
    name: 'blank',
    options,
    bias: 0,
    calibration: { slope: 1, offset: 0 },
    training: new Uint8Array(32),
    ham: 1,
    spam: 1,
  }
  await writeModel(path, { facts, weights: options.bits.map(bits => new Float32Array(2 ** bits)) }, 'int8')
  return facts
}
