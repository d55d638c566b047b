/**
 * One copy of a compiled set serves all threads, and another takes its place while they scan.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import type { Pattern } from '#scanner/pattern.ts'
import { type Database, loadMatching } from './native.ts'
import type { Swap, Swapped } from './sharing-thread.ts'

const native = loadMatching()

const literals = (...texts: readonly string[]): Pattern[] =>
  texts.map(text => ({ kind: 'literal', text, caseless: true, word: 'whole', zones: ['text'] }))

function load(image: Uint8Array): Database {
  const database = native.load(image)
  if (typeof database === 'string') throw new Error(database)
  return database
}

/** Enough of them that a second copy would be seen. */
const many = (): readonly string[] =>
  Array.from({ length: 20_000 }, (_, number) => `phrase ${(number * 7_919).toString(36)} of ${number}`)

t.test(
  'a process has one copy of a set, however often it is loaded, and none when nobody holds it',
  async t => {
    const { image } = native.compile(literals(...many()))
    const resident = (): number => process.memoryUsage.rss()
    const before = resident()
    const loaded = Array.from({ length: 40 }, () => load(image))
    const [first] = loaded
    const { size, holders } = native.describe(first!)
    t.equal(holders, 40)
    t.ok(size > 1_000_000, `${size} octets`)
    t.ok(resident() - before < size * 10, 'not forty of them')
    for (const database of loaded.slice(1)) native.release(database)
    t.equal(native.describe(first!).holders, 1)
    native.release(first!)
    const again = load(image)
    t.equal(native.describe(again).holders, 1, 'loaded anew')
    native.release(again)
  },
)

t.test('threads that scan go over to other patterns without a wrong match, and share each set', async t => {
  const sets: readonly Swap[] = [
    { image: shared(literals('alpha', 'beta gamma')), found: 2_000 },
    { image: shared(literals('delta', ...many())), found: 1_000 },
    { image: shared(literals('gamma delta', 'alp')), found: 1_000 },
  ]
  const threads = [1, 2].map(() => new Worker(new URL('./sharing-thread.ts', import.meta.url)))
  t.teardown(() => Promise.all(threads.map(thread => thread.terminate())))
  let scans = 0
  for (let round = 0; round < 12; round++) {
    const set = sets[round % sets.length]!
    const answers = threads.map(thread => once(thread, 'message') as Promise<[Swapped]>)
    for (const thread of threads) thread.postMessage(set)
    const swapped = (await Promise.all(answers)).map(([answer]) => answer)
    for (const { wrong } of swapped) t.strictSame(wrong, [])
    t.equal(Math.max(...swapped.map(({ holders }) => holders)) >= 2, true, 'both hold the same copy')
    scans = swapped.reduce((sum, answer) => sum + answer.scans, 0)
  }
  t.ok(scans > 24, `${scans} scans`)
})

/** In memory that threads see without copying. */
function shared(patterns: readonly Pattern[]): Uint8Array {
  const { image } = native.compile(patterns)
  const octets = new Uint8Array(new SharedArrayBuffer(image.length))
  octets.set(image)
  return octets
}
