/**
 * One process per shard: two engines that append to one log would destroy it.
 *
 * The lock is a file with the process id, the start time of that process and the boot id of the machine, so that neither a
 * killed process nor a reused process id nor a reboot leaves a lock behind. Within one process the supervisor sees to it that
 * a thread is dead before its shard is opened again.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, type SpoolFiles } from '#spool/files.ts'

export class SpoolUnusable extends Error {
  override readonly name = 'SpoolUnusable'
}

const noRoom = new Set(['ENOSPC', 'EDQUOT'])

/**
 * `pid start boot`: field 22 of /proc/PID/stat is the start time in clock ticks since boot.
 * None for a process that is dead and only waits to be reaped, be it for ever. While one of its threads lives it may write.
 */
async function identity(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1')
    // The name of the program, in parentheses, may contain anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' && (await readdir(`/proc/${pid}/task`)).length === 1) return undefined
    return `${pid} ${fields[18]} ${boot.trim()}`
  } catch {
    return undefined
  }
}

async function readSmall(files: SpoolFiles, path: string): Promise<string> {
  try {
    const descriptor = await files.open(path, 'read', false)
    try {
      const content = Buffer.alloc(256)
      return content.toString('latin1', 0, await files.read(descriptor, content, 0))
    } finally {
      await files.close(descriptor)
    }
  } catch {
    return ''
  }
}

/** Takes the shard; resolves with what gives it back. Rejects with `SpoolUnusable` when another process has it. */
export async function lockDirectory(files: SpoolFiles, directory: string): Promise<() => Promise<void>> {
  await files.makeDirectory(directory)
  const path = join(directory, 'lock')
  const mine = (await identity(process.pid)) ?? `${process.pid}`
  const holder = await readSmall(files, path)
  const pid = Number.parseInt(holder, 10)
  if (holder !== mine && pid > 0 && (await identity(pid)) === holder)
    throw new SpoolUnusable(`the spool ${directory} is in use by process ${pid}`)
  if (holder !== mine)
    try {
      const descriptor = await files.open(path, 'replace', false)
      await files.write(descriptor, [Buffer.from(mine)], 0).finally(() => files.close(descriptor))
    } catch (error) {
      // A full disk must not keep the queue from being delivered, which is what makes room.
      if (!noRoom.has(errorCode(error))) throw error
    }
  return () => files.remove(path).catch(() => {})
}
