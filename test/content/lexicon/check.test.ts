/**
 * Lexicons with their tests, through every scanner there is: the one that ships, the examples of the manual, and wrong ones.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkLexicon } from '#content/lexicon/check.ts'
import { loadLexicon, readLexicon } from '#content/lexicon/read.ts'
import type { ScanEngine } from '#scanner/scanner.ts'
import { availableEngines } from '../../scanner/engines.ts'

t.setTimeout(120_000)

const root = join(import.meta.dirname, '../../..')
const { engines } = availableEngines()

/** Every problem and warning as `line: reason`. */
async function problemsOf(read: Awaited<ReturnType<typeof loadLexicon>>, engine: ScanEngine) {
  if (read.kind === 'invalid') return read.problems.map(({ line, reason }) => `${line}: ${reason}`)
  const { problems } = await checkLexicon(read.lexicon, read.locate, engine)
  return [...read.warnings, ...problems].map(({ line, reason }) => `${line}: ${reason}`)
}

const manual = readFileSync(join(root, 'appliance/manual/lexicon.md'), 'utf8')
const examples = [...manual.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text!)

for (const engine of engines) {
  t.test(`${engine.name}: the lexicon that ships finds what its tests say`, async t => {
    const read = await loadLexicon(join(root, 'appliance/lexicons/fraud.yaml'))
    t.strictSame(await problemsOf(read, engine), [])
  })

  t.test(`${engine.name}: the examples of the manual do what they say`, async t => {
    t.ok(examples.length >= 8)
    // One file of all of them: names differ, and one compile is enough.
    const rules = examples.map(text => text.replace(/^rules:\n/, '')).join('')
    t.strictSame(await problemsOf(readLexicon('lexicon.md', `rules:\n${rules}`), engine), [])
  })

  t.test(`${engine.name}: a test that fails is a problem with its line, and says what was found`, async t => {
    const text = `rules:
  prize:
    sentence: A prize
    any: [prize*, lottery]
    tests:
      matches:
        - You won a prize.
        - You won nothing.
      passes:
        - A lottery of prizes
`
    t.strictSame(await problemsOf(readLexicon('prize.yaml', text), engine), [
      '8: "prize" does not match this sample',
      '10: "prize" matches this sample by "prize*", "lottery"',
    ])
  })
}

t.test('each example of the manual is a complete file', async t => {
  for (const text of examples) t.match(readLexicon('lexicon.md', text), { kind: 'ok', warnings: [] }, text)
})
