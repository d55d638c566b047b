/** Who has a shard: a process that lives, and nobody else. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { systemFiles } from '#spool/files.ts'
import { lockDirectory } from '#spool/lock.ts'
import { temporaryDirectory } from './fixture.ts'

/** What the process itself would have written into its lock. */
function identityOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return `${pid} ${start} ${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}`
}

/** The id of a process that has ended, and of its parent, which lives and never reaps it. */
async function unreaped(test: Test): Promise<{ dead: number; living: number }> {
  // The child outlives the shell, whose place is taken by a program that knows of no child.
  const script = 'exec 3<&0; (read -r go <&3) & echo $!; exec sleep 3600 </dev/null'
  const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  test.teardown(async () => {
    parent.kill('SIGKILL')
    await once(parent, 'close')
  })
  const [line] = await once(parent.stdout, 'data')
  const dead = Number(String(line))
  while (readFileSync(`/proc/${parent.pid}/comm`, 'latin1') !== 'sleep\n') await setImmediate()
  parent.stdin.write('go\n')
  while (!/ Z /.test(readFileSync(`/proc/${dead}/stat`, 'latin1'))) await setImmediate()
  return { dead, living: parent.pid! }
}

t.test('the lock of a process that is dead but not reaped is nobody’s', async t => {
  const { dead } = await unreaped(t)
  const directory = temporaryDirectory(t)
  writeFileSync(join(directory, 'lock'), identityOf(dead))
  const release = await lockDirectory(systemFiles, directory)
  t.equal(readFileSync(join(directory, 'lock'), 'latin1'), identityOf(process.pid))
  await release()
})

t.test('the lock of a process that lives is refused, with its id', async t => {
  const { living } = await unreaped(t)
  const directory = temporaryDirectory(t)
  writeFileSync(join(directory, 'lock'), identityOf(living))
  await t.rejects(lockDirectory(systemFiles, directory), {
    name: 'SpoolUnusable',
    message: `is in use by process ${living}`,
  })
})

t.test('a lock of an earlier boot, or of a process id that was given again, is nobody’s', async t => {
  const { living } = await unreaped(t)
  const [, start, boot] = identityOf(living).split(' ')
  for (const holder of [
    `${living} ${start} 0-0-0-0`,
    `${living} ${Number(start) - 1} ${boot}`,
    '',
    'x',
    '-1',
  ]) {
    const directory = temporaryDirectory(t)
    writeFileSync(join(directory, 'lock'), holder)
    const release = await lockDirectory(systemFiles, directory)
    await release()
  }
})
