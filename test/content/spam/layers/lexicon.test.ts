/** Rules of lexicons as symbols, and the lexicons that ship. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkLexicon } from '#content/lexicon/check.ts'
import { compileLexicon } from '#content/lexicon/compile.ts'
import { loadLexicon, readLexicon } from '#content/lexicon/read.ts'
import { lexiconHits, mostTogether, symbolName } from '#content/spam/layers/lexicon.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import { preparePatterns } from '#scanner/patterns/prepare.ts'
import { typescriptEngine } from '#scanner/typescript-scanner.ts'
import { mail } from '../mails.ts'

t.setTimeout(120_000)

const text = JSON.stringify({
  rules: {
    'one-phrase': { sentence: 'One', weight: 3, any: ['purple elephant'] },
    'other-phrase': { sentence: 'Other', weight: 3, any: ['green camel'] },
  },
})

async function hitsOf(message: Buffer) {
  const read = readLexicon('rules.yaml', text)
  if (read.kind === 'invalid') throw new Error(read.problems[0]!.reason)
  const { patterns, program } = compileLexicon(read.lexicon)
  const prepared = await preparePatterns(patterns, { engine: 'typescript' })
  if (prepared.kind === 'failed') throw new Error(prepared.reason)
  const scanner = typescriptEngine.open({ patterns: prepared.set })
  scanner.write(message)
  return lexiconHits([{ program, first: 0, author: 'rules.yaml' }], new MessageFacts(scanner.end()))
}

t.test(
  'a rule is a symbol with the words of the message, its points, and its file as the author',
  async t => {
    t.match(await hitsOf(mail({ body: ['A Purple   elephant dances.'] })), [
      {
        ...{ name: 'LEXICON_ONE_PHRASE', layer: 'lexicon', weight: 3, sentence: 'One', author: 'rules.yaml' },
        evidence: [{ place: 'text', text: 'Purple elephant' }],
      },
    ])
    t.equal(symbolName('advance-fee'), 'LEXICON_ADVANCE_FEE')
  },
)

t.test('rules about the same do not pile up', async t => {
  const hits = await hitsOf(mail({ body: ['The purple elephant and the green camel.'] }))
  t.equal(hits.length, 2)
  t.equal(
    hits.reduce((sum, { weight }) => sum + weight, 0),
    mostTogether,
  )
})

t.test('rules do not judge a message by what it carries', async t => {
  const carrying = (own: string) =>
    mail({
      header: ['Content-Type: multipart/mixed; boundary=cut'],
      body: [
        '--cut',
        '',
        own,
        '--cut',
        'Content-Type: message/rfc822',
        '',
        'Subject: green camel',
        '',
        'The purple elephant',
        '--cut--',
      ],
    })
  t.same(await hitsOf(carrying('What is this?')), [])
  t.equal((await hitsOf(carrying('I saw a green camel.'))).length, 1)
})

t.test('the lexicons that ship find what their tests say, weigh little, and do not share a name', async t => {
  const folder = join(import.meta.dirname, '../../../../appliance/lexicons')
  const names: string[] = []
  for (const file of readdirSync(folder)) {
    const read = await loadLexicon(join(folder, file))
    if (read.kind === 'invalid') throw new Error(`${file}: ${read.problems[0]!.reason}`)
    const { problems } = await checkLexicon(read.lexicon, read.locate, typescriptEngine)
    t.same(
      problems.map(({ line, reason }) => `${file}:${line}: ${reason}`),
      [],
    )
    t.ok(
      read.lexicon.rules.every(({ weight }) => weight <= 2.5),
      file,
    )
    names.push(...read.lexicon.rules.map(({ name }) => name))
  }
  t.equal(new Set(names).size, names.length)
})
