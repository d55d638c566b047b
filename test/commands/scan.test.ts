/** `sluice scan` as an operator runs it, with either scanner. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { flagManual } from '#commands/scan-manual.ts'
import { flagNames, flags } from '#scanner/flag.ts'
import { availableEngines } from '../scanner/engines.ts'

const mail = [
  'From: Jo <jo@sender.example>',
  'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Your parcel waits at <a href="https://parcel.example/fee">the office</a>.</p><p style="display:none">unseen words</p>',
  '--b',
  'Content-Type: application/pdf; name="bill\u202efdp.pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  'JVBERi0xLjQ*',
  '--b--',
  '',
]
const rules = [
  'rules:',
  '  parcel:',
  '    sentence: A parcel is said to wait',
  '    weight: 1.5',
  '    any: [{ near: [parcel, office], within: 6 }]',
  '',
].join('\n')

const folder = t.testdir({
  'saved.eml': mail.join('\n'),
  'wire.eml': mail.join('\r\n'),
  'rules.yaml': rules,
  'wrong.yaml': 'rules:\n  parcel:\n    wait: 1\n',
})
const at = (name: string) => join(folder, name)

function run(args: readonly string[], scanner = 'auto', input = '') {
  return spawnSync(process.execPath, [join(import.meta.dirname, '../../src/main.ts'), 'scan', ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, SLUICE_SCANNER: scanner },
  })
}

for (const { name } of availableEngines().engines)
  t.test(`${name}: parts, flags, links, rules and texts are shown`, async t => {
    const { status, stdout, stderr } = run(['--lexicon', at('rules.yaml'), at('wire.eml')], name)
    t.equal(status, 0, stderr)
    for (const line of [
      `octets, `,
      `µs with the ${name} scanner`,
      '    0 multipart/mixed',
      '    1   text/html, charset utf-8, ',
      'name "bill?fdp.pdf"',
      'base64-character in part 2',
      ': characters in base64 that do not belong to its alphabet',
      'filename-control in part 2',
      'html-hidden in part 1',
      '  https://parcel.example/fee',
      '  1.5 parcel: A parcel is said to wait',
      '  Your parcel waits at the office.',
      '  unseen words',
    ])
      t.ok(stdout.includes(line), line)
    t.notOk(stdout.includes('\u202e'), 'what turns text round does not reach the terminal')
  })

t.test('the JSON has every table, and a line for each message', async t => {
  const { status, stdout } = run(['--json', at('wire.eml'), at('saved.eml')])
  t.equal(status, 0)
  const [wire, saved] = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  t.equal(wire.parts[2].filename, 'bill\u202efdp.pdf')
  t.match(
    wire.fields.find(({ name }: { name: string }) => name === 'subject'),
    { value: 'Grüße', part: 0 },
  )
  t.match(wire.links, [{ kind: 'url', origin: 'markup', text: 'https://parcel.example/fee' }])
  t.ok(wire.microseconds > 0)
  t.same(
    { ...saved, file: '', microseconds: 0 },
    { ...wire, file: '', microseconds: 0 },
    'LF of a saved file is CRLF',
  )
})

t.test('--wire takes line ends as they are', async t => {
  const flagsOf = (args: readonly string[]) =>
    JSON.parse(run([...args, '--json', at('saved.eml')]).stdout).flags.map(
      ({ flag }: { flag: string }) => flag,
    )
  t.ok(flagsOf(['--wire']).includes('bare-lf'))
  t.notOk(flagsOf([]).includes('bare-lf'))
})

t.test('a message comes from standard input, too', async t => {
  t.match(JSON.parse(run(['--json', '-'], 'auto', 'Subject: x\n\nhello\n').stdout), { size: 21 })
})

t.test('a file that cannot be read does not keep the others from being scanned', async t => {
  const { status, stdout, stderr } = run([at('absent.eml'), folder, at('wire.eml')])
  t.equal(status, 1)
  t.match(stderr, 'absent.eml: there is no such file.')
  t.match(stderr, 'that is a directory')
  t.match(stdout, 'multipart/mixed')
})

t.test('wrong rules are shown with their line, and nothing is scanned', async t => {
  const { status, stdout, stderr } = run(['-l', at('wrong.yaml'), at('wire.eml')])
  t.equal(status, 1)
  t.match(stderr, /wrong\.yaml:3/)
  t.equal(stdout, '')
})

t.test('the manual page of the flags is the one that they make, and has a row for each', async t => {
  const page = readFileSync(join(import.meta.dirname, '../../appliance/manual/flags.md'), 'utf8')
  t.equal(page, flagManual(), 'npm run -s sluice -- scan --manual > appliance/manual/flags.md')
  t.equal(run(['--manual']).stdout, page)
  for (const name of flagNames) t.match(page, `\n| \`${name}\` | `)
  for (const { what, why } of Object.values(flags)) {
    t.notMatch(what, /\.$/, 'no sentence of its own')
    t.match(why, /^[A-Z].*\.$/, 'a sentence')
  }
})

t.test('without a message there is nothing to scan', async t => {
  const { status, stdout, stderr } = run([])
  t.strictSame([status, stdout, stderr], [2, '', 'error: name a message to scan\n'])
})

t.test('a wish for a scanner that does not exist is a sentence', async t => {
  const { status, stderr } = run([at('wire.eml')], 'fast')
  t.equal(status, 1)
  t.match(stderr, 'SLUICE_SCANNER is one of auto, native, typescript.')
})
