/** `sluice scan` as an operator runs it, with either scanner. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { flagManual } from '#commands/scan-manual.ts'
import { spamManual } from '#commands/spam-manual.ts'
import { symbols } from '#content/spam/layers/table.ts'
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
const pretender = [
  'From: "PayPal Service" <a81b@elsewhere.example>',
  'Reply-To: x\u001b[2J <someone@gmail.com>',
  'Subject: Re: your account',
  'Date: Tue, 12 Mar 2024 10:11:12 +0100',
  'Message-ID: <1@elsewhere.example>',
  '',
  'Please look at http://192.0.2.7/login at once.',
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
  // A Maildir, a file of an archive, and something that is none of it.
  box: {
    cur: { '1:2,S': mail.join('\n'), '2:2,': pretender.join('\n') },
    new: {},
    tmp: { unfinished: 'From: x' },
    '.Junk': { cur: {}, new: { '3': pretender.join('\r\n') }, tmp: {} },
  },
  'old.mbox': ['', ''].map(() => `From a@b Tue Mar 12 10:11:12 2024\n${mail.join('\n')}\n`).join(''),
  'no.model': 'this is none',
})
const at = (name: string) => join(folder, name)
/** Those that ship take the native scanner seconds to compile. */
const withRules = ['-l', at('rules.yaml')]

t.setTimeout(240_000)

function run(args: readonly string[], scanner = 'auto', input = '') {
  return spawnSync(process.execPath, [join(import.meta.dirname, '../../src/main.ts'), 'scan', ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, SLUICE_SCANNER: scanner, XDG_CACHE_HOME: join(folder, 'cache') },
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
  const { status, stdout } = run(['--json', ...withRules, at('wire.eml'), at('saved.eml')])
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
    JSON.parse(run([...args, ...withRules, '--json', at('saved.eml')]).stdout).flags.map(
      ({ flag }: { flag: string }) => flag,
    )
  t.ok(flagsOf(['--wire']).includes('bare-lf'))
  t.notOk(flagsOf([]).includes('bare-lf'))
})

t.test('a message comes from standard input, too', async t => {
  t.match(JSON.parse(run(['--json', ...withRules, '-'], 'auto', 'Subject: x\n\nhello\n').stdout), {
    size: 21,
  })
})

t.test('a file that cannot be read does not keep the others from being scanned', async t => {
  const { status, stdout, stderr } = run([...withRules, at('absent.eml'), at('wire.eml')])
  t.equal(status, 1)
  t.match(stderr, 'absent.eml: there is no such file.')
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

const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

t.test('verdict, score and symbols come first in the JSON, with the words that show them', async t => {
  const { stdout } = run(['--json', '--no-parts', ...withRules, join(at('box'), 'cur/2:2,')])
  t.match(stdout, /^\{"file":"[^"]*","verdict":"[a-z]+","score":0\.\d+,"symbols":\[\{"name":/)
  const [found] = lines(stdout)
  t.notOk('parts' in found, 'no tables unless they are asked for')
  t.match(
    found.symbols.find(({ name }: { name: string }) => name === 'FROM_NAME_IS_OTHER_BRAND'),
    { layer: 'header', author: 'Sluice', evidence: [{ place: 'from', text: /PayPal Service/ }] },
  )
  const sum = found.symbols.reduce((all: number, { weight }: { weight: number }) => all + weight, 0)
  t.ok(Math.abs(found.model.weight + sum - found.logOdds) < 1e-9, 'the weights add up')
  t.equal(found.score, 1 / (1 + Math.exp(-found.logOdds)), 'in full precision')
})

t.test('a folder is read with everything below it, one short line of JSON a message', async t => {
  const { status, stdout, stderr } = run(['--json', ...withRules, at('box')])
  t.equal(status, 0)
  t.notMatch(stderr, '#', 'no progress bar where there is no terminal')
  const found = lines(stdout)
  t.same(
    found.map(({ file }) => file.slice(at('box').length + 1)),
    ['.Junk/new/3', 'cur/1:2,S', 'cur/2:2,'],
  )
  t.equal(found[0].score, found[2].score, 'line ends of a file make no difference')
  t.ok(found.every(each => !('parts' in each) && !('microseconds' in each)))
  t.ok(lines(run(['--json', '--parts', ...withRules, at('box')]).stdout).every(each => 'parts' in each))
})

t.test('an mbox is a line for each of its messages', async t => {
  const found = lines(run(['--json', ...withRules, at('old.mbox')]).stdout)
  t.same(
    found.map(({ file }) => file),
    [`${at('old.mbox')}#1`, `${at('old.mbox')}#2`],
  )
})

t.test('--explain prints the card, and nothing from outside moves the cursor', async t => {
  const { stdout } = run(['--explain', ...withRules, at('box')])
  t.match(stdout, 'FROM_NAME_IS_OTHER_BRAND: The name of the sender is that of a well-known brand')
  t.match(stdout, 'reply-to: "x?[2J <someone@gmail.com>"')
  t.match(stdout, 'LEXICON_PARCEL: A parcel is said to wait (rules.yaml)')
  t.notMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u202e]/)
  t.notMatch(stdout, 'Parts')
})

t.test('a model that was named and is none ends the command', async t => {
  const wrong = run(['--model', at('no.model'), ...withRules, at('wire.eml')])
  t.match(wrong, { status: 1, stdout: '', stderr: /no\.model cannot be used: / })
})

t.test('the rules that ship are looked for where none are named', async t => {
  const text =
    'Subject: hello\n\nI have a business proposal of millions, strictly confidential. Contact me.\n'
  const [found] = lines(run(['--json', '--no-parts', '-'], 'typescript', text).stdout)
  t.ok(found.symbols.some(({ name }: { name: string }) => name === 'LEXICON_INVESTMENT_EN'))
})

t.test('the manual page of the filter is the one that its symbols make, and has a row for each', async t => {
  const page = readFileSync(join(import.meta.dirname, '../../appliance/manual/spam.md'), 'utf8')
  t.equal(page, spamManual(), 'npm run -s sluice -- scan --manual spam > appliance/manual/spam.md')
  t.equal(run(['--manual', 'spam']).stdout, page)
  t.equal(run(['--manual', 'ham']).status, 2)
  for (const { name } of symbols) t.match(page, `\n| \`${name}\` | `)
})

t.test('a wish for a scanner that does not exist is a sentence', async t => {
  const { status, stderr } = run([at('wire.eml')], 'fast')
  t.equal(status, 1)
  t.match(stderr, 'SLUICE_SCANNER is one of auto, native, typescript.')
})
