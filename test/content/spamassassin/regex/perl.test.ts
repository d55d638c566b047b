/** What an expression means is what Perl says it means: the same text, the same answer. */
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { parseDelimited } from '../../../../src/content/spamassassin/regex/delimited.ts'
import { printScript } from '../../../../src/content/spamassassin/regex/print.ts'
import { RegexProblem } from '../../../../src/content/spamassassin/regex/reader.ts'

/** Reads an expression and a text a line, in hexadecimal; answers 1, 0, or - where Perl refuses the expression. */
const perl = String.raw`
  use strict; no warnings;
  while (my $line = <STDIN>) {
    chomp $line; my ($body, $flags, $text) = map { pack 'H*', $_ } split / /, $line, -1;
    my $re = eval { my $source = "(?$flags)$body"; qr/$source/aa };
    print defined $re ? ($text =~ $re ? 1 : 0) : '-', "\n";
  }
`

interface Question {
  readonly body: string
  readonly flags: string
  readonly text: string
}

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex')

const skip = spawnSync('perl', ['-v']).status === 0 ? false : 'perl is not there'

function askPerl(questions: readonly Question[]): string[] {
  const input = questions.map(({ body, flags, text }) => `${hex(body)} ${hex(flags)} ${hex(text)}\n`).join('')
  const { stdout } = spawnSync('perl', ['-e', perl], { input, timeout: 20_000, maxBuffer: 2 ** 26 })
  return stdout.toString('latin1').trimEnd().split('\n')
}

/** Ours: 1, 0, or - with the reason. */
function answer({ body, flags, text }: Question): string {
  const parsed = parseDelimited(`m\x01${body}\x01${flags}`)
  if (parsed instanceof RegexProblem) return `- ${parsed.message}`
  return new RegExp(printScript(parsed.root, 'value')).test(text) ? '1' : '0'
}

const atom = fc.constantFrom(
  ...[
    'a',
    'b',
    'B',
    '.',
    '\\w',
    '\\W',
    '\\d',
    '\\s',
    '\\S',
    '[ab]',
    '[^a]',
    '[a-c\\d]',
    '[[:alpha:]]',
    '\\x61',
  ],
  ...['\\xe9', '[\\xe0-\\xef]', '\\b', '\\B', '^', '$', '\\A', '\\z', '\\Z', '\\h', '\\R', '\\N', '[^\\W_]'],
  ...['\\n', ' ', '#', '[\\]x]', '[-a]', '\\.', '\\p{Lu}', '\\P{L}', '(?#note)', '\\x{62}', '\\101', '@'],
)
const quantifier = fc.constantFrom(
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '{2}',
  '{1,2}',
  '{,2}',
  '++',
  '?+',
  '{x}',
)
const expression = fc.letrec<{ group: string; piece: string; sequence: string }>(tie => ({
  group: fc
    .tuple(
      fc.constantFrom('(', '(?:', '(?i:', '(?=', '(?!', '(?<=', '(?<!', '(?>', '(?<n>', '(?s-i:'),
      fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }),
    )
    .map(([open, alternatives]) => `${open}${alternatives.join('|')})`),
  piece: fc.oneof(
    { maxDepth: 2 },
    fc
      .tuple(atom, quantifier)
      .map(([text, times]) => (/^(?:\\[bBAzZ]|[\^$]|\(\?#)/.test(text) ? text : text + times)),
    tie('group'),
  ),
  sequence: fc.array(tie('piece'), { minLength: 1, maxLength: 4 }).map(pieces => pieces.join('')),
})).sequence
const text = fc.string({ unit: fc.constantFrom(...'aAbBc1 _.#\n\r\t@-]\xe9\xc9\xa0'), maxLength: 8 })
const flags = fc.constantFrom('', 'i', 's', 'm', 'x', 'im', 'ix', 'sm')
const question = fc.record({ body: expression, flags, text })

t.test('generated expressions find what Perl finds', { skip }, async t => {
  // What Perl takes and we do not must be said; what both take must agree. Lookbehind of unknown length Perl refuses itself.
  const questions = fc.sample(question, { numRuns: 4_000, seed: 20_261_124 })
  const answers = askPerl(questions)
  const differences = questions.flatMap((asked, index) => {
    const ours = answer(asked)
    const theirs = answers[index]!
    return theirs === '-' || ours.startsWith('-') || ours === theirs ? [] : [{ ...asked, theirs, ours }]
  })
  const understood = questions.filter(
    (asked, index) => answers[index] !== '-' && !answer(asked).startsWith('-'),
  )
  t.same(differences, [])
  t.ok(understood.length > 2_000, `${understood.length} expressions are compared`)
})

t.test('expressions of a kind that rules are made of find what Perl finds', { skip }, async t => {
  const rows: readonly (readonly [body: string, flags: string, ...texts: string[]])[] = [
    // Words with gaps, the form of most rules.
    ['\\b(?:click|tap)\\s+(?:here|below)\\b', 'i', 'Click  HERE!', 'clickhere', 'tap\nbelow'],
    // A dollar is before a last line feed, too.
    ['end$', '', 'the end', 'the end\n', 'the end\n\n'],
    ['^b', 'm', 'a\nb', 'ab', 'a\n'],
    // A possessive repetition gives nothing back.
    ['a++a', '', 'aaa'],
    ['(?>a|ab)c', '', 'abc', 'ac'],
    // References, by number and by name.
    ['(\\w)\\1', '', 'hello', 'helo'],
    ['(?<q>[\'"])x\\k<q>', '', '"x"', '"x\''],
    // Case belongs to Latin-1 letters as well.
    ['\\xe9', 'i', '\xc9', '\xe9', 'e'],
    ['k(?-i)k', 'i', 'Kk', 'kK'],
    // White space in /x is none, but in a class it is.
    ['a [ ] b # comment', 'x', 'a b', 'ab'],
    ['\\d{1,3}(?:\\.\\d{1,3}){3}', '', '192.0.2.1', '192.0.2'],
    ['[^\\s<>]+@[^\\s<>]+', '', '<a@b>', 'a@ b'],
    ['a{,2}b', '', 'aab', 'b'],
    ['a{b', '', 'a{b'],
  ]
  const questions = rows.flatMap(([body, flags, ...texts]) => texts.map(text => ({ body, flags, text })))
  const answers = askPerl(questions)
  for (const [index, asked] of questions.entries())
    t.equal(answer(asked), answers[index], JSON.stringify(asked))
})
