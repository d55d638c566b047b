import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type PreparedContent, prepareContent } from '../../src/content/prepare.ts'
import { lexiconText, usableEngines, writeLexicon } from './rig.ts'

const wish = usableEngines()[0]!.kind

const problemsOf = (prepared: PreparedContent) => (prepared.kind === 'invalid' ? prepared.problems : [])

t.test('a lexicon that is wrong is a problem with its file, line and suggestion', async t => {
  const file = join(t.testdir(), 'wrong.yaml')
  writeFileSync(file, 'rules:\n  fox:\n    sentense: A fox\n    weight: 1\n    any: [fox]\n')
  const problems = problemsOf(await prepareContent({ scan: true, lexicons: [file] }, { wish }))
  t.match(
    problems.find(problem => problem.line === 3),
    { file, severity: 'error', reason: /unknown key/, suggestion: /sentence/ },
  )
})

// Hyperscan has no back references, and of attachments no text is kept that RegExp could confirm it on.
const refused = `rules:
  fox:
    sentence: A fox
    weight: 1
    any:
      - phrase: '/(fo|ox)x\\1/'
        where: attachments
`

t.test(
  'a pattern that cannot be looked for is a problem of the lexicon that asks for it',
  { skip: wish !== 'native' },
  async t => {
    const directory = t.testdir()
    const right = await writeLexicon(directory, 'right', 'purple elephant')
    const wrong = join(directory, 'wrong.yaml')
    writeFileSync(wrong, refused)
    const problems = problemsOf(await prepareContent({ scan: true, lexicons: [right, wrong] }, { wish }))
    t.equal(problems.filter(({ severity }) => severity === 'error').length, 1)
    t.match(
      problems.find(({ severity }) => severity === 'error'),
      { file: wrong, line: 6, reason: /cannot be looked for/ },
    )
  },
)

t.test('with scanning switched off no lexicon is read', async t => {
  const prepared = await prepareContent({ scan: false, lexicons: ['/nowhere/lexicon.yaml'] }, { wish })
  t.match(prepared, { kind: 'ready', rules: { kind: 'off' }, scanner: undefined })
})

t.test('a scanner that is wished for and is not there is a problem', async t => {
  const prepared = await prepareContent({ scan: true, lexicons: [] }, { wish: 'quick' })
  t.match(problemsOf(prepared)[0], { path: 'SLUICE_SCANNER', reason: /native/ })
})

t.test('what was compiled before is taken from the cache', { skip: wish !== 'native' }, async t => {
  const directory = t.testdir()
  const lexicons = [join(directory, 'fox.yaml')]
  writeFileSync(lexicons[0]!, lexiconText('fox', 'quick brown fox'))
  const sources: unknown[] = []
  for (const _ of ['first', 'second']) {
    const prepared = await prepareContent(
      { scan: true, lexicons },
      { wish, cache: join(directory, 'patterns') },
    )
    if (prepared.kind === 'invalid') throw new Error('the lexicon is right')
    sources.push(prepared.report?.source)
    prepared.release()
  }
  t.strictSame(sources, ['compiled', 'cache'])
})
