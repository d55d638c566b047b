/**
 * The features tell spam from ham: a logistic regression over them learns made-up mail, and what it learned holds for mail that
 * it has not seen, in the file and in both languages.
 */
import { join } from 'node:path'
import t from 'tap'
import { explain } from '#scanner/features/explain.ts'
import { defaultFeatureOptions, extractFeatures } from '#scanner/features/features.ts'
import { modelOf } from '#scanner/features/model.ts'
import { readModel, writeModel } from '#scanner/features/model-file.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import { loadComponents } from '../components.ts'
import { scanOf } from './tables.ts'

const bits = [16, 16, 16, 16] as const
const options = { ...defaultFeatureOptions, bits }

/** The same sequence at every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return sides => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const common = 'the and you your for with this that have from will can about please time more'.split(' ')
const ofSpam = 'winner prize claim urgent lottery million transfer pills discount click offer cheap'.split(
  ' ',
)
const ofHam = 'meeting patch review schedule report minutes branch server update agenda budget notes'.split(
  ' ',
)

/** A tenth of the words that tell belongs to the other kind. */
function mail(spam: boolean, roll: (sides: number) => number): ScanOutput {
  const pick = (list: readonly string[]) => list[roll(list.length)]!
  const word = () => (roll(3) > 0 ? pick(common) : pick(roll(10) > 0 === spam ? ofSpam : ofHam))
  const words = (count: number) => Array.from({ length: count }, word).join(' ')
  const host = spam ? `${pick(ofSpam)}${roll(100)}.example.top` : `www.${pick(ofHam)}.example.org`
  const urls = roll(2) === 0 ? [`http://${host}/${pick(common)}`] : []
  return scanOf([
    {
      fields: [
        ['subject', words(4)],
        ['from', `${pick(common)}@${roll(2) === 0 ? 'example.com' : host}`],
        ['date', 'Tue, 12 Mar 2024 10:11:12 +0100'],
      ],
      text: words(20 + roll(30)),
      urls,
    },
  ])
}

/** Plain gradient descent on the logistic loss, as the model computes its margin. */
function train(mails: readonly { readonly scan: ScanOutput; readonly spam: boolean }[]) {
  const weights = bits.map(each => new Float32Array(2 ** each))
  const vectors = mails.map(({ scan, spam }) => ({ vector: extractFeatures(scan, options), spam }))
  let bias = 0
  for (let round = 0; round < 6; round++)
    for (const { vector, spam } of vectors) {
      let margin = bias
      for (const [group, slots] of vector.entries())
        for (const slot of slots) margin += weights[group]![slot]! / Math.sqrt(slots.length)
      const step = 0.5 * ((spam ? 1 : 0) - 1 / (1 + Math.exp(-margin)))
      bias += step / 10
      for (const [group, slots] of vector.entries())
        for (const slot of slots) weights[group]![slot]! += step / Math.sqrt(slots.length)
    }
  const facts = {
    name: 'learned in a test',
    options,
    bias,
    calibration: { slope: 1, offset: 0 },
    training: new Uint8Array(32),
    ham: mails.filter(({ spam }) => !spam).length,
    spam: mails.filter(({ spam }) => spam).length,
  }
  return { facts, weights }
}

t.test('a model learns made-up mail and tells apart what it has not seen', async t => {
  const roll = dice(1)
  const mails = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      spam: index % 2 === 0,
      scan: mail(index % 2 === 0, roll),
    }))
  const path = join(t.testdir(), 'model')
  await writeModel(path, train(mails(300)), 'float16')
  const read = await readModel(path)
  if (!('content' in read)) throw new Error(read.refusal)
  const model = modelOf(read.content)
  const unseen = mails(200)
  const wrong = unseen.filter(
    ({ scan, spam }) => model.score(extractFeatures(scan, options)).margin > 0 !== spam,
  )
  t.ok(wrong.length <= 4, `${wrong.length} of ${unseen.length} wrong`)

  const components = loadComponents()
  if (typeof components !== 'string') {
    const { score } = components.model as { score(path: string, tables: ScanOutput): Float64Array }
    t.ok(
      unseen.every(({ scan }) => {
        const [margin] = score(path, scan)
        return Math.abs(margin! - model.score(extractFeatures(scan, options)).margin) < 1e-6
      }),
    )
  }
  const { strongest } = explain(unseen[0]!.scan, model, 5)
  t.ok(
    strongest.some(({ text, contribution }) => contribution > 0 && ofSpam.some(word => text.includes(word))),
  )
})
