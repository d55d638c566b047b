/**
 * A site for the tests of learning: a model of a made-up language, mails in it, and users who report them.
 *
 * Words are numbers written in letters; the first are in every mail, the last in few. Some tell spam, some tell ham.
 */
import { type Report, reporterOf, reportOf, reportOptions } from '#content/spam/learning/report.ts'
import type { FeatureVector } from '#scanner/features/collector.ts'
import { extractFeatures, type FeatureOptions } from '#scanner/features/features.ts'
import { hashOf, joinHashes } from '#scanner/features/hash.ts'
import { type Model, modelOf } from '#scanner/features/model.ts'
import type { ModelContent, ModelWeights } from '#scanner/features/model-content.ts'
import { decodeModel, encodeModel } from '#scanner/features/model-file.ts'
import { type Random, randomOf } from '../bulk/texts.ts'
import { engines, mail, scan } from '../mails.ts'

const vocabulary = 4_000
const options: FeatureOptions = { bits: [19, 12, 12, 12], window: 2, carried: false }

export const wordOf = (number: number): string =>
  `${number.toString(26).replaceAll(/[0-9]/g, digit => 'qrstuvwxyz'[Number(digit)]!)}ox`

/** A word in ten speaks of spam, a word in five of ham. */
const toneOf = (word: number): number => (word < 50 ? 0 : word % 10 === 0 ? 0.3 : word % 5 === 1 ? -0.4 : 0)

function weightsOfLanguage(): ModelWeights {
  const tables = () => options.bits.map(bits => new Float32Array(2 ** bits))
  const [weights, scales] = [tables(), tables()]
  for (let word = 0; word < vocabulary; word++) {
    const slot = joinHashes(1, hashOf(wordOf(word)), 0) >>> (32 - options.bits[0])
    weights[0]![slot] = toneOf(word)
    scales[0]![slot] = Math.min(Math.log(2 + word / 8), 7)
  }
  return {
    facts: {
      name: 'made up',
      options,
      bias: 0,
      calibration: { slope: 4, offset: -1.5 },
      training: new Uint8Array(32).fill(7),
      ham: 1,
      spam: 1,
    },
    weights,
    scales,
  }
}

export const shippedModel: ModelWeights = weightsOfLanguage()

export function contentOf(file: Buffer): ModelContent {
  const read = decodeModel(file)
  if ('refusal' in read) throw new Error(read.refusal)
  return read.content
}

export const shipped: ModelContent = contentOf(encodeModel(shippedModel, 'float16'))
export const model: Model = modelOf(shipped)

/** Words of a letter between people. */
export const letter = (random: Random, length = 150): number[] =>
  Array.from({ length }, () => {
    const word = Math.floor(vocabulary ** random())
    return toneOf(word) > 0 ? word + 1 : word
  })

/** Words of an advertisement that the model does not know as one: common ones, and rarer ones without a tone. */
export const campaign = (seed: number, length = 120): number[] => {
  const random = randomOf(seed)
  return Array.from({ length }, () => {
    const word = random() < 0.4 ? Math.floor(50 * random()) : 500 + Math.floor(3_400 * random())
    return toneOf(word) === 0 ? word : word + 2
  })
}

/** A copy as campaigns send them: some words replaced. */
export const copyOf = (words: readonly number[], random: Random): number[] =>
  words.map(word => (random() < 0.05 ? Math.floor(vocabulary ** random()) : word))

export const mailOf = (words: readonly number[]): Buffer => mail({ body: [words.map(wordOf).join(' ')] })

/** Of each text once: tests report the same ones again and again. */
const vectors = new WeakMap<readonly number[], FeatureVector>()

function vectorOf(words: readonly number[]): FeatureVector {
  const known = vectors.get(words) ?? extractFeatures(scan(engines[0]!, mailOf(words)), reportOptions)
  vectors.set(words, known)
  return known
}

export const now = Date.UTC(2026, 4, 1, 12)

export const reported = (user: string, spam: boolean, words: readonly number[], at = now): Report =>
  reportOf(reporterOf(user)!, spam, vectorOf(words), at)

export const user = (number: number): string => `user${number}@example.org`
