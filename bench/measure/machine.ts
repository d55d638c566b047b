/** Where and with what a figure was measured: without it a figure says nothing. */
import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'

export interface Circumstances {
  readonly date: string
  readonly commit: string
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly memoryGiB: number
    readonly kernel: string
    readonly fileSystem: string
  }
  readonly node: string
  readonly postfix: string
}

export function circumstances(directory: string): Circumstances {
  return {
    date: new Date().toISOString(),
    commit: commit(),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
      fileSystem: fileSystem(directory),
    },
    node: process.version,
    postfix: ask('postconf', ['-h', 'mail_version']),
  }
}

/** With `+changes` when what is measured differs from it. */
function commit(): string {
  const changed =
    ask('git', [
      'status',
      '--porcelain',
      '--',
      'src',
      'native',
      'bench/*.ts',
      'bench/measure',
      'package-lock.json',
    ]) !== ''
  return ask('git', ['rev-parse', '--short=12', 'HEAD']) + (changed ? '+changes' : '')
}

function ask(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}

const fileSystems = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlay'],
])

/** Type of the file system that holds the directory. `tmpfs` has no disk below it, so nothing on it is durable. */
export function fileSystem(directory: string): string {
  const type = statfsSync(directory).type
  return fileSystems.get(type) ?? `0x${type.toString(16)}`
}
