/** `sluice learn` as an operator runs it. */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeModel } from '#scanner/features/model-file.ts'
import { campaign, mailOf, shippedModel } from '../content/spam/learning/site.ts'

const folder = t.testdir({ mails: { 'no mail': '' } })
const at = (name: string) => join(folder, name)
const model = at('shipped.model')
await writeModel(model, shippedModel, 'float16')
const offer = at('mails/offer.eml')
writeFileSync(offer, mailOf(campaign(1)))

function sluice(...args: readonly string[]) {
  const main = join(import.meta.dirname, '../../src/main.ts')
  const all = [main, 'learn', '--data', at('data'), '--model', model, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

t.setTimeout(120_000)

t.test('what is reported becomes a model, which can be taken back', async t => {
  t.match(sluice('--spam', '--as', 'one@example.org', offer), { status: 0, stdout: /^Reported 1 as spam/ })
  t.match(sluice('--spam', offer), { status: 0, stdout: /^Reported 1 as spam/ }, 'the administrator')
  const { stdout } = sluice('--rebuild', '--json')
  t.match(JSON.parse(stdout), {
    reports: 2,
    reporters: 2,
    learned: { spam: 1, ham: 0 },
    waiting: 0,
    rejected: [],
    written: true,
  })
  t.ok(existsSync(at('data/models/site.model')))
  t.match(sluice('--rollback'), { status: 0, stdout: /shipped model serves/ })
  t.notOk(existsSync(at('data/models/site.model')))
})

t.test('a wrong command line ends with 2 and says what is missing', async t => {
  for (const [args, said] of [
    [[], /name one of/],
    [['--spam', '--as', 'nobody', offer], /is no address/],
  ] as const)
    t.match(sluice(...args), { status: 2, stderr: said })
})

t.test('a file that is not there is told, and the others are reported', async t => {
  const { status, stdout, stderr } = sluice('--ham', at('mails/none.eml'), offer)
  t.equal(status, 1)
  t.match(stderr, /none\.eml/)
  t.match(stdout, /^Reported 1 as ham/)
})
