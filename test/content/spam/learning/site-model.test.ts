/** The model of the site on disk: made, kept, taken back. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { learn } from '#content/spam/learning/batches.ts'
import { correctedLogOdds, messageOf } from '#content/spam/learning/message.ts'
import { modelInForce, rollBack, siteModelPath, writeSiteModel } from '#content/spam/learning/site-model.ts'
import { openSpamModel } from '#content/spam/model.ts'
import { chooseEngine } from '#scanner/engine.ts'
import { encodeModel, writeModel } from '#scanner/features/model-file.ts'
import { engines, scan } from '../mails.ts'
import { campaign, contentOf, mailOf, model, reported, shipped, shippedModel, user } from './site.ts'

const learned = (seed: number) =>
  learn(
    Array.from({ length: 6 }, (_, each) => reported(user(each), true, campaign(seed))),
    model,
  )

t.setTimeout(120_000)

t.test('both scanners open it, and it says of a message what the correction says', async t => {
  const folder = join(t.testdir(), 'models')
  const lessons = learned(1)
  t.equal(await writeSiteModel(folder, shipped, lessons), true)
  const message = messageOf(reported('a@b', true, campaign(1)), model)
  const expected = correctedLogOdds(message, lessons.correction)
  t.ok(expected > message.base + 2)
  for (const wish of [undefined, 'typescript']) {
    const opened = await openSpamModel(siteModelPath(folder), chooseEngine(wish))
    if ('refusal' in opened) throw new Error(opened.refusal)
    const said = opened.model.logOdds(scan(engines[0]!, mailOf(campaign(1))))
    t.ok(Math.abs(said - expected) < 0.02, `${said} and ${expected}`)
  }
})

t.test('the same reports make the same file, octet for octet, and are not written twice', async t => {
  const folder = join(t.testdir(), 'models')
  await writeSiteModel(folder, shipped, learned(1))
  const first = readFileSync(siteModelPath(folder))
  t.equal(await writeSiteModel(folder, shipped, learned(1)), false)
  t.same(readdirSync(folder), ['site.model'])
  const other = join(t.testdir(), 'others')
  await writeSiteModel(other, shipped, learned(1))
  t.ok(readFileSync(siteModelPath(other)).equals(first))
})

t.test('a rollback takes the model before, a second one undoes it', async t => {
  const folder = join(t.testdir(), 'models')
  t.equal(await rollBack(folder), 'nothing')
  await writeSiteModel(folder, shipped, learned(1))
  const first = readFileSync(siteModelPath(folder))
  await writeSiteModel(folder, shipped, learned(2))
  const second = readFileSync(siteModelPath(folder))
  t.notOk(first.equals(second))
  t.equal(await rollBack(folder), 'previous')
  t.ok(readFileSync(siteModelPath(folder)).equals(first))
  t.equal(await rollBack(folder), 'previous')
  t.ok(readFileSync(siteModelPath(folder)).equals(second))
  t.same(readdirSync(folder).sort(), ['previous.model', 'site.model'])
})

t.test('before the first there is the shipped one, and a rollback goes there', async t => {
  const folder = join(t.testdir(), 'models')
  await writeSiteModel(folder, shipped, learned(1))
  t.equal(await rollBack(folder), 'shipped')
  t.notOk(existsSync(siteModelPath(folder)))
  t.equal(await rollBack(folder), 'previous')
  t.ok(existsSync(siteModelPath(folder)))
})

t.test('a correction of a model that ships no more is not used', async t => {
  const folder = t.testdir()
  const [one, other] = [join(folder, 'one.model'), join(folder, 'other.model')]
  await writeModel(one, shippedModel, 'float16')
  const next = { ...shippedModel, facts: { ...shippedModel.facts, training: new Uint8Array(32).fill(8) } }
  await writeModel(other, next, 'float16')
  t.equal(await modelInForce(folder, one), one, 'nothing was learned yet')
  await writeSiteModel(folder, contentOf(encodeModel(shippedModel, 'float16')), learned(1))
  t.equal(await modelInForce(folder, one), siteModelPath(folder))
  t.equal(await modelInForce(folder, other), other)
})
