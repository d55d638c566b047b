/**
 * `sluice check` as an operator runs it. Most of it without a process of its own, since each costs a second.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { check } from '../../src/commands/check.ts'
import { jsonSchema } from '../../src/config/json-schema.ts'
import { manual } from '../../src/config/manual.ts'

const folder = t.testdir({
  'good.yaml': 'threads: 2\ndomains: {example.org: {}}\n',
  'wrong.yaml': 'threads: 2\nzones:\n  outside:\n    lisen: []\n',
  'warned.yaml': 'hostname: mail\n',
  with: { 'sluice.yaml': 'cheese: 1\n' },
})
const at = (name: string) => join(folder, name)

/** What it says, with the folder taken out. */
async function say(options: Parameters<typeof check>[0]) {
  const { status, stdout, stderr } = await check(options)
  return { status, stdout: stdout.replaceAll(`${folder}/`, ''), stderr: stderr.replaceAll(`${folder}/`, '') }
}

t.test('a right file ends with 0', async t => {
  t.strictSame(await say({ config: at('good.yaml') }), { status: 0, stdout: 'good.yaml: ok\n', stderr: '' })
})

t.test('a warning is shown and ends with 0', async t => {
  const { status, stdout } = await say({ config: at('warned.yaml') })
  t.equal(status, 0)
  t.match(stdout, /^warned\.yaml:1:11 {2}hostname: warning: [\s\S]*\nwarned\.yaml: ok, 1 warning\n$/)
})

t.test('a wrong file ends with 1, and says where, why and what instead', async t => {
  const stderr = [
    'wrong.yaml:4:5  zones.outside.lisen: unknown key — did you mean "listen"?',
    '  4 |     lisen: []',
    '          ^',
    'wrong.yaml: 1 problem',
    '',
  ].join('\n')
  t.strictSame(await say({ config: at('wrong.yaml') }), { status: 1, stdout: '', stderr })
})

t.test('a file that does not exist ends with 1', async t => {
  const { status, stderr } = await say({ config: at('absent.yaml') })
  t.equal(status, 1)
  t.match(stderr, /^absent\.yaml {2}the file does not exist\n/)
})

t.test('--json is one line for a program', async t => {
  const wrong = await say({ config: at('wrong.yaml'), json: true })
  t.equal(wrong.status, 1)
  const problem = { line: 4, column: 5, path: 'zones.outside.lisen', suggestion: 'listen' }
  t.match(JSON.parse(wrong.stdout), { valid: false, file: 'wrong.yaml', problems: [problem] })
  const good = await say({ config: at('good.yaml'), json: true })
  t.equal(good.status, 0)
  t.strictSame(JSON.parse(good.stdout), { valid: true, file: 'good.yaml', problems: [] })
})

t.test('--print shows what takes effect, and only that on standard output', async t => {
  const { status, stdout, stderr } = await say({ config: at('warned.yaml'), print: true })
  t.equal(status, 0)
  t.match(stdout, /^hostname: mail\n[\s\S]*messageSize: 50MiB/)
  t.match(stderr, /warning/)
  t.match(await say({ config: at('wrong.yaml'), print: true }), { status: 1, stdout: '' })
})

t.test('--schema and --manual look at no file', async t => {
  const { stdout } = await check({ config: at('wrong.yaml'), schema: true })
  t.strictSame(JSON.parse(stdout), JSON.parse(JSON.stringify(jsonSchema)))
  t.strictSame(await check({ config: at('wrong.yaml'), manual: true }), {
    status: 0,
    stdout: manual(),
    stderr: '',
  })
})

const main = join(import.meta.dirname, '../../src/main.ts')
const sluice = (cwd: string, ...argv: string[]) =>
  spawnSync(process.execPath, [main, 'check', ...argv], { cwd, encoding: 'utf8' })

t.test('./sluice.yaml is found, and its problems end the process with 1', async t => {
  const { status, stderr } = sluice(at('with'))
  t.equal(status, 1)
  t.match(stderr, /^sluice\.yaml:1:1 {2}cheese: unknown key\n/)
})

t.test('a wrong command line ends the process with 2', async t => {
  for (const argv of [['--json', '--print'], ['good.yaml']]) {
    const { status, stdout, stderr } = sluice(folder, ...argv)
    t.equal(status, 2, argv.join(' '))
    t.equal(stdout, '')
    t.match(stderr, /error/)
  }
})
