/**
 * libFuzzer on the harnesses of `native/fuzz`, one after the other.
 *
 * Promises: prints the seed before it begins and how to run it again; says of an input that ends a harness where it was
 * saved and which command replays it.
 * A seed alone finds the same only while the saved inputs are the same: each run adds to `native/build/fuzz/found`, and how
 * many inputs fit into its seconds is the machine's. What was found is replayed by its file, not by its seed.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { execute, native, root } from './execute.ts'

export interface FuzzOptions {
  readonly seconds: number
  /** One harness; all when it is not given. */
  readonly only: string | undefined
  /** 1 or more; libFuzzer takes 0 for none. */
  readonly seed: number
}

const found = join(native, 'build/fuzz/found')
/** A replay needs them too: what took too long or too much ends only with them. */
const limits = ['-timeout=5', '-rss_limit_mb=1024']
const shown = (path: string): string => relative(root, path)

function harnesses(only: string | undefined): readonly string[] {
  const files = readdirSync(join(native, 'fuzz')).filter(file => file.endsWith('.cc'))
  const all = files.map(file => basename(file, '.cc'))
  if (only !== undefined && !all.includes(only)) throw new Error(`a harness is one of ${all.join(', ')}`)
  return only === undefined ? all : [only]
}

export function fuzz({ seconds, only, seed }: FuzzOptions): void {
  const names = harnesses(only)
  execute(['make', '-j2', 'fuzz'])
  for (const name of names) {
    console.log(`${name} for ${seconds} s with -seed=${seed}`)
    console.log(`  again: node test/native/runs/run.ts fuzz ${seconds} ${name} ${seed}`)
    const begun = Date.now()
    try {
      run(name, seconds, seed)
    } catch (error) {
      throw new Error([(error as Error).message, ...howToReplay(name, begun)].join('\n'))
    }
  }
}

function run(name: string, seconds: number, seed: number): void {
  const saved = [`fuzz/corpus/${name}`].filter(folder => existsSync(join(native, folder)))
  mkdirSync(join(found, name), { recursive: true })
  execute([
    `build/fuzz/${name}`,
    `-seed=${seed}`,
    `-max_total_time=${seconds}`,
    ...limits,
    '-max_len=16384',
    `-artifact_prefix=${join(found, name)}-`,
    '-print_final_stats=0',
    '-verbosity=0',
    // New inputs go to the first folder; what ends the program is kept beside it.
    join(found, name),
    ...saved,
  ])
}

/** libFuzzer names what it saves after its kind and its digest: `mime-crash-…`, `mime-timeout-…`. */
function howToReplay(name: string, begun: number): readonly string[] {
  return readdirSync(found)
    .filter(file => file.startsWith(`${name}-`))
    .map(file => join(found, file))
    .filter(path => statSync(path).mtimeMs >= begun)
    .flatMap(path => [
      `  saved: ${shown(path)}`,
      `  replay: ${shown(join(native, 'build/fuzz', name))} ${limits.join(' ')} ${shown(path)}`,
    ])
}
