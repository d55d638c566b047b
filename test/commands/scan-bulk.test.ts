/** `sluice scan --bulk`: messages of one run that are alike. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeBlankModel } from '../content/spam/models.ts'

const folder = t.testdir({
  mails: {},
  'none.yaml': 'rules:\n  none:\n    sentence: Never\n    weight: 1\n    any: [zzyzx]\n',
})
const at = (name: string) => join(folder, name)
await writeBlankModel(at('blank.model'))
const words = Array.from(
  { length: 80 },
  (_, each) => `w${String.fromCharCode(97 + (each % 26), 97 + (each % 7))}${'xyz'[each % 3]}`,
)
for (let each = 0; each < 14; each++)
  writeFileSync(
    at(`mails/${each}.eml`),
    `From: a@domain${each}.example\r\nSubject: offer\r\n\r\n${words.join(' ')}\r\n`,
  )

t.setTimeout(60_000)

function symbolsOf(...args: readonly string[]): readonly string[] {
  const main = join(import.meta.dirname, '../../src/main.ts')
  const { stdout } = spawnSync(
    process.execPath,
    [main, 'scan', '--json', '--model', at('blank.model'), '-l', at('none.yaml'), ...args, at('mails')],
    { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: at('cache') } },
  )
  const lines = stdout.trimEnd().split('\n')
  t.equal(lines.length, 14)
  return lines.flatMap(line => JSON.parse(line).symbols.map(({ name }: { name: string }) => name))
}

t.test('copies under many names are told when they are to be counted, and only then', async t => {
  t.ok(symbolsOf('--bulk').includes('BULK_UNDER_MANY_NAMES'))
  t.notOk(symbolsOf().some(name => name.startsWith('BULK_')))
})
