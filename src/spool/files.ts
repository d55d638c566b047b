/**
 * The few file operations that the spool needs, as a value: tests give a disk that fails, tears or loses power.
 *
 * Promises: `write` and `read` finish or fail, a short transfer is continued; every error carries its `code`.
 * Leaves out: what must be synced when. That is said where it is called.
 */
import fs, { constants } from 'node:fs'
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises'

export interface SpoolFiles {
  makeDirectory(path: string): Promise<void>
  list(path: string): Promise<readonly string[]>
  /**
   * `update` opens an existing file for reading and writing, `replace` an empty one that may be new.
   * `durable`: each write returns only when its data is on the medium (O_DSYNC): one system call instead of two.
   */
  open(path: string, mode: 'read' | 'update' | 'replace', durable: boolean): Promise<number>
  /** Octets. */
  size(descriptor: number): Promise<number>
  /** Returns how many octets there were; fewer than asked only at the end of the file. */
  read(descriptor: number, into: Uint8Array, position: number): Promise<number>
  write(descriptor: number, chunks: readonly Uint8Array[], position: number): Promise<void>
  sync(descriptor: number): Promise<void>
  syncDirectory(path: string): Promise<void>
  close(descriptor: number): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** No error when it is not there. */
  remove(path: string): Promise<void>
  /** Octets that an ordinary user may still write to the file system of this path. */
  free(path: string): Promise<number>
}

type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void

const call = <T>(start: (done: Callback<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => start((error, value) => (error === null ? resolve(value) : reject(error))))

const flagsOf = {
  read: constants.O_RDONLY,
  update: constants.O_RDWR,
  replace: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
}

async function writeAll(descriptor: number, chunk: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < chunk.length)
    done += await call<number>(callback =>
      fs.write(descriptor, chunk, done, chunk.length - done, position + done, callback),
    )
}

/** Most chunks that one system call takes (IOV_MAX of Linux). */
const vectorLimit = 1024

async function writeVector(
  descriptor: number,
  chunks: readonly Uint8Array[],
  position: number,
): Promise<void> {
  for (let first = 0; first < chunks.length; first += vectorLimit) {
    const part = chunks.slice(first, first + vectorLimit)
    const length = part.reduce((sum, chunk) => sum + chunk.length, 0)
    const written = await call<number>(callback => fs.writev(descriptor, part, position, callback))
    if (written < length)
      await writeAll(descriptor, Buffer.concat(part).subarray(written), position + written)
    position += length
  }
}

export const systemFiles: SpoolFiles = {
  makeDirectory: async path => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  list: path => readdir(path),
  open: (path, mode, durable) =>
    call(callback =>
      fs.open(
        path,
        flagsOf[mode] | (durable ? constants.O_DSYNC : 0) | constants.O_NOFOLLOW,
        0o600,
        callback,
      ),
    ),
  size: async descriptor => (await call<fs.Stats>(callback => fs.fstat(descriptor, callback))).size,
  read: async (descriptor, into, position) => {
    let done = 0
    while (done < into.length) {
      const octets = await call<number>(callback =>
        fs.read(descriptor, into, done, into.length - done, position + done, callback),
      )
      if (octets === 0) break
      done += octets
    }
    return done
  },
  write: (descriptor, chunks, position) =>
    chunks.length === 1
      ? writeAll(descriptor, chunks[0]!, position)
      : writeVector(descriptor, chunks, position),
  sync: descriptor => call<void>(callback => fs.fdatasync(descriptor, error => callback(error, undefined))),
  syncDirectory: async path => {
    const descriptor = await call<number>(callback => fs.open(path, constants.O_RDONLY, callback))
    try {
      await call<void>(callback => fs.fsync(descriptor, error => callback(error, undefined)))
    } finally {
      await systemFiles.close(descriptor)
    }
  },
  close: descriptor =>
    call<void>(callback => fs.close(descriptor, error => callback(error ?? null, undefined))),
  rename: (from, to) => rename(from, to),
  remove: path => rm(path, { force: true }),
  free: async path => {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  },
}

/** The control of the crash tests: the same disk when nobody ever syncs. Not for production. */
export const withoutSync = (files: SpoolFiles): SpoolFiles => ({
  makeDirectory: path => files.makeDirectory(path),
  list: path => files.list(path),
  open: (path, mode) => files.open(path, mode, false),
  size: descriptor => files.size(descriptor),
  read: (descriptor, into, position) => files.read(descriptor, into, position),
  write: (descriptor, chunks, position) => files.write(descriptor, chunks, position),
  sync: async () => {},
  syncDirectory: async () => {},
  close: descriptor => files.close(descriptor),
  rename: (from, to) => files.rename(from, to),
  remove: path => files.remove(path),
  free: path => files.free(path),
})

/** `ENOENT`, `ENOSPC`…; empty for anything that is not an error of the system. */
export const errorCode = (error: unknown): string =>
  typeof (error as { code?: unknown } | null)?.code === 'string' ? (error as { code: string }).code : ''

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))
