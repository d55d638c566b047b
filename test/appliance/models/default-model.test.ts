/** The model that comes with Sluice: it is the one that MODEL.md tells of, and it knows what it should. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { chooseEngine } from '#scanner/engine.ts'
import { extractFeatures } from '#scanner/features/features.ts'
import { modelOf } from '#scanner/features/model.ts'
import { decodeModel } from '#scanner/features/model-file.ts'
import { typicalMails } from './typical-mails.ts'

const models = join(import.meta.dirname, '../../../appliance/models')
const file = readFileSync(join(models, 'default.model'))
const page = readFileSync(join(models, 'MODEL.md'), 'utf8')
const read = decodeModel(file)
const model = 'content' in read ? modelOf(read.content) : undefined

t.test('it is the file that MODEL.md tells of, and small', async t => {
  t.match(page, createHash('sha256').update(file).digest('hex'))
  t.ok(file.length <= 16 * 2 ** 20)
})

t.test('it loads, and says what it was trained on', async t => {
  t.ok(model, 'refusal' in read ? read.refusal : '')
  const { ham, spam, training } = model!.facts
  t.match(page, Buffer.from(training).toString('hex'))
  t.match(page, `${ham.toLocaleString('en')} ham`)
  t.match(page, `${spam.toLocaleString('en')} spam`)
})

t.test('typical mails come out on the right side', async t => {
  const choice = chooseEngine()
  if (choice.kind === 'refused') throw new Error(choice.reason)
  const scanner = choice.engine.open({})
  for (const { name, spam, text, below = 0.5 } of typicalMails) {
    scanner.write(Buffer.from(text))
    const { probability } = model!.score(extractFeatures(scanner.end(), model!.facts.options))
    t.equal(probability > below, spam, `${name}: ${probability.toFixed(3)}`)
  }
})

t.test('no single feature decides: no weight is above the bound that MODEL.md names', async t => {
  const { bits } = model!.facts.options
  const factors = [2.5, 0.5, 0.5, 0.3]
  for (const [group, each] of bits.entries()) {
    const slots = Uint32Array.from({ length: 2 ** each }, (_, slot) => slot)
    const { weights } = model!.lookUp(group, slots)
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    t.ok(largest > 0 && largest <= 0.2 * factors[group]! * 1.001, String(largest))
  }
})
