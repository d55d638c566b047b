/**
 * Runs of the core under tools that see what no test sees.
 *
 *   node test/native/runs/run.ts sanitized [SEED]   AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer
 *   node test/native/runs/run.ts leaks [SEED]       valgrind: leaks, and decisions on memory that nobody wrote
 *   node test/native/runs/run.ts fuzz [SECONDS] [HARNESS]   libFuzzer on each harness of native/fuzz, or on one, so long
 *
 * The first two scan made-up messages, whole and in pieces, with patterns in every zone (`native/runner/scan.cc`);
 * `sanitized` also scans real ones where there are any (`contract/corpus.ts`), and runs the suites of the border and of
 * the pieces on a sanitized addon. Seeds are new each day, and printed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { unpackTorture } from '../../scanner/contract/corpus.ts'
import { writeMessages } from './messages.ts'

const root = join(import.meta.dirname, '../../..')
const native = join(root, 'native')

function execute([program, ...rest]: readonly string[], environment = {}, cwd = native): void {
  const env = { ...process.env, ...environment }
  const { status, signal, error } = spawnSync(program!, rest, { cwd, stdio: 'inherit', env })
  if (status !== 0) throw new Error(`${program} ended with ${error?.message ?? signal ?? `status ${status}`}`)
}

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

function fuzz(seconds: string, only: string | undefined): void {
  execute(['make', '-j2', 'fuzz'])
  const files = readdirSync(join(native, 'fuzz')).filter(name => name.endsWith('.cc'))
  const harnesses = files.map(file => basename(file, '.cc'))
  for (const name of harnesses.filter(name => only === undefined || name === only)) {
    console.log(`${name} for ${seconds} s`)
    const found = join(native, 'build/fuzz/found')
    const saved = [`fuzz/corpus/${name}`].filter(folder => existsSync(join(native, folder)))
    execute(['mkdir', '-p', `${found}/${name}`])
    // New inputs go to the first folder; what ends the program is kept beside it.
    const limits = [`-max_total_time=${seconds}`, '-timeout=5', '-rss_limit_mb=1024', '-max_len=16384']
    execute([
      `build/fuzz/${name}`,
      ...limits,
      `-artifact_prefix=${found}/`,
      '-print_final_stats=0',
      '-verbosity=0',
      `${found}/${name}`,
      ...saved,
    ])
  }
}

const today = `${Math.floor(Date.now() / 86_400_000)}`
const runs = new Map<string, (argument?: string, other?: string) => void>([
  ['sanitized', (seed = today) => sanitized(seed)],
  ['leaks', (seed = today) => leaks(seed)],
  ['fuzz', (seconds = '20', harness) => fuzz(seconds, harness)],
])

const [name = '', argument, other] = process.argv.slice(2)
const run = runs.get(name)
if (run === undefined) throw new Error(`a run is one of ${[...runs.keys()].join(', ')}`)
run(argument, other)
