import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { shardsOf, shardsOnDisk } from '../../src/engine/shards.ts'

t.test('only directories that are named like a shard are shards', async t => {
  const path = t.testdir()
  for (const name of ['0', '2', '10', '01', 'x', '-1']) mkdirSync(join(path, name))
  writeFileSync(join(path, '5'), '')
  t.same(await shardsOnDisk(path), [0, 2, 10])
})

t.test('with fewer threads than before, every shard has exactly one thread', t => {
  const onDisk = [0, 1, 2, 3, 4, 5, 6, 7]
  t.same(shardsOf(0, 3, onDisk), [0, 3, 6])
  t.same(shardsOf(1, 3, onDisk), [1, 4, 7])
  t.same(shardsOf(2, 3, onDisk), [2, 5])
  t.same(shardsOf(4, 8, []), [4], 'a new thread begins a shard of its own')
  t.end()
})
