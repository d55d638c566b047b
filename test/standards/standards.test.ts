/**
 * The table of standards is true: what the source cites is in it, what it claims is cited and has a test.
 * A citation is `RFC` and the number, with the section where it helps: `// RFC 5321 §4.5.3.1.3`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { standards } from './index.ts'

const root = join(import.meta.dirname, '../..')

/** RFC number → files of src that cite it. */
function readCitations(): Map<number, readonly string[]> {
  const citations = new Map<number, string[]>()
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  for (const path of paths.filter(path => path.endsWith('.ts'))) {
    const text = readFileSync(join(root, 'src', path), 'utf8')
    for (const number of citedIn(text)) citations.set(number, [...(citations.get(number) ?? []), path])
  }
  return citations
}

/** `RFC 5321 §4.2, RFC 2034` and lists such as `RFC 5890–5892` in a text → their numbers, each once. */
function citedIn(text: string): Set<number> {
  const found = new Set<number>()
  for (const [, first, last] of text.matchAll(/\bRFCs? ?(\d{3,5})(?:[–-](\d{3,5}))?/g))
    for (let number = Number(first); number <= Number(last ?? first); number++) found.add(number)
  return found
}

const citations = readCitations()

t.test('every RFC that the source cites is in the table', async t => {
  const listed = new Set(standards.map(standard => standard.rfc))
  const strangers = [...citations].filter(([number]) => !listed.has(number))
  t.strictSame(strangers, [])
})

t.test('the table is in order, and names each RFC once', async t => {
  const numbers = standards.map(standard => standard.rfc)
  t.strictSame(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
  )
})

for (const { rfc, title, status, reason, tests } of standards)
  t.test(`RFC ${rfc} (${title}): ${status}`, async t => {
    t.match(reason, /\.$/, 'says why, in a sentence')
    t.equal(tests.length > 0, status !== 'no', 'has a test, if it is done')
    if (status !== 'no') t.ok(citations.has(rfc), 'is cited where the source obeys it')
    for (const test of tests) t.ok(existsSync(join(root, 'test', test)), `test/${test} exists`)
  })

t.test('citations are found in all their spellings', async t => {
  t.strictSame([...citedIn('// RFC 5321 §4.2, RFC 2034.')], [5321, 2034])
  t.strictSame([...citedIn('RFCs 5890–5892 and RFC821')], [5890, 5891, 5892, 821])
  t.strictSame([...citedIn('RFC is no number, PERFC 5321 neither')], [])
})
