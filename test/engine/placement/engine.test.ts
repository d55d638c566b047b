/** Engine threads of a real process stand where the plan put them. */
import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { readTopology } from '#engine/placement/read-topology.ts'
import { loadNative } from '#scanner/native.ts'
import { startSluice } from '../../peers/sluice.ts'

const native = loadNative()
const { allowed } = readTopology()
const skip = 'core' in native ? allowed.length < 2 && 'there is one CPU only' : native.reason

/** CPUs of each thread of a process. */
async function masksOf(pid: number): Promise<readonly string[]> {
  // Its main thread has its number, and comes first.
  const tasks = (await readdir(`/proc/${pid}/task`)).sort((left, right) => Number(left) - Number(right))
  const texts = await Promise.all(tasks.map(task => readFile(`/proc/${pid}/task/${task}/status`, 'utf8')))
  return texts.map(text => /^Cpus_allowed_list:\s*(\S+)/m.exec(text)![1]!)
}

t.test('each engine thread has its CPU, and the threads of libuv and V8 keep all', { skip }, async t => {
  const sluice = await startSluice(t, { placement: 'cores', threads: 2 })
  const masks = await masksOf(sluice.pid)
  const whole = masks.filter(mask => mask === masks[0])
  const bound = masks.filter(mask => mask !== masks[0])
  t.equal(new Set(bound).size, 2, `two places: ${masks.join(' ')}`)
  t.ok(whole.length >= 5, 'main, four of libuv at least')
  t.ok(bound.length >= 2)
})
