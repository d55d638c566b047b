/**
 * Compiling in a child under limits, and what the cache keeps of it.
 */
import { copyFileSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { preparePatterns } from '#scanner/patterns/prepare.ts'
import type { PatternProgress } from '#scanner/patterns/report.ts'
import { literal, lookbehind, needsNative, pathological, regex } from './patterns.ts'

const harmless = [literal('next of kin'), regex('fr[e3]{2} money')]
/** Not tried alone, so that they compile in one process. */
const literals = [literal('next of kin'), literal('beneficiary')]
const MiB = 2 ** 20

// Each compile is a process, which a busy machine lets wait.
t.setTimeout(120_000)

async function ready(...call: Parameters<typeof preparePatterns>) {
  const prepared = await preparePatterns(...call)
  if (prepared.kind === 'failed') throw new Error(prepared.reason)
  prepared.set.release()
  return prepared.report
}

const setsIn = (folder: string) => readdirSync(folder).filter(name => name.endsWith('.patterns'))

t.test(
  'an expression that takes too long is refused by name, and the rest is compiled',
  needsNative,
  async t => {
    const report = await ready([harmless[0]!, pathological, harmless[1]!], {
      engine: 'native',
      limits: { each: 600 },
    })
    t.strictSame(report.refused, [{ pattern: 1, reason: 'cannot be compiled: it took longer than 0.6 s' }])
    t.ok(report.size > 0)
  },
)

t.test(
  'an expression that takes too much memory is refused by name, and the rest is compiled',
  needsNative,
  async t => {
    const report = await ready([pathological, ...harmless], {
      engine: 'native',
      limits: { memory: 40 * MiB },
    })
    t.strictSame(report.refused, [
      { pattern: 0, reason: 'cannot be compiled: it took more than 40 MiB of memory' },
    ])
  },
)

t.test('all together have a time of their own', needsNative, async t => {
  const prepared = await preparePatterns([pathological], { engine: 'native', limits: { all: 400 } })
  t.match(prepared, { kind: 'failed', reason: /took longer than 0.4 s/ })
})

t.test('compiling can be cancelled, and takes its process with it', needsNative, async t => {
  const abort = new AbortController()
  const onProgress = () => abort.abort()
  const prepared = await preparePatterns([pathological], {
    engine: 'native',
    signal: abort.signal,
    onProgress,
  })
  t.strictSame(prepared, { kind: 'failed', reason: 'compiling was cancelled' })
})

t.test('progress says how many of how many', needsNative, async t => {
  const seen: PatternProgress[] = []
  await ready(harmless, { engine: 'native', onProgress: progress => void seen.push(progress) })
  t.strictSame(seen, [
    { phase: 'try', done: 0, total: 1 },
    { phase: 'try', done: 1, total: 1 },
    { phase: 'compile', done: 0, total: 2 },
    { phase: 'compile', done: 2, total: 2 },
  ])
})

t.test('what neither Hyperscan nor RegExp can do is refused with both reasons', needsNative, async t => {
  const neither = regex('(?<!a)b(?(1)c|d)')
  const inOctets = { ...lookbehind, zones: ['text', 'wire'] as const }
  const report = await ready([lookbehind, neither, inOctets], { engine: 'native' })
  t.strictSame(report.confirmed, [0, 2])
  t.match(report.refused, [
    { pattern: 1, reason: /conditional/ },
    { pattern: 2, reason: /in wire nothing can be confirmed/, zones: ['wire'] },
  ])
})

t.test(
  'an expensive expression is reported with its cost, and left out when that is wanted',
  needsNative,
  async t => {
    const slow = regex('(?:[a-z] ?){20}q')
    const limits = { ordinary: 500 }
    const report = await ready([...harmless, slow], { engine: 'native', limits })
    t.match(report.expensive, [{ pattern: 2, leftOut: false, reason: /µs per megabyte/ }])
    t.ok(report.expensive[0]!.cost.ordinary > 500)
    const without = await ready([...harmless, slow], { engine: 'native', limits, leaveOutExpensive: true })
    t.match(without.expensive, [{ pattern: 2, leftOut: true }])
    t.ok(without.size < report.size)
  },
)

t.test('what was compiled is found again, and nothing else is taken for it', needsNative, async t => {
  const cache = t.testdir()
  t.equal((await ready(literals, { engine: 'native', cache })).source, 'compiled')
  t.equal((await ready(literals, { engine: 'native', cache })).source, 'cache')
  const [name] = setsIn(cache)
  const path = join(cache, name!)
  const whole = readFileSync(path)

  truncateSync(path, whole.length - 1)
  t.equal((await ready(literals, { engine: 'native', cache })).source, 'compiled', 'torn')
  const damaged = Buffer.from(whole)
  damaged[damaged.length - 20]! ^= 1
  writeFileSync(path, damaged)
  t.equal((await ready(literals, { engine: 'native', cache })).source, 'compiled', 'one bit changed')
  writeFileSync(path, 'something else')
  t.equal((await ready(literals, { engine: 'native', cache })).source, 'compiled', 'foreign')

  await ready([literal('other')], { engine: 'native', cache })
  copyFileSync(join(cache, setsIn(cache).find(each => each !== name)!), path)
  t.equal((await ready(literals, { engine: 'native', cache })).source, 'compiled', 'of another key')
  t.equal((await ready(literals, { engine: 'native', cache })).source, 'cache')
})

t.test('few sets are kept, and what a process that died left is removed', needsNative, async t => {
  const cache = t.testdir({ 'old.part': 'x' })
  utimesSync(join(cache, 'old.part'), new Date(0), new Date(0))
  for (let round = 0; round < 6; round++) await ready([literal(`word ${round}`)], { engine: 'native', cache })
  t.equal(setsIn(cache).length, 4)
  t.notOk(readdirSync(cache).includes('old.part'))
})

t.test('a cache that cannot be written costs a sentence, not the patterns', needsNative, async t => {
  const folder = t.testdir({ file: '' })
  const said: string[] = []
  const onTrouble = (sentence: string) => void said.push(sentence)
  await ready(literals, { engine: 'native', cache: join(folder, 'file'), onTrouble })
  t.match(said, [/cannot be kept/])
})

t.test('two callers at a time share one compile, and each can give up alone', needsNative, async t => {
  const patterns = [regex('sh[a4]red (?:once|twice)')]
  let compiles = 0
  const count = ({ phase, done }: PatternProgress) => {
    if (phase === 'compile' && done === 0) compiles++
  }
  const abort = new AbortController()
  const [one, two, three] = [
    preparePatterns(patterns, { engine: 'native', onProgress: count }),
    preparePatterns(patterns, { engine: 'native' }),
    preparePatterns(patterns, { engine: 'native', signal: abort.signal }),
  ]
  abort.abort()
  t.match(await three, { kind: 'failed', reason: /cancelled/ })
  t.match(await one, { kind: 'ready' })
  t.match(await two, { kind: 'ready' })
  t.equal(compiles, 1)
})

t.test('two processes that compile into one cache do no harm', needsNative, async t => {
  const cache = t.testdir()
  const other = join(import.meta.dirname, 'compile-once.ts')
  const { spawn } = await import('node:child_process')
  const status = new Promise(resolve => {
    spawn(process.execPath, [other, cache], { stdio: 'inherit' }).once('exit', resolve)
  })
  await ready(literals, { engine: 'native', cache })
  t.equal(await status, 0)
  t.equal((await ready(literals, { engine: 'native', cache })).source, 'cache')
})

t.test('the TypeScript engine gets its set by the same call', async t => {
  const report = await ready([...harmless, regex('(?<!a)b(?(1)c|d)')], { engine: 'typescript' })
  t.match(report, { engine: 'typescript', patterns: 3, refused: [{ pattern: 2, reason: /RegExp/ }] })
})
