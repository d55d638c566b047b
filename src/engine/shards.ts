/**
 * Which spool shards belong to which engine thread.
 *
 * Promises: a queue outlives a change of `threads`: shards without a thread of their own are opened by another one and
 * delivered from there; new mail goes only to the shard with the number of its thread.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export const shardDirectory = (spoolDirectory: string, shard: number): string =>
  join(spoolDirectory, String(shard))

/** Numbers of the shards on disk, ascending. */
export async function shardsOnDisk(spoolDirectory: string): Promise<readonly number[]> {
  const entries = await readdir(spoolDirectory, { withFileTypes: true })
  return entries
    .filter(entry => entry.isDirectory() && /^(0|[1-9]\d{0,2})$/.test(entry.name))
    .map(entry => Number(entry.name))
    .sort((left, right) => left - right)
}

/** The first is the one for new mail. */
export const shardsOf = (thread: number, threads: number, onDisk: readonly number[]): readonly number[] => [
  thread,
  ...onDisk.filter(shard => shard >= threads && shard % threads === thread),
]
