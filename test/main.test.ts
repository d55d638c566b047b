/** The `sluice` command as an operator meets it: as a process, with its status and what it prints. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')

const sluice = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'src/main.ts'), ...args], { encoding: 'utf8', cwd: t.testdir() })

t.test('--version prints the version of package.json', async t => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { status, stdout } = sluice('--version')
  t.equal(stdout.trim(), version)
  t.equal(status, 0)
})

t.test('--help names every command, and so does a command line without one', async t => {
  const { status, stdout } = sluice('--help')
  t.equal(status, 0)
  for (const command of ['run', 'check', 'send', 'queue', 'trace', 'password'])
    t.match(stdout, new RegExp(`^ +${command}\\b`, 'm'))
  const bare = sluice()
  t.equal(bare.status, 2)
  t.match(bare.stderr, /^ +queue\b/m)
})

t.test('an unknown command ends with 2 and names the one that was meant', async t => {
  const { status, stdout, stderr } = sluice('queu', 'list')
  t.equal(status, 2)
  t.equal(stdout, '')
  t.match(stderr, /unknown command 'queu'/)
  t.match(stderr, /Did you mean queue\?/)
})

t.test('an unknown option of a command ends with 2 too', async t => {
  const { status, stderr } = sluice('check', '--confg', 'x.yaml')
  t.equal(status, 2)
  t.match(stderr, /unknown option '--confg'/)
  t.notMatch(stderr, /at .*\.ts:\d+/)
})

t.test('what a command cannot do is one sentence and status 1; --debug adds the stack', async t => {
  const { status, stdout, stderr } = sluice('trace', 'jo@example.org', '--data', 'nowhere')
  t.equal(status, 1)
  t.equal(stdout, '')
  t.match(stderr, /^sluice: There is no tracking in [^\n]+\n$/)
  t.match(sluice('--debug', 'trace', 'jo@example.org', '--data', 'nowhere').stderr, /\n +at .*trace\.ts/)
})

t.test('a reader that has seen enough is not an error', async t => {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', '"$0" "$1" check --manual | head -n 1', process.execPath, join(root, 'src/main.ts')],
    { encoding: 'utf8', cwd: t.testdir() },
  )
  t.strictSame([status, stderr], [0, ''])
})
