/** What a line of a `.cf` file means, and that no line is passed over in silence. */
import t from 'tap'
import { readRules } from '../../../src/content/spamassassin/read.ts'

const read = (text: string) => readRules([{ path: 'x.cf', text }])
const names = (text: string) => [...read(text).definitions.keys()]

t.test('a number sign begins a comment, unless a backslash stands before it', async t => {
  const { definitions } = read('body A /one/ # two\nbody B /\\#three/\n# body C /four/\n')
  t.same(definitions.get('A')?.body, { kind: 'body', pattern: '/one/' })
  t.same(definitions.get('B')?.body, { kind: 'body', pattern: '/#three/' })
  t.equal(definitions.size, 2)
})

t.test('each kind of rule has its form', async t => {
  const selector = (name: string, ...modifiers: string[]) => ({ name, modifiers })
  const rows: readonly (readonly [line: string, body: object])[] = [
    [
      'header A Subject =~ /x/i',
      { kind: 'header', selector: selector('Subject'), negated: false, pattern: '/x/i' },
    ],
    // Blanks around the operator may be missing.
    [
      'header A Subject=~/x/',
      { kind: 'header', selector: selector('Subject'), negated: false, pattern: '/x/' },
    ],
    [
      'header A From:addr !~ /x/',
      { kind: 'header', selector: selector('From', 'addr'), negated: true, pattern: '/x/' },
    ],
    [
      'header A From:name:raw =~ /x/',
      { kind: 'header', selector: selector('From', 'name', 'raw'), negated: false, pattern: '/x/' },
    ],
    [
      'header A X-Y =~ /^UNSET$/ [if-unset: UNSET]',
      { kind: 'header', selector: selector('X-Y'), negated: false, pattern: '/^UNSET$/', unset: 'UNSET' },
    ],
    ['header A exists:X-Loop', { kind: 'exists', selector: selector('X-Loop') }],
    ['header A eval:check_it()', { kind: 'eval', name: 'check_it', arguments: [] }],
    [
      'body A eval:check_it(\'a b\', "2", 3)',
      { kind: 'eval', name: 'check_it', arguments: ['a b', '2', '3'] },
    ],
    ['body A m{a/b}x', { kind: 'body', pattern: 'm{a/b}x' }],
    ['rawbody A /x/', { kind: 'rawbody', pattern: '/x/' }],
    ['full A /x/', { kind: 'full', pattern: '/x/' }],
    ['uri A /x/', { kind: 'uri', pattern: '/x/' }],
    [
      'mimeheader A Content-Type =~ /x/',
      { kind: 'mimeheader', selector: selector('Content-Type'), negated: false, pattern: '/x/' },
    ],
    ['meta A B && !C', { kind: 'meta', expression: 'B && !C' }],
  ]
  for (const [line, body] of rows) t.same(read(line).definitions.get('A')?.body, body, line)
})

t.test('the last definition counts, with its place', async t => {
  const { definitions } = read('body A /one/\n\nbody A /two/\n')
  t.same(definitions.get('A'), {
    name: 'A',
    place: { file: 'x.cf', line: 3 },
    body: { kind: 'body', pattern: '/two/' },
  })
})

t.test('scores come alone, in fours, or relative to those before', async t => {
  const { scores } = read(
    'score A 1.5\nscore B 1 2 3 4\nscore C 1 2 3 4\nscore C (0.5)\nscore D (-1) (0) (0) (0)\n',
  )
  t.same(scores.get('A'), [1.5, 1.5, 1.5, 1.5])
  t.same(scores.get('B'), [1, 2, 3, 4])
  t.same(scores.get('C'), [1.5, 2.5, 3.5, 4.5])
  t.same(scores.get('D'), [0, 1, 1, 1])
})

t.test('attributes belong to a name, wherever they stand', async t => {
  const source = read('tflags A multiple maxhits=5\ndescribe A What it is\nbody A /x/\nrequired_score 6.5\n')
  t.same(source.flags.get('A'), new Set(['multiple', 'maxhits=5']))
  t.equal(source.descriptions.get('A'), 'What it is')
  t.equal(source.required, 6.5)
})

t.test('descriptions in other languages are counted, not taken', async t => {
  const source = read('describe A Hello\nlang de describe A Hallo\nlang en describe B Hi\n')
  t.equal(source.descriptions.get('A'), 'Hello')
  t.equal(source.descriptions.get('B'), 'Hi')
  t.equal(source.ignored.get('other languages'), 1)
})

t.test('conditions choose lines', async t => {
  const plugin = (name: string) => `Mail::SpamAssassin::Plugin::${name}`
  const rows: readonly (readonly [condition: string, holds: boolean])[] = [
    ['if (version >= 3.004000)', true],
    ['if version < 3.0', false],
    ['if (version >= 4.0 && perl_version >= 5.018000)', true],
    [`ifplugin ${plugin('ReplaceTags')}`, true],
    [`ifplugin ${plugin('DKIM')}`, false],
    [`if !plugin(${plugin('DKIM')})`, true],
    [`if !(!plugin(${plugin('DKIM')}))`, false],
    ['if can(Mail::SpamAssassin::Conf::feature_bug6558_free)', true],
    ['if has(Mail::SpamAssassin::Conf::no_such_thing)', false],
    ['if local_tests_only', true],
    ['if 1 + 1 == 2 || 0', true],
  ]
  for (const [condition, holds] of rows) {
    t.same(
      names(`${condition}\nbody A /x/\nelse\nbody B /x/\nendif\nbody C /x/\n`),
      [holds ? 'A' : 'B', 'C'],
      condition,
    )
  }
})

t.test('a block inside one that is not in force is not in force', async t => {
  t.same(names('if 0\nif 1\nbody A /x/\nelse\nbody B /x/\nendif\nbody C /x/\nelse\nbody D /x/\nendif\n'), [
    'D',
  ])
})

t.test('a rule in lines without force is kept with the reason', async t => {
  const { skipped } = read(
    'ifplugin Mail::SpamAssassin::Plugin::DKIM\nfull A eval:check_dkim_signed()\nendif\n',
  )
  t.same(skipped.get('A'), { place: { file: 'x.cf', line: 2 }, reason: 'needs plugin DKIM' })
})

t.test('what is not understood is a problem with its line', async t => {
  const rows: readonly (readonly [text: string, message: RegExp])[] = [
    ['no_such_directive 1', /no_such_directive is not known/],
    ['score A one', /one is not a score/],
    ['score A 1 2', /2 scores/],
    ['describe', /nothing stands behind/],
    ['body 1A /x/', /1A is not the name/],
    ['if (', /not understood/],
    ['if system(rm)\nendif', /not understood/],
    ['endif', /no if/],
    ['else', /no if/],
    ['include no/such.cf', /cannot read/],
    ['replace_tag A', /needs a name and an expression/],
    ['required_score many', /not a score/],
  ]
  for (const [text, message] of rows) {
    const [problem] = read(text).problems
    t.match(problem?.message ?? '', message, text)
    t.equal(problem?.place.line, 1, text)
  }
})

t.test('a rule whose line cannot be read is broken by name', async t => {
  const { broken } = read('header A Subject is spam\nheader B From:nosuch =~ /x/\nbody C\n')
  t.match(broken.get('A')?.message, /not of the form/)
  t.match(broken.get('B')?.message, /:nosuch/)
  t.match(broken.get('C')?.message, /nothing stands behind/)
})

t.test('files include files, and not for ever', async t => {
  const include = (path: string) => ({
    path,
    text: path === 'loop.cf' ? 'include loop.cf\n' : 'body B /x/\n',
  })
  const source = readRules([{ path: 'x.cf', text: 'include b.cf\nbody A /x/\ninclude loop.cf\n' }], {
    include,
  })
  t.same([...source.definitions.keys()], ['B', 'A'])
  t.match(source.problems[0]?.message, /include each other too often/)
})

t.test('directives without effect are counted by their class', async t => {
  const { ignored, problems } = read(
    'clear_headers\nuse_bayes 1\ndns_available no\npriority A -10\nwelcomelist_from a@b.example\n',
  )
  t.equal(ignored.size, 5)
  t.same(problems, [])
})
