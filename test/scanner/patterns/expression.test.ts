/**
 * A RegExp made of an expression finds what Hyperscan finds of it, in the same records: what the TypeScript scanner looks for
 * and what confirms the native one are this RegExp.
 */
import fc from 'fast-check'
import t from 'tap'
import type { RegexPattern } from '#scanner/pattern.ts'
import { confirmingExpression } from '#scanner/patterns/expression.ts'
import { loadMatching } from '../../native/matching/native.ts'
import { scanZones } from '../typescript/matching/message.ts'
import { regex } from './patterns.ts'

// Seconds of work, which a busy machine makes a minute.
t.setTimeout(120_000)

const native = loadMatching()

const finds = (pattern: RegexPattern, text: string): boolean | string => {
  const made = confirmingExpression(pattern)
  if (typeof made === 'string') return made
  made.lastIndex = 0
  return made.test(pattern.unicode ? text : Buffer.from(text).toString('latin1'))
}

/** Line ends of every kind would end a line of the report. */
const shown = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/gu, character => `\\u{${character.codePointAt(0)!.toString(16)}}`)

/** Source, what else it is, a text in which it is found, and one in which it is not. */
const vectors: readonly (readonly [string, Partial<RegexPattern>, string, string])[] = [
  ['a.b', {}, 'a\rb', 'a\nb'],
  ['a.b', { unicode: true }, 'a\u2028b', 'a\nb'],
  ['^b', { multiline: true }, 'a\nb', 'a\rb'],
  ['^b', { multiline: true, unicode: true }, 'a\nb', 'a\u2029b'],
  ['a$', {}, 'a\n', 'a\r'],
  ['a$', {}, 'a', 'a\n\n'],
  ['a$', { multiline: true }, 'a\nb', 'a\rb'],
  ['a\\z', {}, 'a', 'a\n'],
  ['a\\Z', {}, 'a\n', 'a\n\n'],
  ['\\Aa', { multiline: true }, 'a', 'b\na'],
  ['^(?s:a.b)c.d', {}, 'a\nbc d', 'a\nbc\nd'],
  ['(?i)a', { caseless: false }, 'A', 'b'],
  ['x(?s).y|z.z', {}, 'z\nz', 'x'],
  ['é', { caseless: true }, 'é', 'É'],
  ['[é]', { caseless: true }, 'é', 'β'],
  ['^[^é]', { caseless: true }, 'a', 'é'],
  ['^..$', {}, 'é', 'e'],
  ['a\\sb', {}, 'a\vb', 'a\u00a0b'],
  ['a\\sb', { unicode: true }, 'a\u00a0b', 'a\ufeffb'],
  ['^\\w\\d$', { unicode: true }, 'é٣', '-3'],
  ['^[\\W]$', { unicode: true }, '-', 'é'],
  ['\\p{Lu}', { unicode: true, caseless: true }, 'A', 'a'],
  ['\\p{Greek}', { unicode: true }, 'α', 'a'],
  ['\\bü', { unicode: true }, ' ü', 'äü'],
  ['[]a]', {}, ']', 'b'],
  ['[[:alpha:]-]', {}, '-', '1'],
  ['a{,2}', {}, 'a{,2}', 'aa'],
  ['\\Qa.b\\E', {}, 'a.b', 'acb'],
  ['a\\x{20}b(?#space)', {}, 'a b', 'a-b'],
  ['(?P<name>a)', {}, 'a', 'b'],
  ['\\v[a]', { unicode: true, caseless: true }, '\u0085A', 'A'],
  ['^(?i:b)?[a]$', { unicode: true }, 'Ba', 'A'],
  ['#\\@\\-', { unicode: true }, '#@-', '@-'],
]

t.test('what PCRE means is what RegExp is told', async t => {
  for (const [source, more, found, missed] of vectors) {
    const pattern = regex(source, { caseless: false, ...more })
    t.equal(finds(pattern, found), true, `${shown(source)} in ${shown(found)}`)
    t.equal(finds(pattern, missed), false, `${shown(source)} not in ${shown(missed)}`)
  }
})

t.test('what RegExp cannot be told is refused with a reason', async t => {
  for (const source of [
    'a\\Rb',
    '\\Ga',
    'a(?i)b',
    '(?x)a b',
    '(?>a)',
    'a*+',
    '[[:nothing:]]',
    '[b-a]',
    '[a',
    '(a',
    'a)',
  ])
    t.match(finds(regex(source), 'a'), /^\S.*[^.]$/, source)
  t.match(finds(regex('\\p{Nothing}', { unicode: true }), 'a'), /^\S/)
})

t.test('a script is JavaScript, and means what it says', async t => {
  const pattern = regex('a', { script: 'ü.$', multiline: true })
  t.equal(finds(pattern, 'üx\r'), true)
  t.equal(finds({ ...pattern, multiline: false }, 'üx\n'), false)
  t.match(finds({ ...pattern, script: '(' }, 'a'), /group/)
})

const atoms = fc.constantFrom(
  ...[
    'a',
    'B',
    'é',
    'É',
    's',
    'k',
    '1',
    ' ',
    '-',
    '\\n',
    '\\r',
    '\\.',
    '\\x{e9}',
    '\\xc3',
    '.',
    '.',
    '(?s:.)',
  ],
  ...['\\w', '\\W', '\\d', '\\D', '\\s', '\\S', '\\h', '\\v', '\\p{L}', '\\P{L}', '\\p{Lu}', '\\p{N}'],
  ...[
    '[a-c]',
    '[^a]',
    '[é]',
    '[^é]',
    '[\\w-]',
    '[^\\s]',
    '[^\\W1]',
    '[]a]',
    '[\\x80-\\xff]',
    '[!-\\xc9]',
    '[\\p{Lu}1]',
  ],
  ...[
    '[[:alpha:]]',
    '[[:upper:]1]',
    '[[:^space:]]',
    '[[:punct:]]',
    '(?i:a)',
    '(?-i:a)',
    '(?i:É)',
    '(?m:^)',
    '(?m:$)',
  ],
)
const quantified = fc
  .tuple(atoms, fc.constantFrom('', '', '', '?', '{2}', '+', '*?'))
  .map(([atom, quantifier]) => (/[$^]\)$/.test(atom) ? atom : atom + quantifier))
const sequence = fc.array(quantified, { minLength: 1, maxLength: 3 }).map(pieces => pieces.join(''))
const source = fc
  .tuple(
    fc.constantFrom('', '^', '(?i)', '\\A'),
    sequence,
    sequence,
    fc.constantFrom('', '$', '\\z', '\\Z'),
    fc.nat(2),
  )
  .map(([begin, one, other, end, form]) => `${begin}${form === 0 ? `(?:${one}|${other})` : one}${end}`)
const pattern = fc
  .tuple(source, fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([source, caseless, dotall, multiline, unicode]) =>
    regex(source, { caseless, dotall, multiline, unicode }),
  )
const text = fc
  .array(
    fc.constantFrom(
      ...['a', 'A', 'b', 'c', 'é', 'É', 'ſ', 'K', 's', 'k', '1', '_', '-', '.', ' ', ']', '٣', 'à', 'α'],
      ...['\n', '\n', '\r', '\r\n', '\v', '\u0085', '\u00a0', '\u2028', '\u2029', '\ufeff', '😀'],
    ),
    { maxLength: 5 },
  )
  .map(pieces => pieces.join(''))

t.test('made-up expressions are found in the same texts by both', async t => {
  let compared = 0
  const property = fc.property(
    fc.array(pattern, { minLength: 30, maxLength: 30 }),
    fc.array(text, { minLength: 30, maxLength: 30 }),
    (patterns, texts) => {
      // Compiling is nearly all of the time: once for all, and what is not direct is not compared.
      const { image, verdicts } = native.compile(patterns)
      const database = native.load(image)
      if (typeof database === 'string') throw new Error(database)
      const direct = [...patterns.entries()].filter(
        ([index, pattern]) =>
          verdicts[index]!.handling === 'direct' && typeof confirmingExpression(pattern) !== 'string',
      )
      const streams = new native.ZoneStreams(database, { kept: 1_000, matches: 10_000 })
      for (const text of texts) {
        const records = [Buffer.from(text)]
        const { matches } = scanZones(streams, [{ zone: 'text', part: 0, records }], [])
        const found = new Set(matches.map(([pattern]) => pattern))
        for (const [index, pattern] of direct) {
          // What matches nothing at all is not found where there is nothing.
          if (text === '') continue
          compared++
          if (found.has(index) !== finds(pattern, text))
            throw new Error(
              `${found.has(index) ? 'only native' : 'only RegExp'}: ${JSON.stringify(pattern)} in ${shown(text)}: ${confirmingExpression(pattern)}`,
            )
        }
      }
    },
  )
  const { failed, errorInstance } = fc.check(property, { numRuns: 3, endOnFailure: true })
  t.notOk(failed, shown(`${(errorInstance as Error | null)?.message}`))
  t.ok(compared > 500, 'there was something to compare')
})
