/** Learning of a site from report to model, as command, mailbox and quarantine ask for it. */
import { appendFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { administrator, reporterOf } from '#content/spam/learning/report.ts'
import {
  createReader,
  modelFolder,
  openSiteLearning,
  type SiteLearning,
} from '#content/spam/learning/site.ts'
import { siteModelPath } from '#content/spam/learning/site-model.ts'
import { chooseEngine, type EngineChoice } from '#scanner/engine.ts'
import { writeModel } from '#scanner/features/model-file.ts'
import { campaign, mailOf, now, shippedModel, user } from './site.ts'

const choiceOf = (wish?: string) => chooseEngine(wish) as Exclude<EngineChoice, { kind: 'refused' }>
const folder = t.testdir()
const model = join(folder, 'shipped.model')
await writeModel(model, shippedModel, 'float16')
const open = (data: string): SiteLearning =>
  openSiteLearning({ data: join(folder, data), model }, { now: () => now })

t.test('reports change nothing before the model is made anew', async t => {
  const site = open('one')
  const read = createReader(choiceOf())
  const reports = [1, 2, 3].map(each => read(mailOf(campaign(1)), reporterOf(user(each))!, true, now))
  t.same(await site.report(reports), { kind: 'kept', reports: 3 })
  t.match(await site.status(), { lost: 0, learned: { lessons: [{ spam: true }], reporters: 3 } })
  t.notOk(existsSync(siteModelPath(modelFolder(join(folder, 'one')))))
  t.match(await site.rebuild(), { written: true })
  t.match(await site.rebuild(), { written: false }, 'the same reports, the same model')
  t.equal(await site.rollBack(), 'shipped')
})

t.test('a journal that a crash tore is read as far as it is whole', async t => {
  const site = open('torn')
  const read = createReader(choiceOf())
  await site.report([read(mailOf(campaign(1)), reporterOf(administrator)!, true, now)])
  const journal = join(folder, 'torn/learning')
  appendFileSync(join(journal, readdirSync(journal)[0]!), 'SLR1 and no more')
  t.match(await site.rebuild(), { lost: 16, written: true, learned: { reports: 1 } })
})

t.test('without a model there is nothing to correct, and that is said', async t => {
  const site = openSiteLearning({ data: folder, model: join(folder, 'nowhere.model') }, { now: () => now })
  t.match(await site.rebuild(), { refusal: /^There is no model to correct/ })
})

t.test('a model that reads messages in another way is not corrected', async t => {
  const path = join(folder, 'other.model')
  const { facts } = shippedModel
  const other = { ...shippedModel, facts: { ...facts, options: { ...facts.options, window: 4 } } }
  await writeModel(path, other, 'float16')
  const site = openSiteLearning({ data: folder, model: path }, { now: () => now })
  t.match(await site.status(), { refusal: /cannot be corrected\.$/ })
})

t.test('a report is the same from both scanners, and nothing of the text is in it', async t => {
  const reports = [undefined, 'typescript'].map(wish =>
    createReader(choiceOf(wish))(mailOf(campaign(1)), reporterOf(user(1))!, true, now),
  )
  t.same(reports[1], reports[0])
  t.same(Object.keys(reports[0]!).sort(), ['at', 'reporter', 'slots', 'spam'])
})
