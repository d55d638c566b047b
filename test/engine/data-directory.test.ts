import { spawnSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type DataDirectory, isDirectoryRefused, openDataDirectory } from '../../src/engine/data-directory.ts'

const opened = (path: string): DataDirectory => {
  const directory = openDataDirectory(path)
  if (isDirectoryRefused(directory)) throw new Error(directory.sentence)
  return directory
}

t.test('everything below the data directory is for its owner alone', t => {
  const path = join(t.testdir(), 'new', 'data')
  const directory = opened(path)
  t.teardown(() => directory.release())
  for (const place of [path, directory.spool, directory.tracking, directory.capture, directory.tls])
    t.equal(statSync(place).mode & 0o777, 0o700, place)
  t.end()
})

t.test('a second process is refused and told who is there; a dead one leaves nothing behind', t => {
  const path = t.testdir()
  const open = `
    import { openDataDirectory } from ${JSON.stringify(join(import.meta.dirname, '../../src/engine/data-directory.ts'))}
    const directory = openDataDirectory(${JSON.stringify(path)})
    console.log(directory.sentence ?? 'opened')
    process.kill(process.pid, 'SIGKILL')`
  const other = () => spawnSync(process.execPath, ['--input-type=module', '-e', open], { encoding: 'utf8' })
  const mine = opened(path)
  t.match(other().stdout, `is in use by process ${process.pid}`)
  mine.release()
  t.match(other().stdout, 'opened')
  const again = opened(path)
  t.ok(existsSync(join(path, 'sluice.pid')))
  again.release()
  t.end()
})

t.test('the same process is refused, too: two engines cannot share a directory', t => {
  const path = t.testdir()
  const first = opened(path)
  const second = openDataDirectory(path)
  t.ok(isDirectoryRefused(second) && second.taken)
  first.release()
  t.end()
})

t.test('a place that cannot be a directory is a sentence', t => {
  const path = join(t.testdir(), 'file')
  writeFileSync(path, '')
  const refused = openDataDirectory(join(path, 'data'))
  t.match(refused, {
    kind: 'directory-refused',
    taken: false,
    sentence: /cannot be used: a part of its path/,
  })
  t.end()
})
