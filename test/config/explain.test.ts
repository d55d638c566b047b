/**
 * Problems as they stand in a terminal.
 */
import t from 'tap'
import { countProblems, explainProblems, problemsAsJson } from '../../src/config/explain.ts'
import { loadText } from '../../src/config/load.ts'
import { distance, nearest } from '../../src/config/nearest.ts'
import type { Problem } from '../../src/config/problem.ts'
import { on } from './machine.ts'

async function explain(text: string): Promise<string> {
  const result = await loadText(text, { file: 'sluice.yaml', ...on() })
  return explainProblems(result.kind === 'ok' ? result.warnings : result.problems)
}

t.test('a problem is a place, a reason, a question, and the line with a caret', async t => {
  t.equal(
    await explain('zones:\n  outside:\n    lisen: ["127.0.0.1:25"]\n'),
    [
      'sluice.yaml:3:5  zones.outside.lisen: unknown key — did you mean "listen"?',
      '  3 |     lisen: ["127.0.0.1:25"]',
      '          ^',
      '',
    ].join('\n'),
  )
})

t.test('a warning says that it is one', async t => {
  t.match(
    await explain('hostname: mail\n'),
    /^sluice\.yaml:1:11 {2}hostname: warning: mail is not fully qualified — did/,
  )
})

t.test('what has no line of its own shows none', async t => {
  t.equal(
    await explain('nextHop: 10.0.0.2\nzones: {outside: {listen: ["192.0.2.1:25"]}}'),
    'sluice.yaml  domains: the outside zone listens on 192.0.2.1:25, but no domain is named — name the domains that you receive mail for\n',
  )
})

t.test('a long line is shown around its problem', async t => {
  const text = await explain(`limits: {ratesExempt: [${'10.0.0.0/8, '.repeat(30)}oops]}\n`)
  const [, line, caret] = text.split('\n')
  t.ok(line!.length < 120)
  t.equal(line!.slice(caret!.indexOf('^'), caret!.indexOf('^') + 4), 'oops')
})

t.test('no file can write to the terminal but printable text', async t => {
  for (const text of [
    '"\\e[2J": 1\n',
    'log: {level: "\\e]0;x\\a"}\n',
    'hostname: "a\\u202eb"\n',
    'hostname: !\u202e x\n',
    `\u009b31m: 1\n`,
    'threads: *\u202e\n',
    '"\\x9b31m": [',
  ])
    t.notMatch(
      (await explain(text)).replaceAll('\n', ''),
      /[\u0000-\u001f\u007f-\u009f\u202e]/,
      JSON.stringify(text).replaceAll(/[^ -~]/g, '?'),
    )
})

t.test('as JSON every field is a value', async t => {
  const result = await loadText('cheese: 1\n', { file: 'sluice.yaml', ...on() })
  const line = problemsAsJson('sluice.yaml', false, result.kind === 'invalid' ? result.problems : [])
  t.equal(line.indexOf('\n'), line.length - 1)
  t.strictSame(JSON.parse(line), {
    valid: false,
    file: 'sluice.yaml',
    problems: [
      {
        file: 'sluice.yaml',
        line: 1,
        column: 1,
        path: 'cheese',
        reason: 'unknown key',
        severity: 'error',
        source: 'cheese: 1',
      },
    ],
  })
  t.strictSame(JSON.parse(problemsAsJson(undefined, true, [])), { valid: true, file: null, problems: [] })
})

t.test('problems are counted in words', async t => {
  const one = (severity: Problem['severity']): Problem => ({
    file: '',
    line: 1,
    column: 1,
    path: '',
    reason: '',
    severity,
  })
  t.equal(countProblems([]), 'no problems')
  t.equal(countProblems([one('error')]), '1 problem')
  t.equal(countProblems([one('error'), one('error'), one('warning')]), '2 problems and 1 warning')
  t.equal(countProblems([one('warning'), one('warning')]), '2 warnings')
})

t.test('the nearest word is found, and none where none is near', async t => {
  const words = ['listen', 'relayFrom', 'auth', 'warn', 'messageSize']
  for (const [word, expected] of [
    ['lisen', 'listen'],
    ['listne', 'listen'],
    ['relay_from', 'relayFrom'],
    ['RELAYFROM', 'relayFrom'],
    ['warning', 'warn'],
    ['message-sise', 'messageSize'],
    ['ssl', undefined],
    ['', undefined],
  ] as const)
    t.equal(nearest(word, words), expected, word)
  t.equal(distance('ab', 'ba', 3), 1)
  t.equal(distance('a'.repeat(100_000), 'b'.repeat(100_000), 3), 4)
})
