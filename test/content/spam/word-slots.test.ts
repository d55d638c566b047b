/** The words that a model hands on: the same from both scanners, and no more than there is room for. */
import { join } from 'node:path'
import t from 'tap'
import { openSpamModel, type SpamModel } from '#content/spam/model.ts'
import { WordSlots } from '#content/spam/word-slots.ts'
import { chooseEngine } from '#scanner/engine.ts'
import { extractFeatures } from '#scanner/features/features.ts'
import type { NativeModel } from '#scanner/native.ts'
import { engines, mail, scan } from './mails.ts'
import { writeBlankModel } from './models.ts'

const path = join(t.testdir(), 'blank.model')
const { options } = await writeBlankModel(path)
const output = scan(engines[0]!, mail({ body: ['Some words that stand here, and some words again.'] }))
const expected = extractFeatures(output, options)[0]!

async function open(wish?: string): Promise<SpamModel> {
  const opened = await openSpamModel(path, chooseEngine(wish))
  if ('refusal' in opened) throw new Error(opened.refusal)
  return opened.model
}

for (const wish of [undefined, 'typescript'])
  t.test(`${wish ?? 'the scanner of this machine'}: the words are those of the features`, async t => {
    const model = await open(wish)
    const words = new WordSlots()
    t.equal(model.logOdds(output, words), model.logOdds(output), 'and the score does not depend on asking')
    t.same(words.slots, expected)
    const few = new WordSlots(3)
    model.logOdds(output, few)
    t.same(few.slots, expected.subarray(0, 3))
  })

const choice = chooseEngine()

t.test(
  'the native core takes room for words only as numbers of 32 bits',
  { skip: choice.kind !== 'native' },
  async t => {
    const model = (choice.kind === 'native' && choice.core.openModel(path)) as NativeModel
    for (const wrong of [null, 5, [], new Uint8Array(8), new Float32Array(8)])
      t.throws(() => model.score(output, wrong as never), { name: 'TypeError' })
    t.equal(model.score(output, new Uint32Array(0)).at(-1), 0)
  },
)
