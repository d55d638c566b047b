/** What a peer costs is counted whole: children, and children that have ended. */
import t from 'tap'
import { cpuSeconds, memoryOctets, processTree, watchMemory } from '../../bench/measure/process-tree.ts'
import { startProgram } from '../peers/process.ts'
import { until } from '../peers/ready.ts'

t.test('CPU of a child that has ended is counted', async t => {
  // The child works, ends and is waited for; the parent does nothing but wait.
  const work = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'
  let said = ''
  const program = await startProgram('sh', ['-c', `sh -c '${work}'; echo done; exec sleep 60`], {
    onOutput: text => (said += text),
  })
  t.teardown(program.stop)
  await until('the child to end', () => said.includes('done'))
  t.ok(cpuSeconds(program.pid) >= 0.02, 'more than a waiting shell takes')
})

t.test('memory and CPU are those of the whole tree, and of nothing else', async t => {
  const eater =
    "const keep = Buffer.alloc(64 * 2 ** 20, 1); console.log('full'); setInterval(() => keep, 1e6)"
  let said = ''
  const program = await startProgram(
    'sh',
    ['-c', '"$0" -e "$1" & "$0" -e "$1"; wait', process.execPath, eater],
    { onOutput: text => (said += text) },
  )
  t.teardown(program.stop)
  await until('both children to be full', () => said.split('full').length === 3)
  t.equal(processTree(program.pid).size, 3)
  t.notOk(processTree(program.pid).has(process.pid))
  t.ok(memoryOctets(program.pid) > 2 * 64 * 2 ** 20)
  t.ok(watchMemory(program.pid).stop() > 2 * 64 * 2 ** 20, 'a watch has a sample even when it ends at once')
})
