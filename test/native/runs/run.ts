/**
 * Runs of the core under tools that see what no test sees.
 *
 *   node test/native/runs/run.ts sanitized [SEED]   AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer
 *   node test/native/runs/run.ts leaks [SEED]       valgrind: leaks, and decisions on memory that nobody wrote
 *   node test/native/runs/run.ts fuzz [SECONDS] [HARNESS] [SEED]   libFuzzer on each harness of native/fuzz, or on one, so long
 *
 * The first two scan made-up messages, whole and in pieces, with patterns in every zone (`native/runner/scan.cc`);
 * `sanitized` also scans real ones where there are any (`contract/corpus.ts`), and runs the suites of the border and of
 * the pieces on a sanitized addon. Their seeds are new each day, that of fuzzing is new each time; a run prints its own.
 */
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unpackTorture } from '../../scanner/contract/corpus.ts'
import { execute, native, root } from './execute.ts'
import { fuzz } from './fuzz.ts'
import { writeMessages } from './messages.ts'

/** Made-up messages and, if wanted, real ones, for as long as `work` runs. */
function withMessages(count: number, seed: string, real: boolean, work: (folders: string[]) => void): void {
  const folders = [writeMessages(count, Number(seed))]
  console.log(`${count} messages of seed ${seed}`)
  try {
    if (real) {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-torture-'))
      folders.push(folder)
      const unpacked = unpackTorture(folder)
      console.log(typeof unpacked === 'string' ? unpacked : `and ${unpacked.length} real ones`)
    }
    work(folders)
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true })
  }
}

function sanitized(seed: string): void {
  execute(['make', '-j2', 'sanitized-run'])
  const stack = { UBSAN_OPTIONS: 'print_stacktrace=1' }
  withMessages(2_000, seed, true, folders => execute(['build/sanitized/scan', ...folders], stack))
  const { stdout } = spawnSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' })
  // Node itself is not built for LeakSanitizer: what it keeps until its end would be reported.
  const preloaded = { ...stack, LD_PRELOAD: stdout.trim(), ASAN_OPTIONS: 'detect_leaks=0' }
  const tested = { ...preloaded, SLUICE_TEST_ADDON: join(native, 'build/sanitized/sluice.node') }
  for (const suite of ['native/border', 'scanner/contract/chunking', 'scanner/contract/patterns'])
    execute([process.execPath, `test/${suite}.test.ts`], tested, root)
}

function leaks(seed: string): void {
  execute(['make', '-j2', 'runner'])
  // Memory that is still pointed to at the end is no leak: tables of ICU and of the C++ library.
  const kinds = ['--show-leak-kinds=definite,indirect', '--errors-for-leak-kinds=definite,indirect']
  const valgrind = ['valgrind', '--quiet', '--error-exitcode=9', '--leak-check=full', ...kinds, 'build/scan']
  withMessages(400, seed, false, folders => execute([...valgrind, ...folders]))
}

const today = `${Math.floor(Date.now() / 86_400_000)}`
const runs = new Map<string, (...words: readonly string[]) => void>([
  ['sanitized', (seed = today) => sanitized(seed)],
  ['leaks', (seed = today) => leaks(seed)],
  [
    'fuzz',
    (seconds = '20', only, seed = `${randomInt(1, 2 ** 31)}`) =>
      fuzz({ seconds: Number(seconds), only, seed: Number(seed) }),
  ],
])

const [name = '', ...words] = process.argv.slice(2)
const run = runs.get(name)
try {
  if (run === undefined) throw new Error(`a run is one of ${[...runs.keys()].join(', ')}`)
  run(...words)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
