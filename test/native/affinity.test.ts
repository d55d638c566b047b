/** Binding a thread to CPUs, in threads of their own, so that this one stays where it is. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { loadNative } from '#scanner/native.ts'

const native = loadNative()
const skip = 'core' in native ? false : native.reason

interface Told {
  readonly before: readonly number[]
  readonly result: number
  readonly after: readonly number[]
  readonly current: number
}

/** Binds a new thread and says what became of it. */
async function bind(cpus: readonly number[]): Promise<Told> {
  const code = `
    import { parentPort, workerData } from 'node:worker_threads'
    const { loadNative } = await import(workerData.module)
    const { core } = loadNative()
    const before = core.allowedCpus()
    const result = core.pinTo(workerData.cpus)
    parentPort.postMessage({ before, result, after: core.allowedCpus(), current: core.currentCpu() })`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: { module: new URL('../../src/scanner/native.ts', import.meta.url).href, cpus },
  })
  // Both may come in one turn: who waits for the second only when the first has come misses it.
  const [[told]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
  return told
}

t.test('a thread is bound, and no other', { skip }, async t => {
  const { core } = native as Extract<typeof native, { core: unknown }>
  const mine = core.allowedCpus()
  t.ok(mine.length > 0)
  for (const cpu of [mine[0]!, mine.at(-1)!]) {
    const told = await bind([cpu])
    t.same(told, { before: mine, result: 0, after: [cpu], current: cpu })
  }
  t.same((await bind(mine)).after, mine)
  t.same(core.allowedCpus(), mine, 'this thread is where it was')
})

t.test('what the system refuses comes back as a number, and nothing changes', { skip }, async t => {
  const einval = 22
  for (const cpus of [[], [8_191]]) {
    const { before, result, after } = await bind(cpus)
    t.equal(result, einval)
    t.same(after, before)
  }
})
