/**
 * The flags of `sluice run` over a file.
 */
import t from 'tap'
import { loadText } from '../../src/config/load.ts'
import { type Flags, isProblems, type Overrides, parseOverrides } from '../../src/config/overrides.ts'
import { on } from './machine.ts'

const parsed = (flags: Flags): Overrides => {
  const overrides = parseOverrides(flags)
  if (isProblems(overrides)) throw new Error(overrides.map(({ reason }) => reason).join())
  return overrides
}

/** Listeners by zone as `ADDRESS:PORT`. */
async function listeners(text: string, ...listen: string[]) {
  const result = await loadText(text, { overrides: parsed({ listen }), ...on() })
  if (result.kind === 'invalid') return result.problems.map(({ path }) => path)
  const { outside, inside, management } = result.configuration.zones
  const write = (list: readonly { address: string; port: number }[]) =>
    list.map(({ address, port }) => `${address}:${port}`).join()
  return [write(outside.listen), write(inside.listen), write(management.listen)]
}

t.test('--listen gives exactly the mail listeners that it names', async t => {
  const management = '127.0.0.1:9025'
  const sets = (zone: string) => `zones: {${zone}: {listen: ["127.0.0.1:3000"]}}\n`
  for (const [why, text, listen, expected] of [
    ['none: the trial', '', [], ['127.0.0.1:2525', '', management]],
    ['outside alone', '', ['outside=127.0.0.1:2526'], ['127.0.0.1:2526', '', management]],
    [
      'inside alone takes the default of outside away',
      '',
      ['inside=127.0.0.1:2526'],
      ['', '127.0.0.1:2526', management],
    ],
    ['both', '', ['inside=127.0.0.1:1', 'outside=127.0.0.1:2'], ['127.0.0.1:2', '127.0.0.1:1', management]],
    [
      'twice in a zone',
      '',
      ['outside=127.0.0.1:1', 'outside=[::1]:2'],
      ['127.0.0.1:1,::1:2', '', management],
    ],
    ['management alone', '', ['management=127.0.0.1:80'], ['127.0.0.1:2525', '', '127.0.0.1:80']],
    [
      'the list of the file is replaced',
      sets('outside'),
      ['outside=127.0.0.1:1'],
      ['127.0.0.1:1', '', management],
    ],
    [
      'what the file sets in the other zone stays',
      sets('outside'),
      ['inside=127.0.0.1:1'],
      ['127.0.0.1:3000', '127.0.0.1:1', management],
    ],
    [
      'other settings of the zone stay',
      'zones: {outside: {auth: no-such}}\n',
      ['outside=127.0.0.1:1'],
      ['zones.outside.auth'],
    ],
    [
      'a broken section is still a problem',
      'zones: {outside: 3}\n',
      ['outside=127.0.0.1:1'],
      ['zones.outside'],
    ],
    ['a broken file is still a problem', 'zones: 3\n', ['outside=127.0.0.1:1'], ['zones']],
  ] as const)
    t.strictSame(await listeners(text, ...listen), expected, why)
})

t.test('--next-hop, --domain, --data and --threads replace or add', async t => {
  const text = 'nextHop: 10.0.0.9\ndata: /a\nthreads: 3\ndomains: {Example.org: {nextHop: 10.0.0.3}}\n'
  const overrides = parsed({
    nextHop: '10.0.0.2:26',
    domain: ['EXAMPLE.org', 'example.net'],
    data: './b',
    threads: '1',
  })
  const result = await loadText(text, { overrides, ...on() })
  t.match(result, { kind: 'ok', configuration: { nextHop: 'smtp://10.0.0.2:26', data: './b', threads: 1 } })
  // The file's entry is the better informed one.
  t.strictSame(result.kind === 'ok' && result.configuration.domains, {
    'example.org': { nextHop: 'smtp://10.0.0.3:25' },
    'example.net': {},
  })
  t.strictSame(parseOverrides({}), {})
})

t.test('a bad flag is a problem with a suggestion', async t => {
  for (const [flags, path, suggestion] of [
    [{ listen: ['2525'] }, '--listen', 'outside=127.0.0.1:2525'],
    [{ listen: ['127.0.0.1:2525'] }, '--listen', 'outside=127.0.0.1:2525'],
    [{ listen: ['outsid=127.0.0.1:2525'] }, '--listen', 'outside=127.0.0.1:2525'],
    [{ listen: ['mangement=127.0.0.1:80'] }, '--listen', 'management=127.0.0.1:80'],
    [{ listen: ['inside=::1:25'] }, '--listen', 'inside=[::1]:25'],
    [{ listen: ['inside=localhost:25'] }, '--listen', 'inside=127.0.0.1:25'],
    [{ listen: [''] }, '--listen', 'outside=127.0.0.1:2525'],
    [{ nextHop: 'smtps://a.example' }, '--next-hop', 'smtp://a.example'],
    [{ domain: ['jo@example.org'] }, '--domain', 'example.org'],
    [{ data: '~/mail' }, '--data', 'write the whole path'],
    [{ threads: 'all' }, '--threads', '0, one per core'],
    [{ threads: '65' }, '--threads', '0, one per core'],
    [{ domain: ['a.example\r\nb'] }, '--domain', undefined],
  ] as const) {
    const problems = parseOverrides(flags)
    t.ok(isProblems(problems))
    const [problem] = isProblems(problems) ? problems : []
    t.equal(problem?.path, path)
    t.equal(problem?.suggestion, suggestion, JSON.stringify(flags))
    t.match(problem, { file: 'command line', severity: 'error' })
  }
  const all = parseOverrides({ listen: ['x', 'y'], domain: ['-'], threads: -1 })
  t.equal(isProblems(all) && all.length, 4, 'every bad flag is named, not only the first')
})

t.test('a rule that a flag breaks is a problem of the command line', async t => {
  const overrides = parsed({ listen: ['outside=0.0.0.0:25'], nextHop: '127.0.0.1:25' })
  const result = await loadText('# nothing\n', { file: 'sluice.yaml', overrides, ...on() })
  t.match(result.kind === 'invalid' && result.problems, [
    { file: 'sluice.yaml', path: 'domains' },
    { file: 'command line', path: 'nextHop' },
  ])
})
