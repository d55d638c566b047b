/**
 * Rules decided on match rows: the evaluator against one that tries everything, and what each construct means.
 */
import fc from 'fast-check'
import t from 'tap'
import { compileLexicon } from '#content/lexicon/compile.ts'
import type { LexiconVerdict } from '#content/lexicon/evaluate.ts'
import { readLexicon } from '#content/lexicon/read.ts'
import { none } from '#scanner/layout.ts'
import { type FieldRow, type MatchRow, makeOutput, type TextRow } from './tables.ts'

function compile(rule: string) {
  const text = `rules:\n  example:\n    sentence: An example\n${rule.replace(/^/gm, '    ')}\n`
  const read = readLexicon('example.yaml', text)
  if (read.kind === 'invalid') throw new Error(read.problems.map(problem => problem.reason).join('; '))
  return compileLexicon(read.lexicon)
}

const hits = (verdict: LexiconVerdict): boolean => verdict.hits.length > 0

/** Terms of the made-up rules: one word, two words, three words. */
const words = ['alpha', 'beta gamma', 'delta epsilon zeta']

interface Found {
  readonly term: number
  readonly part: number
  readonly zone: 'text' | 'hidden' | 'header'
  readonly first: number
  readonly record: number
}

const found = fc.array(
  fc.record({
    term: fc.nat({ max: words.length - 1 }),
    part: fc.nat({ max: 1 }),
    zone: fc.constantFrom('text' as const, 'hidden' as const, 'header' as const),
    first: fc.integer({ min: 1, max: 30 }),
    record: fc.nat({ max: 1 }),
  }),
  { maxLength: 14 },
)

const last = ({ first, term }: Found): number => first + words[term]!.split(' ').length - 1

/** Octets: a record of the header is 1,000 wide, and a word 10. */
const rowOf = (each: Found): MatchRow => {
  const base = each.zone === 'header' ? each.record * 1_000 : 0
  return {
    pattern: each.term,
    part: each.part,
    zone: each.zone,
    start: base + each.first * 10,
    end: base + last(each) * 10 + 5,
    word: last(each),
  }
}

const fields: readonly FieldRow[] = [0, 1].flatMap(part =>
  [0, 1].map(record => ({
    part,
    name: record === 0 ? 'subject' : 'x-other',
    textStart: record * 1_000,
    textEnd: record * 1_000 + 999,
  })),
)

const texts: readonly TextRow[] = [0, 1].flatMap(part =>
  (['text', 'hidden', 'header'] as const).map(zone => ({ part, zone, words: 40 })),
)

/** Where a rule with `where: [subject, text]` looks, one key a record. */
function recordOf({ part, zone, record }: Found): string | undefined {
  if (zone === 'text') return `${part} text`
  return zone === 'header' && record === 0 ? `${part} subject` : undefined
}

function* choices(sides: readonly (readonly Found[])[]): Generator<readonly Found[]> {
  const [first, ...rest] = sides
  if (first === undefined) return yield []
  for (const one of first) for (const others of choices(rest)) yield [one, ...others]
}

function nearByTrying(all: readonly Found[], sides: number, within: number, ordered: boolean): boolean {
  for (const record of new Set(all.map(recordOf))) {
    if (record === undefined) continue
    const here = all.filter(each => recordOf(each) === record)
    for (const choice of choices(
      Array.from({ length: sides }, (_, term) => here.filter(each => each.term === term)),
    )) {
      const inOrder = choice.every((each, index) => index === 0 || each.first > last(choice[index - 1]!))
      const distance = ordered
        ? choice.at(-1)!.first - last(choice[0]!)
        : Math.max(...choice.map(each => each.first)) - Math.min(...choice.map(last))
      if (distance <= within && (inOrder || !ordered)) return true
    }
  }
  return false
}

for (const ordered of [false, true])
  for (const sides of [2, 3])
    t.test(
      `near with ${sides} sides${ordered ? ' in order' : ''} says what trying every choice says`,
      async t => {
        const property = fc.property(found, fc.integer({ min: 1, max: 12 }), (all, within) => {
          const near = JSON.stringify(words.slice(0, sides))
          const lexicon = compile(`near: ${near}\nwithin: ${within}\nordered: ${ordered}`)
          const verdict = lexicon.evaluate(makeOutput(all.map(rowOf), fields, texts))
          return hits(verdict) === nearByTrying(all, sides, within, ordered)
        })
        fc.assert(property, { numRuns: 300 })
        t.pass()
      },
    )

t.test('count says what counting by hand says, in each text on its own', async t => {
  const property = fc.property(
    found,
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom(0, 25, 50, 100),
    (all, atLeast, rate) => {
      const lexicon = compile(
        `count: [alpha, beta gamma]\natLeast: ${atLeast}${rate > 0 ? `\nperThousand: ${rate}` : ''}\nwhere: [text, hidden]`,
      )
      const counts = new Map<string, number>()
      for (const { term, part, zone } of all)
        if (term < 2 && zone !== 'header')
          counts.set(`${part} ${zone}`, (counts.get(`${part} ${zone}`) ?? 0) + 1)
      const expected = [...counts.values()].some(count => count >= atLeast && count * 1_000 >= rate * 40)
      return hits(lexicon.evaluate(makeOutput(all.map(rowOf), fields, texts))) === expected
    },
  )
  fc.assert(property, { numRuns: 300 })
  t.pass()
})

t.test('any, all and not are what they are in logic', async t => {
  const cases: readonly (readonly [rule: string, holds: (has: (term: number) => boolean) => boolean])[] = [
    ['any: [alpha, beta gamma]', has => has(0) || has(1)],
    ['all: [alpha, beta gamma]', has => has(0) && has(1)],
    ['phrase: alpha\nnot: [beta gamma, delta epsilon zeta]', has => has(0) && !(has(1) || has(2))],
    [
      'any:\n  - all: [alpha, {not: beta gamma}]\n  - delta epsilon zeta',
      has => (has(0) && !has(1)) || has(2),
    ],
    ['all: [[alpha, beta gamma], delta epsilon zeta]', has => (has(0) || has(1)) && has(2)],
    ['not: alpha', has => !has(0)],
  ]
  for (const [rule, holds] of cases) {
    const lexicon = compile(rule)
    const texts = lexicon.patterns.map(pattern => (pattern.kind === 'literal' ? pattern.text : ''))
    for (let set = 0; set < 8; set++) {
      const present = words.map((_, term) => ((set >> term) & 1) === 1)
      const rows = words.flatMap((word, term) =>
        present[term] && texts.includes(word)
          ? [{ ...rowOf({ term, part: 0, zone: 'text', first: 3, record: 0 }), pattern: texts.indexOf(word) }]
          : [],
      )
      t.equal(
        hits(lexicon.evaluate(makeOutput(rows))),
        holds(term => present[term]!),
        `${rule}: ${present}`,
      )
    }
  }
})

t.test('words add their weights once, or each time with repeat, up to the cap', async t => {
  const rows = [0, 0, 0, 1].map((pattern, index) => ({
    ...rowOf({ term: 0, part: 0, zone: 'text', first: index + 1, record: 0 }),
    pattern,
  }))
  const score = (rule: string) => compile(rule).evaluate(makeOutput(rows)).score
  t.equal(score('words: {free: 0.1, money: 0.2}'), 0.3)
  t.equal(score('words: {free: 0.1, money: 0.2}\nrepeat: true'), 0.5)
  t.equal(score('words: {free: 1, money: 2}\nrepeat: true\ncap: 2.5'), 2.5)
  t.equal(score('words: {free: -1, money: -2}\ncap: 2'), -2)
  t.equal(score('words: {free: 1, money: 2, prize: 1}\ndifferent: 3'), 0)
  t.equal(score('words: {free: 1}\nweight: 2'), 3)
})

t.test(
  'the same word in several rules is one pattern, and each rule still looks in its own places',
  async t => {
    const lexicon = compileLexiconText(
      `rules:
  one: {sentence: One, phrase: Free, where: subject}
  two: {sentence: Two, phrase: free, where: hidden}
  three: {sentence: Three, phrase: {}, any: [{phrase: free, case: true}]}
`.replace('phrase: {}, ', ''),
    )
    t.equal(lexicon.patterns.length, 2)
    t.strictSame(new Set(lexicon.patterns[0]!.zones), new Set(['header', 'hidden']))
    const inHidden = makeOutput([{ pattern: 0, part: 0, zone: 'hidden', start: 0, end: 4, word: 1 }])
    t.strictSame(
      lexicon.evaluate(inHidden).hits.map(hit => hit.rule),
      ['two'],
    )
    const otherField: readonly FieldRow[] = [
      { part: 0, name: 'x-note', textStart: 0, textEnd: 10 },
      { part: 0, name: 'subject', textStart: 10, textEnd: 20 },
    ]
    const row = { pattern: 0, part: 0, zone: 'header' as const, word: 1 }
    t.strictSame(lexicon.evaluate(makeOutput([{ ...row, start: 6, end: 10 }], otherField)).hits, [])
    const subject = lexicon.evaluate(makeOutput([{ ...row, start: 10, end: 14 }], otherField)).hits
    t.match(subject, [
      { rule: 'one', places: [{ term: 'Free', zone: 'header', part: 0, start: 10, end: 14 }] },
    ])
  },
)

function compileLexiconText(text: string) {
  const read = readLexicon('example.yaml', text)
  if (read.kind === 'invalid') throw new Error(read.problems.map(problem => problem.reason).join('; '))
  return compileLexicon(read.lexicon)
}

t.test('patterns of others before ours do not disturb: numbers count from the first of ours', async t => {
  const lexicon = compile('phrase: alpha')
  const row = rowOf({ term: 0, part: 0, zone: 'text', first: 1, record: 0 })
  t.ok(hits(lexicon.evaluate(makeOutput([{ ...row, pattern: 500 }]), 500)))
  t.notOk(
    hits(
      lexicon.evaluate(
        makeOutput([
          { ...row, pattern: 499 },
          { ...row, pattern: 501 },
        ]),
        500,
      ),
    ),
  )
})

t.test('an expression of which only the end is known is a place without a start', async t => {
  const verdict = compile('phrase: /fr[e3]{2}/').evaluate(
    makeOutput([{ pattern: 0, part: 0, zone: 'text', start: none, end: 9, word: 2 }]),
  )
  t.strictSame(verdict.hits[0]!.places, [
    { term: '/fr[e3]{2}/', part: 0, zone: 'text', start: undefined, end: 9 },
  ])
})

t.test('the cost grows with the number of matches, not with its square', async t => {
  const lexicon = compile('near: [alpha, beta gamma]\nwithin: 1')
  const rows = (count: number) =>
    makeOutput(
      Array.from({ length: count }, (_, index) => ({
        ...rowOf({
          term: index % 2,
          part: 0,
          zone: 'text',
          first: (index % 2) * 1_000_000 + index * 3,
          record: 0,
        }),
      })),
    )
  const cost = (count: number): number => {
    const output = rows(count)
    return Math.min(
      ...Array.from({ length: 7 }, () => {
        const start = performance.now()
        lexicon.evaluate(output)
        return performance.now() - start
      }),
    )
  }
  cost(30_000)
  // Eight times the input: a square would cost sixty-four times as much.
  t.ok(cost(32_000) < cost(4_000) * 32 + 20)
})
