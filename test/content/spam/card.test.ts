/** The card: every weight of a score has its line, and nothing from outside moves the cursor. */
import { join } from 'node:path'
import t from 'tap'
import { verdictOf } from '#content/spam/bands.ts'
import { cardAsText, createCard } from '#content/spam/card.ts'
import { createFilter } from '#content/spam/filter.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import { openSpamModel, type SpamModel } from '#content/spam/model.ts'
import { chooseEngine, type EngineChoice } from '#scanner/engine.ts'
import { defaultFeatureOptions, extractFeatures } from '#scanner/features/features.ts'
import { writeModel } from '#scanner/features/model-file.ts'
import { engines, mail, scan } from './mails.ts'

const message = mail({
  header: ['From: "PayPal\u202e\u0007" <a@sender.example>', 'Reply-To: someone@gmail.com'],
  body: ['Verify your account.'],
})
const output = scan(engines[0]!, message)

/** One that knows the word `verify`, and nothing else. */
async function openModel(directory: string, choice: EngineChoice): Promise<SpamModel> {
  const bits = [16, 8, 8, 8] as const
  const options = { ...defaultFeatureOptions, bits }
  const weights = bits.map(each => new Float32Array(2 ** each))
  const [verify] = extractFeatures(scan(engines[0]!, mail({ body: ['verify'] })), options)[0]!
  weights[0]![verify!] = 3
  const facts = {
    ...{ name: 'made \u202efor a test', options, bias: -1, calibration: { slope: 2, offset: 0.5 } },
    ...{ training: new Uint8Array(32), ham: 1, spam: 1 },
  }
  const path = join(directory, 'model')
  await writeModel(path, { facts, weights }, 'float32')
  const opened = await openSpamModel(path, choice)
  if ('refusal' in opened) throw new Error(opened.refusal)
  return opened.model
}

for (const wish of ['auto', 'typescript'])
  t.test(`${wish}: the weights of a card add up, features of the model included`, async t => {
    const model = await openModel(t.testdir(), chooseEngine(wish))
    const opinion = createFilter({ model }).opinion(new MessageFacts(output))
    const card = createCard(opinion, output, model)
    const sum = card.symbols.reduce((all, { weight }) => all + weight, card.model.weight)
    t.ok(Math.abs(sum - card.logOdds) < 1e-9)
    t.equal(card.score, 1 / (1 + Math.exp(-card.logOdds)))
    const features = card.model.strongest.reduce((all, { weight }) => all + weight, 0)
    t.ok(Math.abs(2 * -1 + 0.5 + features - card.model.weight) < 1e-6, 'bias and offset beside them')
    t.match(card.model.strongest, [{ what: 'word “verify”', weight: Number }])
    t.same(
      card.symbols.map(({ weight }) => Math.abs(weight)),
      card.symbols.map(({ weight }) => Math.abs(weight)).toSorted((one, other) => other - one),
      'what weighs most stands first',
    )
    t.same(createCard(opinion, output, model, 0).model.strongest, [], 'on request it costs nothing')
  })

t.test('the text of a card says everything, and moves no cursor', async t => {
  const model = await openModel(t.testdir(), chooseEngine())
  const card = createCard(createFilter({ model }).opinion(new MessageFacts(output)), output, model)
  const text = cardAsText(card)
  t.match(text, new RegExp(`^${card.verdict}: score 0\\.\\d{4}, log-odds [+-]\\d`))
  t.match(text, 'The trained model "made ?for a test"')
  t.match(text, /\+\d\.\d\d word “verify”/)
  t.match(
    text,
    /FROM_NAME_IS_OTHER_BRAND: The name of the sender .* \(Sluice\)\n +from: "\\"PayPal\?\?\\" <a@sender.example>"/,
  )
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/)
  t.equal(
    card.symbols
      .find(({ name }) => name === 'FROM_NAME_IS_OTHER_BRAND')!
      .evidence[0]!.text.includes('\u202e'),
    true,
    'the card itself has the words as they are',
  )
})

t.test('a file that is no model is refused with a sentence, by both readers', async t => {
  const path = join(t.testdir({ none: 'x' }), 'none')
  for (const wish of ['auto', 'typescript'])
    t.match(await openSpamModel(path, chooseEngine(wish)), { refusal: /./ }, wish)
})

t.test('the verdict is that of the band in which the score lies', async t => {
  t.same([0, 0.4999, 0.5, 0.9999, 1].map(verdictOf), ['pass', 'pass', 'tag', 'tag', 'tag'])
})
