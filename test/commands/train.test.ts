/** `sluice train` as an operator runs it. */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readModel } from '#scanner/features/model-file.ts'
import { madeUpMail, writeMails } from '../content/spam/training/made-up.ts'

const folder = t.testdir({ empty: {} })
const at = (name: string) => join(folder, name)
const [ham, spam] = [writeMails(at('ham'), false, 60), writeMails(at('spam'), true, 60)]
// One of each in the wrong folder.
writeFileSync(join(ham, 'wrong.eml'), madeUpMail(true, 500))
writeFileSync(join(spam, 'wrong.eml'), madeUpMail(false, 500))
writeFileSync(join(spam, 'notes.txt'), 'no mail at all\n')

function sluice(...args: readonly string[]) {
  const main = join(import.meta.dirname, '../../src/main.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'train', ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

t.test('it writes a model, and tells what was read, skipped, and what the model is worth', async t => {
  const output = at('site.model')
  const { status, stdout, stderr } = sluice('--ham', ham, '--spam', spam, '-o', output, '--name', 'of a test')
  t.equal(status, 0, stderr)
  t.match(stdout, /^Skipped .*notes\.txt: it is no mail: it does not begin with a header field\.$/m)
  t.match(stdout, /^61 ham and 61 spam; 1 skipped, 0 that were there already\.$/m)
  t.match(stdout, /^ {2}[0-9.]+ % of the spam where 0\.1 % of the ham is taken for spam$/m)
  t.match(stdout, new RegExp(`^Wrote ${output.replaceAll('.', '\\.')}\\.$`, 'm'))
  const read = await readModel(output)
  if (!('content' in read)) throw new Error(read.refusal)
  const { name, ham: hams, spam: spams, training } = read.content.facts
  t.same([name, hams, spams], ['of a test', 61, 61])
  t.match(stdout, `Training ${Buffer.from(training).toString('hex')}, `)
})

t.test('as JSON, with doubtful mails by name, and no file where none was wanted', async t => {
  const output = at('none.model')
  const args = ['--ham', ham, '--spam', spam, '--json', '--measure', '--doubtful', '4', '-o', output]
  const { status, stdout } = sluice(...args)
  t.equal(status, 0)
  const report = JSON.parse(stdout)
  t.equal(report.output, null)
  t.notOk(existsSync(output))
  t.equal(report.heldOut.ham + report.heldOut.spam, 122)
  t.ok(report.calibration.slope > 0)
  const names = report.doubtful.map(({ name }: { name: string }) => name)
  t.ok(names.includes(join(ham, 'wrong.eml')) && names.includes(join(spam, 'wrong.eml')), String(names))
})

t.test('what cannot be trained on is refused in one sentence', async t => {
  const output = at('refused.model')
  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['--ham', at('empty'), '--spam', spam], 1, /^sluice: There is no mail in .*empty\.\n$/m],
    [['--ham', at('absent'), '--spam', spam], 1, /There is no .*absent\.\n$/m],
    [['--ham', ham, '--spam', ham], 1, /is among the ham and among the spam\.\n$/m],
    [
      ['--ham', ham, '--spam', join(spam, '1.eml')],
      1,
      /needs 20 ham and 20 spam at least.*; there are 61 and 1\.\n$/m,
    ],
    [['--ham', ham, '--spam', spam, '--threads', 'all'], 2, /A whole number is expected/],
    [['--ham', ham], 2, /--spam/],
  ]
  for (const [args, expected, sentence] of refusals) {
    const { status, stderr } = sluice(...args, '-o', output)
    t.equal(status, expected, args.join(' '))
    t.match(stderr, sentence)
  }
  t.notOk(existsSync(output))
})
