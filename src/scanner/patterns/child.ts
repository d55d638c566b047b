/**
 * The process that compiles: a child with limits, which can be killed at any moment and takes nothing with it.
 *
 * Promises: it gets no more memory and no more time on the processor than it was given, by the kernel's own limits
 * (RLIMIT_DATA, RLIMIT_CPU), so that it ends even when its parent is gone; it ends when `signal` says so; what it reported
 * before its end counts; every end is a value.
 * RLIMIT_DATA rather than RLIMIT_AS: V8 reserves address space by the gigabyte that it never touches.
 * Leaves out: what is done there (`compile-child.ts`).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Pattern } from '#scanner/pattern.ts'

/** What the child is given, as a file. */
export interface CompileJob {
  readonly addon: string
  readonly patterns: readonly Pattern[]
  /** Octets that it may take beyond what it has when it begins. */
  readonly memory: number
  /** Compile and measure these, one after the other; all in one image when absent. */
  readonly alone?: readonly number[]
  /** See createProbe. */
  readonly suspicious: number
  /** Where the image of all goes. */
  readonly image: string
}

/** What the child says, one line of JSON each. */
export type ChildReport =
  | { readonly at: 'trying'; readonly pattern: number }
  | ({ readonly at: 'tried' } & TriedPattern)
  | { readonly at: 'compiled'; readonly refusal: string; readonly verdicts: readonly ChildVerdict[] }

export interface ChildVerdict {
  readonly handling: 'direct' | 'prefilter' | 'refused'
  readonly reason: string
}

export interface TriedPattern extends ChildVerdict {
  readonly pattern: number
  /** Milliseconds to compile; octets of the image; microseconds per megabyte. */
  readonly compile: number
  readonly size: number
  readonly ordinary: number
  readonly hostile: number
  readonly slowest: string
}

export type ChildEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  /** Ended by `stop` of a report. */
  | { readonly kind: 'stopped' }
  /** Ended by itself or by the kernel; a sentence says how. */
  | { readonly kind: 'died'; readonly reason: string }

export interface RunningChild {
  stop(): void
  /** Milliseconds that it has spent on the processor; what others take from it does not count. */
  processorTime(): number
}

export interface ChildOptions {
  readonly job: Omit<CompileJob, 'image'>
  /** Milliseconds on the processor, and on the clock. */
  readonly time: number
  readonly signal?: AbortSignal | undefined
  onReport(report: ChildReport, child: RunningChild): void
  /** Called when all is done, while the image is still there. */
  onImage?(path: string): Promise<void>
}

/**
 * Limits by the shell: Node.js has no call for them. `exec` keeps the process id, so that a kill meets the right one. The
 * child limits its memory itself, when it knows what it has by then.
 */
const limited = 'ulimit -c 0 && ulimit -t "$1" && shift && exec "$@"'

export async function runCompileChild(options: ChildOptions): Promise<ChildEnd> {
  if (options.signal?.aborted) return { kind: 'cancelled' }
  const folder = await mkdtemp(join(tmpdir(), 'sluice-patterns-'))
  try {
    const image = join(folder, 'image')
    const job = join(folder, 'job')
    await writeFile(job, JSON.stringify({ ...options.job, image } satisfies CompileJob))
    const end = await runLimited(job, options)
    if (end.kind === 'done') await options.onImage?.(image)
    return end
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runLimited(job: string, options: ChildOptions): Promise<ChildEnd> {
  const seconds = Math.ceil(options.time / 1_000) + 1
  const child = spawn(
    '/bin/sh',
    ['-c', limited, 'sh', `${seconds}`, process.execPath, join(import.meta.dirname, 'compile-child.ts'), job],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment() },
  )
  let ended: 'cancelled' | 'stopped' | 'time' | undefined
  const kill = (why: typeof ended): void => {
    ended ??= why
    child.kill('SIGKILL')
  }
  const cancel = (): void => kill('cancelled')
  const running: RunningChild = {
    stop: () => kill('stopped'),
    processorTime: () => processorTime(child.pid),
  }
  options.signal?.addEventListener('abort', cancel)
  const clock = setTimeout(kill, options.time, 'time')
  try {
    const complaint = readTail(child)
    const exit = waitForEnd(child)
    for await (const line of createInterface({ input: child.stdout! })) {
      if (ended !== undefined) break
      options.onReport(JSON.parse(line), running)
    }
    const status = await exit
    if (ended === 'cancelled' || ended === 'stopped') return { kind: ended }
    if (status === 0) return { kind: 'done' }
    const limit = `it took longer than ${options.time / 1_000} s`
    const reason = ended === 'time' || status === 'SIGXCPU' ? limit : explainEnd(status, complaint())
    return { kind: 'died', reason }
  } finally {
    clearTimeout(clock)
    options.signal?.removeEventListener('abort', cancel)
    child.kill('SIGKILL')
  }
}

/** Reading TypeScript anew would take half of the time of a small compile: the child uses the cache that we use. */
function environment(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir()
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) }
}

/** proc(5): utime and stime are fields 14 and 15, in hundredths of a second; the name before them may hold anything. */
function processorTime(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return 0
  }
}

const waitForEnd = (child: ChildProcess): Promise<number | string> =>
  new Promise(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ?? code ?? 1))
  })

function readTail(child: ChildProcess): () => string {
  let tail = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-4_096)
  })
  return () => tail
}

/** V8 and libstdc++ end a process that gets no memory by abort, each with its own words. */
function explainEnd(status: number | string, complaint: string): string {
  if (/memory|bad_alloc/i.test(complaint) || status === 'SIGABRT' || status === 'SIGTRAP')
    return 'it took more memory than it may'
  const lines = complaint.trim().split('\n')
  const words = (lines.find(line => /^(?:\w*Error|sh): /.test(line)) ?? lines.at(-1))?.slice(0, 200)
  return `the compiling process ended with ${status}${words ? `: ${words}` : ''}`
}
