/**
 * The data directory: made at the first start, and one process at a time.
 *
 * Promises: what is made is for its owner alone (0700); a second process on the same directory is refused before it
 * touches anything, also from another container; a lock never outlives its process, however that ends.
 *
 * The lock is a transaction on an empty SQLite file, which is a kernel lock on that file: Node.js has no flock of its
 * own, a file with a process id goes stale, and a socket name is only known within one network namespace.
 */
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface DataDirectory {
  readonly path: string
  readonly spool: string
  readonly tracking: string
  readonly capture: string
  readonly tls: string
  /** Compiled patterns. */
  readonly patterns: string
  /** Rules and models that came as signed bundles. */
  readonly bundles: string
  /** Gives the directory to the next process. */
  release(): void
}

/** `sentence` is for the operator; `taken` tells that another process holds the directory. */
export interface DirectoryRefused {
  readonly kind: 'directory-refused'
  readonly sentence: string
  readonly taken: boolean
}

export const isDirectoryRefused = (value: DataDirectory | DirectoryRefused): value is DirectoryRefused =>
  'kind' in value

const sqliteBusy = 5

export function openDataDirectory(wanted: string): DataDirectory | DirectoryRefused {
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 })
    const path = realpathSync(wanted)
    const lock = takeLock(path)
    if (lock === undefined) return taken(path)
    const places = {
      spool: join(path, 'spool'),
      tracking: join(path, 'tracking'),
      capture: join(path, 'capture'),
      tls: join(path, 'tls'),
      patterns: join(path, 'patterns'),
      bundles: join(path, 'bundles'),
    }
    for (const place of Object.values(places)) mkdirSync(place, { recursive: true, mode: 0o700 })
    writeFileSync(pidFile(path), `${process.pid}\n`, { mode: 0o600 })
    const release = () => {
      rmSync(pidFile(path), { force: true })
      lock.close()
    }
    return { path, ...places, release }
  } catch (error) {
    const reason = reasons.get((error as NodeJS.ErrnoException).code ?? '') ?? (error as Error).message
    const sentence = `The data directory ${wanted} cannot be used: ${reason}.`
    return { kind: 'directory-refused', sentence, taken: false }
  }
}

const reasons = new Map([
  ['EACCES', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOTDIR', 'a part of its path is not a directory'],
  ['EEXIST', 'a part of its path is not a directory'],
  ['ENOSPC', 'the disk is full'],
])

/** `undefined`: somebody else has it. */
function takeLock(path: string): DatabaseSync | undefined {
  const database = new DatabaseSync(join(path, 'lock'), { timeout: 0 })
  try {
    // Nothing is ever written: no journal is needed.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined
    throw error
  }
}

const pidFile = (path: string): string => join(path, 'sluice.pid')

function taken(path: string): DirectoryRefused {
  const pid = readPid(path)
  const who = pid === undefined ? 'another process' : `process ${pid}`
  return {
    kind: 'directory-refused',
    sentence: `The data directory ${path} is in use by ${who}; stop that one first, or give this one a directory of its own with --data.`,
    taken: true,
  }
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile(path), 'utf8'), 10)
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
