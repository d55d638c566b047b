/**
 * A filter that learns from ham and spam and then gives each mail a number, whoever made it.
 *
 * Promises, for every contestant alike: it learns from the same files and judges the same files; it has no network, since what it
 * runs is in a network name space of its own; its database is in the folder it is given, and nothing of the system's is touched.
 * CPU is user and system time of the whole process tree. Of programs that stay (all but bogofilter) a scoring counts from the
 * moment they are ready.
 */
import { type Owner, run } from '../../test/peers/process.ts'

/** SpamAssassin is measured twice: with its rules alone, and with what it has learned. */
export const columns = ['sluice', 'bogofilter', 'spamassassin', 'spamassassinRules', 'rspamd'] as const
export type Column = (typeof columns)[number]

export interface Lesson {
  readonly ham: readonly string[]
  readonly spam: readonly string[]
  /** Its own, empty, and not yet there. */
  readonly folder: string
}

export interface Cost {
  readonly mails: number
  readonly cpuSeconds: number
}

/** One number for each file, in their order. */
export type Scores = Readonly<Partial<Record<Column, readonly number[]>>>

export interface Scored {
  readonly scores: Scores
  readonly costs: Readonly<Partial<Record<Column, Cost>>>
}

export interface Taught {
  readonly cpuSeconds: number
  score(files: readonly string[]): Promise<Scored>
}

export interface Contestant {
  readonly name: Exclude<Column, 'spamassassinRules'>
  version(): Promise<string>
  /** Learns. What it starts belongs to the owner. */
  teach(owner: Owner, lesson: Lesson): Promise<Taught>
}

/** In front of a command: no network, not even loopback. Sockets in the file system work. */
export const offline = ['unshare', '--net', '--'] as const

const longest = 7_200

/** Runs a command offline to its end. Standard output, and CPU of all that it started. */
export async function runOffline(
  command: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly output: string; readonly cpuSeconds: number }> {
  const script = '"$@"; code=$?; times >&2; exit $code'
  const { code, output, errors } = await run('sh', ['-c', script, 'sh', ...offline, ...command], {
    ...options,
    seconds: longest,
  })
  if (code !== 0)
    throw new Error(`${command.slice(0, 4).join(' ')} … ended with ${code}:\n${errors.slice(-2_000)}`)
  return { output, cpuSeconds: childSeconds(errors) }
}

/** What a driver of ours says of itself in its last line. */
export const ownCost = (output: string, mails: number): Cost => ({
  mails,
  cpuSeconds: Number(/^CPU (\S+)$/m.exec(output)?.[1] ?? Number.NaN),
})

/** The last line of `times`: user and system time of children, as `1m2.34s 0m0.56s`. */
export function childSeconds(errors: string): number {
  const [line = ''] = errors.trimEnd().split('\n').slice(-1)
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
}

export const lines = (files: readonly string[]): string => files.map(file => `${file}\n`).join('')

/** From lines of a file and its number to the numbers, in the order of the files; fails when one is missing. */
export function numbersOf(output: string, files: readonly string[], column = 1): readonly number[] {
  const found = new Map<string, number>()
  for (const line of output.split('\n')) {
    const words = line.split(/[\t ]/)
    found.set(words[0]!, Number(words[column]))
  }
  return files.map(file => {
    const number = found.get(file)
    if (number === undefined || !Number.isFinite(number)) throw new Error(`there is no score for ${file}`)
    return number
  })
}
