import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { isPassword, parsePasswordHash } from '../../src/directory/password-hash.ts'
import { parseUsers } from '../../src/directory/users-file.ts'

const main = join(import.meta.dirname, '../../src/main.ts')
const run = (input: string, ...argv: string[]) =>
  spawnSync(process.execPath, [main, 'password', ...argv], { input, encoding: 'utf8' })

t.test('a password on standard input becomes a line for the file of users', async t => {
  const { stdout, stderr, status } = run('s\u00e9cret word\n', 'jo')
  t.equal(status, 0)
  t.equal(stderr, '')
  t.notMatch(stdout, /cret/)
  const users = parseUsers(stdout)
  t.ok(users instanceof Map)
  if (users instanceof Map) t.ok(await isPassword('s\u00e9cret word', users.get('jo')))
})

t.test('without a user only the hash is printed', async t => {
  const hash = parsePasswordHash(run('one').stdout.trim())
  t.ok(hash)
  t.ok(await isPassword('one', hash!))
})

t.test('what cannot be a user or a password is told', async t => {
  for (const [input, argv, status, message] of [
    ['', ['jo'], 1, /empty/],
    [`${'x'.repeat(1_025)}\n`, ['jo'], 1, /longer than 1024/],
    ['one\n', ['a:b'], 2, /user name/],
    ['one\n', ['jo', 'one'], 2, /too many arguments/],
  ] as const) {
    const result = run(input, ...argv)
    t.equal(result.status, status, JSON.stringify(argv))
    t.match(result.stderr, message)
    t.equal(result.stdout, '')
  }
})

/** `script` gives the command a terminal; the answer to each question is typed when the question is there. */
async function onTerminal(...answers: string[]): Promise<{ shown: string; status: number }> {
  const command = `${process.execPath} ${main} password jo`
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
  let shown = ''
  let asked = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    const questions = shown.match(/(?:for jo|again): /g)?.length ?? 0
    while (asked < questions) child.stdin.write(`${answers[asked++] ?? ''}`)
  })
  const [status] = await once(child, 'close')
  return { shown, status }
}

t.test('on a terminal the password is asked for twice and never shown', async t => {
  const { shown, status } = await onTerminal('hunter2\r', 'hunter2\r')
  t.equal(status, 0)
  t.notMatch(shown, /hunter2/)
  t.match(shown, /jo:\$scrypt\$/)
})

t.test('two different passwords make no line', async t => {
  const { shown, status } = await onTerminal('hunter2\r', 'hunter3\r')
  t.equal(status, 1)
  t.match(shown, /differ/)
  t.notMatch(shown, /hunter|scrypt/)
})

t.test('Ctrl-C ends it', async t => {
  const { shown, status } = await onTerminal('hun\x03')
  t.equal(status, 130)
  t.notMatch(shown, /hun|scrypt/)
})
