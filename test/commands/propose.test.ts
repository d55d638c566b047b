/**
 * `sluice propose` as an administrator types it: a lexicon that `sluice lexicon check` takes, or a sentence.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Mail } from '../../src/content/spam/proposals/trial.ts'
import { lottery, ordinaryMail } from '../content/spam/proposals/campaigns.ts'
import { sluiceCommand } from '../peers/sluice.ts'

t.setTimeout(120_000)

const root = t.testdir()

function folder(name: string, mails: readonly Mail[]): string {
  const path = join(root, name)
  mkdirSync(path)
  for (const { file, octets } of mails) writeFileSync(join(path, file), octets)
  return path
}

const samples = folder('samples', lottery(5))
const good = folder('good', ordinaryMail(60))

t.test('the lexicon on standard output is one that can be checked and used', async t => {
  const { code, output, errors } = await sluiceCommand('propose', samples, '--against', good)
  t.equal(code, 0)
  t.match(errors, /5 of 5 samples, and 0 of 60 ordinary messages/)
  const file = join(root, 'campaign.yaml')
  writeFileSync(file, output)
  t.match(await sluiceCommand('lexicon', 'check', file), { code: 0, output: /ok, 1 rule, / })
})

t.test('without ordinary mail it says what that means; without anything in common, that', async t => {
  const alone = await sluiceCommand('propose', '--json', samples)
  t.match(JSON.parse(alone.output), { background: 0, uncovered: [] })
  const nothing = await sluiceCommand('propose', join(good, 'ordinary-1'), '--against', good)
  t.match(nothing, { code: 1, output: '', errors: /Nothing was found that distinguishes/ })
  t.match(nothing.errors, /Rare words were told by/)
  t.match(await sluiceCommand('propose', good), { code: 1, errors: /more than 50 samples/ })
  t.match(await sluiceCommand('propose', join(root, 'nowhere')), { code: 1, errors: /cannot be read/ })
})
