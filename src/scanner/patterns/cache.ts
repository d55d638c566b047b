/**
 * Compiled patterns on disk, so that a restart does not compile again.
 *
 * Promises: a file appears whole or not at all (written beside, synced, renamed); what is torn, foreign or of another
 * key is taken for absent and overwritten; a cache that cannot be read or written is no cache and no error, but a sentence
 * for the log. Two processes that write the same key do no harm: the last one wins, with the same octets.
 * Leaves out: what is in the files (`file.ts`). The directory is given; whoever can write there can make us load a
 * database of theirs, so that it must belong to the account that runs Sluice.
 */
import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { type PatternFile, readPatternFile } from './file.ts'

/** So many sets are kept: what is in force, what was before, and a few for tests. */
const kept = 4
/** A file beside that is older was left by a process that died. */
const abandoned = 3_600_000
const suffix = '.patterns'

export interface CachedPatterns {
  readonly file: PatternFile
  readonly octets: Uint8Array
}

/** undefined when there is none that can be used. */
export async function readCache(directory: string, key: string): Promise<CachedPatterns | undefined> {
  const path = join(directory, key + suffix)
  try {
    const octets = await readShared(path)
    const file = readPatternFile(octets)
    if (typeof file === 'string' || file.head.key !== key) return undefined
    // The least recently used goes first.
    await utimes(path, new Date(), new Date()).catch(() => {})
    return { file, octets }
  } catch {
    return undefined
  }
}

/** Into shared memory, which other threads see without a copy. */
async function readShared(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const octets = Buffer.from(new SharedArrayBuffer(size))
    await readFully(file, octets)
    return octets
  } finally {
    await file.close()
  }
}

async function readFully(file: FileHandle, octets: Buffer): Promise<void> {
  // Reads go to memory that is not shared, since the system call may not see another thread's writes half done.
  const chunk = Buffer.allocUnsafeSlow(2 ** 20)
  let at = 0
  while (at < octets.length) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, octets.length - at), at)
    if (bytesRead === 0) throw new Error('the file ends early')
    octets.set(chunk.subarray(0, bytesRead), at)
    at += bytesRead
  }
}

/** A string says why it could not be kept. */
export async function writeCache(
  directory: string,
  key: string,
  octets: Uint8Array,
): Promise<string | undefined> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await replaceFile(directory, key + suffix, octets)
    await removeOld(directory)
    return undefined
  } catch (error) {
    return `compiled patterns cannot be kept in ${directory}: ${(error as Error).message}`
  }
}

/** The file and its directory are on disk when this resolves. */
export async function replaceFile(directory: string, name: string, octets: Uint8Array): Promise<void> {
  const beside = join(directory, `${name}.${process.pid}.${randomBytes(6).toString('hex')}.part`)
  try {
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(octets)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, join(directory, name))
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  const folder = await open(directory)
  await folder.sync().finally(() => folder.close())
}

async function removeOld(directory: string): Promise<void> {
  const ages = new Map<string, number>()
  for (const name of await readdir(directory)) {
    const path = join(directory, name)
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => undefined,
    )
    if (age === undefined) continue
    if (name.endsWith('.part') && age > abandoned) await rm(path, { force: true })
    if (name.endsWith(suffix)) ages.set(path, age)
  }
  const newestFirst = [...ages].sort(([, a], [, b]) => a - b)
  for (const [path] of newestFirst.slice(kept)) await rm(path, { force: true })
}
