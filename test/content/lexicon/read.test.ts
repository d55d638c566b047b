/**
 * Lexicon files that are wrong say where, why and what instead; no text makes the reader throw.
 */
import fc from 'fast-check'
import t from 'tap'
import { readLexicon } from '#content/lexicon/read.ts'
import { readTerm } from '#content/lexicon/term.ts'

const problemsOf = (text: string) => {
  const read = readLexicon('words.yaml', text)
  return read.kind === 'invalid' ? read.problems : read.warnings
}

/** A rule of these lines, from line 3 of the file on. */
const rule = (lines: string) => `rules:\n  one:\n${lines.replace(/^/gm, '    ')}\n`
const tested = '\ntests: {matches: [a]}'

const wrong: readonly (readonly [text: string, line: number, reason: RegExp, suggestion?: RegExp])[] = [
  ['', 1, /the file has no rules/, /write "rules:"/],
  ['rule: {}', 1, /unknown key/, /^rules$/],
  [rule('sentance: A\nany: [free]'), 3, /unknown key/, /^sentence$/],
  [rule('any: [free]'), 2, /has no sentence/, /add "sentence/],
  [rule('sentence: A'), 2, /looks for nothing/, /any, all/],
  ['rules:\n  One Rule: {sentence: A, any: [b]}', 2, /is no name for a rule/, /small letters/],
  [rule('sentence: A\nany: [free, 419]'), 4, /419 is no text/, /put it in quotes: "419"/],
  [rule('sentence: A\nany: [free]\nwhere: [subjekt]'), 5, /"subjekt" is no place/, /^subject$/],
  [
    rule('sentence: A\nany: [free]\nwhere: [header]\nweight: heavy'),
    6,
    /"heavy" is not a number from -100 to 100/,
  ],
  [rule('sentence: A\nnear: [free, money]'), 4, /does not say how near/, /within: 10/],
  [rule('sentence: A\nnear: [free]\nwithin: 3'), 4, /not a list of two to eight/],
  [rule('sentence: A\nnear: [free, Free]\nwithin: 3'), 4, /names the same words twice/, /count/],
  [rule('sentence: A\nnear: [free, money]\nwithin: 3\nwhere: urls'), 4, /cannot be measured in urls/],
  [rule('sentence: A\nany: [free]\nwithin: 3'), 5, /means nothing without "near"/],
  [rule('sentence: A\nany: [free]\ncap: 3'), 5, /means nothing without "words"/],
  [rule('sentence: A\ncount: [free]'), 4, /does not say how many/],
  [rule('sentence: A\ncount: [free]\natLeast: 2.5'), 5, /not a whole number/],
  [rule('sentence: A\nany: [fr*ee]'), 4, /has a \* inside a word/, /beginning or the end/],
  [rule('sentence: A\nany: [a*]'), 4, /beside only "a"/, /three characters/],
  [rule('sentence: A\nany: ["* free"]'), 4, /begins or ends with a \*/],
  [rule('sentence: A\nany: ["/fr(ee/"]'), 4, /no regular expression/],
  [rule('sentence: A\nany: ["/free/x"]'), 4, /flag "x" means nothing/],
  [rule('sentence: A\nany: ["/x*/"]'), 4, /found in every text/],
  [rule('sentence: A\nany: []'), 4, /is an empty list/],
  [rule('sentence: A\nany: [{}]'), 4, /asks for nothing/],
  [rule('sentence: A\nany: [{phrse: x}]'), 4, /unknown key/, /^phrase$/],
  [rule('sentence: A\nwords: {free: lots}'), 4, /"lots" is not a number/],
  [rule('sentence: A\nany: [free]\ntests: {match: [a]}'), 5, /unknown key/, /^matches$/],
  [rule('sentence: A\nany: [free]\ntests: {matches: [{raw: a}]}'), 5, /cannot be put into raw/],
  [rule('sentence: A\nany: [free]\ncase: no'), 5, /neither true nor false/],
  ['rules:\n  one: {sentence: A, any: [b]}\n  one: {sentence: A, any: [b]}', 3, /there twice/],
  ['rules:\n\tone: {}', 2, /a tab indents this line/],
]

t.test('what is wrong is told with its line, the reason and a suggestion', async t => {
  for (const [text, line, reason, suggestion] of wrong) {
    const problems = problemsOf(text)
    const problem = problems.find(each => reason.test(each.reason))
    t.ok(problem, `${text}\n${JSON.stringify(problems)}`)
    t.equal(problem?.line, line, text)
    if (suggestion !== undefined) t.match(problem?.suggestion, suggestion, text)
  }
})

t.test('all mistakes are shown in one run', async t => {
  const problems = problemsOf(rule('sentence: ""\nweight: x\nany: [a*, "/(/"]\nwhere: [nowhere]'))
  t.ok(problems.length >= 5, JSON.stringify(problems))
})

t.test('a rule without tests is a warning, not an error', async t => {
  const read = readLexicon('words.yaml', rule('sentence: A\nany: [free]'))
  t.match(read, { kind: 'ok', warnings: [{ severity: 'warning', line: 2, reason: /no tests/ }] })
  t.strictSame(problemsOf(rule(`sentence: A\nany: [free]${tested}`)), [])
})

t.test('phrases become pieces at their wildcards', async t => {
  const pieces = (text: string) => {
    const term = readTerm(text)
    return term.kind === 'phrase' ? term.pieces.map(({ text, word, gap }) => [text, word, gap]) : term
  }
  t.strictSame(pieces('next  of   kin'), [['next of kin', 'whole', 0]])
  t.strictSame(pieces('transfer*'), [['transfer', 'start', 0]])
  t.strictSame(pieces('*coin'), [['coin', 'end', 0]])
  t.strictSame(pieces('*bitcoin*'), [['bitcoin', 'none', 0]])
  t.strictSame(pieces('transfer* fund*'), [
    ['transfer', 'start', 0],
    ['fund', 'start', 1],
  ])
  t.strictSame(pieces('dear * customer'), [
    ['dear', 'whole', 0],
    ['customer', 'whole', 2],
  ])
  t.strictSame(pieces('we * * offer loans'), [
    ['we', 'whole', 0],
    ['offer loans', 'whole', 3],
  ])
  t.strictSame(pieces('win!!!'), [['win!!!', 'start', 0]])
  t.strictSame(pieces('$$$'), [['$$$', 'none', 0]])
  t.strictSame(pieces('\\*\\*free\\*\\*'), [['**free**', 'none', 0]])
  t.strictSame(pieces('恭喜您'), [['恭喜您', 'none', 0]])
})

t.test('no text makes the reader throw', async t => {
  const lines = wrong.flatMap(([text]) => text.split('\n'))
  const pieces = fc.array(fc.oneof(fc.constantFrom(...lines), fc.string(), fc.string({ unit: 'binary' })), {
    maxLength: 12,
  })
  const property = fc.property(pieces, parts => {
    const read = readLexicon('words.yaml', parts.join('\n'))
    return read.kind === 'ok' || read.problems.length > 0
  })
  fc.assert(property, { numRuns: 500 })
  t.pass()
})

t.test('no value where a rule or a condition is expected makes the reader throw', async t => {
  const keys = [
    'any',
    'all',
    'not',
    'near',
    'within',
    'count',
    'atLeast',
    'words',
    'where',
    'case',
    'tests',
    'phrase',
  ]
  const value = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('free', '/a.b/', 'fr*', '', 'subject', 'text'),
      fc.constantFrom(null, true, 1, -1, 1e300),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4 }),
    ),
  })).value
  const property = fc.property(value, rule => {
    const read = readLexicon('words.yaml', JSON.stringify({ rules: { one: rule } }))
    return read.kind === 'ok' || read.problems.length > 0
  })
  fc.assert(property, { numRuns: 500 })
  t.pass()
})
