/** `sluice spamassassin check` as an operator runs it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { checkRules } from '../../src/commands/spamassassin.ts'
import { loadNative } from '../../src/scanner/native.ts'

const folder = t.testdir({
  rules: {
    '10_one.cf': 'body FREE /free/i\nscore FREE 1.5\ndescribe FREE Something is free\nclear_headers\n',
    '20_two.cf':
      'header SPF_PASS eval:check_for_spf_pass()\nmeta BOTH FREE && SPF_PASS\nmeta ANY FREE || SPF_PASS\n',
    'notes.txt': 'not a rule',
  },
  'cheap.cf': 'body FREE /free/\nfull WHOLE /free/\nbody __UNUSED /unused/\n',
  'wrong.cf': 'body A /(/\nscroe A 1\n\u001b[31mred 1\n',
  empty: {},
})
const at = (name: string) => join(folder, name)

t.test('the report counts, groups and says why', async t => {
  const { status, stdout, stderr } = await checkRules([at('rules')], {})
  t.equal(status, 0)
  t.equal(stderr, '')
  t.match(stdout, /^2 files, 7 lines: 4 rules \(scores: local; spam from 5 points\)\n/)
  t.match(stdout, / {7}1 load\n {7}1 are approximated\n {7}0 are off by their score\n {7}2 are refused\n/)
  t.match(stdout, /Refused:\n {7}1 needs plugin SPF\n {7}1 cannot hit without\n/)
  t.match(stdout, /1 reports and header fields/)
})

t.test('every rule that does not load as it is has its line on request', async t => {
  const { stdout } = await checkRules([at('rules')], { verbose: true })
  t.match(stdout, /20_two\.cf:1: SPF_PASS refused: needs plugin SPF: check_for_spf_pass\n/)
  t.match(stdout, /20_two\.cf:3: ANY approximated: takes as not hit: SPF_PASS\n/)
})

t.test('JSON holds every rule', async t => {
  const { stdout } = await checkRules([at('rules')], { json: true, scores: 'bayes' })
  const report = JSON.parse(stdout)
  t.match(report, {
    files: 2,
    scores: 'bayes',
    required: 5,
    counts: { loads: 1, approximated: 1, off: 0, refused: 2 },
  })
  t.match(report.rules[0], {
    name: 'FREE',
    line: 1,
    status: 'loads',
    score: 1.5,
    description: 'Something is free',
  })
})

const native = loadNative()

t.test(
  'the rules that cost little are counted, and so are the others, each by its reason',
  { skip: 'reason' in native && native.reason },
  async t => {
    const options = { cheap: true, maxCost: 1_000_000, cache: join(folder, 'patterns') }
    const { status, stdout } = await checkRules([at('cheap.cf')], options)
    t.equal(status, 0)
    t.match(
      stdout,
      /Rules that cost little:\n {7}1 are tested\n {7}1 of them have a score of their own\n {7}2 more would be tested if all were\n/,
    )
    t.match(stdout, /Left out:\n {7}1 .*\n {7}1 /)
    t.match(stdout, / 1 it is looked for in the whole message as it came\n/)
    const { stdout: json } = await checkRules([at('cheap.cf')], { ...options, json: true })
    t.same(JSON.parse(json).cheap, {
      tested: 1,
      scored: 1,
      leftOut: {
        'it is looked for in the whole message as it came': 1,
        'no rule that counts needs it': 1,
      },
    })
  },
)

t.test('a line that is not understood ends with 1, and cannot move the cursor', async t => {
  const { status, stderr } = await checkRules([at('wrong.cf')], {})
  t.equal(status, 1)
  t.match(stderr, /wrong\.cf:2: the directive scroe is not known\n/)
  t.match(stderr, /wrong\.cf:3: the directive \?\[31mred is not known\n/)
})

t.test('what cannot be read ends with 1', async t => {
  t.match(await checkRules([at('absent')], {}), { status: 1, stderr: /absent: there is no such file\n/ })
  t.match(await checkRules([at('empty')], {}), {
    status: 1,
    stderr: /empty: no \.cf file is in this directory\n/,
  })
})

t.test('a wrong command line ends with 2', async t => {
  const run = (...words: string[]) =>
    spawnSync(process.execPath, ['src/main.ts', 'spamassassin', 'check', ...words], {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
    })
  t.match(run(), { status: 2 })
  t.match(run('--scores', 'good', at('rules')), { status: 2, stderr: /one of local, network/ })
  t.match(run(at('rules')), { status: 0, stdout: /4 rules/ })
})
