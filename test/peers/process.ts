/**
 * A real program started for a test or a measurement: its own process group, its own directory, ended by pid.
 *
 * Promises: `stop` ends the program and every child in its group, and resolves when they are gone; a test process that
 * exits in any way but SIGKILL takes its programs with it; what the program printed is kept for the failure message.
 * Leaves out: readiness, which each peer knows best (`ready.ts`).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** The part of a tap test that a peer needs; absent in bench/. */
export interface Owner {
  teardown(end: () => unknown): void
}

export interface Program {
  readonly child: ChildProcess
  readonly pid: number
  /** Resolves when the program has ended, with its exit code or the name of the signal. */
  readonly ended: Promise<number | string>
  /** Standard output and error so far, newest 64 KiB. */
  output(): string
  stop(): Promise<void>
}

const running = new Set<Program>()
process.on('exit', () => {
  for (const program of running) signalGroup(program.pid, 'SIGKILL')
})

const outputKept = 65_536
const secondsToStop = 5

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Each chunk of standard output, beside being kept. */
  readonly onOutput?: (text: string) => void
}

/** Starts the program. Throws when it cannot be executed at all. */
export async function startProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Program> {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  })
  let text = ''
  const keep = (chunk: string) => {
    text = (text + chunk).slice(-outputKept)
  }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    keep(chunk)
    options.onOutput?.(chunk)
  })
  child.stderr.setEncoding('utf8').on('data', keep)
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  ended.catch(() => undefined)
  await once(child, 'spawn')
  const program: Program = {
    child,
    pid: child.pid!,
    ended,
    output: () => text,
    stop: () => stopProgram(program),
  }
  running.add(program)
  void ended.finally(() => running.delete(program)).catch(() => undefined)
  return program
}

async function stopProgram({ pid, ended }: Program): Promise<void> {
  signalGroup(pid, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), secondsToStop * 1_000)
  await ended
  clearTimeout(timer)
  // Children that outlived their parent are still in its group.
  signalGroup(pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone already.
  }
}

/** Runs a program to its end. `input` goes to its standard input. Never throws for an exit code. */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    readonly input?: string | Uint8Array
    readonly seconds?: number
    readonly env?: Readonly<Record<string, string>>
  } = {},
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const env = { ...process.env, ...options.env }
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env })
  const timer = setTimeout(() => child.kill('SIGKILL'), (options.seconds ?? 60) * 1_000)
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk))
  // A program that does not read its input closes the pipe; its exit code tells more than EPIPE.
  child.stdin.on('error', () => undefined).end(options.input ?? '')
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, output, errors }
  } finally {
    clearTimeout(timer)
  }
}

/** A directory for one peer on a real disk, since some of them measure or prove what reaches it. */
export async function peerDirectory(name: string, owner?: Owner): Promise<string> {
  const directory = await mkdtemp(join(process.env.SLUICE_PEERS ?? '/var/tmp', `sluice-${name}-`))
  owner?.teardown(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}
