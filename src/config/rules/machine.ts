/**
 * What the machine says to a configuration: the files that it names, the data folder, our own addresses. Gathered once,
 * so that the rules (`table.ts`) are pure.
 *
 * Leaves out what only a trial can show: whether a port is free, whether a next hop answers.
 */
import { access, constants, readFile, stat, statfs } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Configuration } from '#config/schema.ts'

export type FileFact =
  | { readonly kind: 'file'; readonly content: string; readonly mode: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string }

export type FolderFact =
  | { readonly kind: 'usable'; readonly free: number }
  /** `at` is the nearest folder above that exists. */
  | { readonly kind: 'unusable'; readonly at: string; readonly why: string }

export interface Machine {
  readonly hostname: string
  /** Canonical text, loopback included. */
  readonly addresses: readonly string[]
  readonly now: number
  readonly files: ReadonlyMap<string, FileFact>
  readonly data: FolderFact
}

const largest = 2 ** 20

export async function inspect(configuration: Configuration): Promise<Machine> {
  const { certificate, key } = configuration.tls
  const named = [certificate, key, configuration.users.file, ...configuration.content.lexicons].filter(
    path => path !== undefined,
  )
  const files = await Promise.all(named.map(async path => [path, await inspectFile(path)] as const))
  return {
    hostname: hostname(),
    addresses: Object.values(networkInterfaces()).flatMap(list => (list ?? []).map(each => each.address)),
    now: Date.now(),
    files: new Map(files),
    data: await inspectFolder(configuration.data),
  }
}

async function inspectFile(path: string): Promise<FileFact> {
  try {
    const status = await stat(path)
    if (!status.isFile()) return { kind: 'unreadable', why: 'is not a file' }
    if (status.size > largest) return { kind: 'unreadable', why: 'is larger than 1 MiB' }
    return { kind: 'file', content: await readFile(path, 'utf8'), mode: status.mode }
  } catch (error) {
    return fileFailure(error as NodeJS.ErrnoException)
  }
}

function fileFailure({ code, message }: NodeJS.ErrnoException): FileFact {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' }
  return {
    kind: 'unreadable',
    why: code === 'EACCES' ? 'may not be read by this user' : `cannot be read (${code ?? message})`,
  }
}

/** The folder need not exist: then the nearest one above must let us make it. */
async function inspectFolder(path: string): Promise<FolderFact> {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      const status = await stat(at)
      if (!status.isDirectory()) return { kind: 'unusable', at, why: 'is not a directory' }
      await access(at, constants.W_OK | constants.X_OK)
      const { bavail, bsize } = await statfs(at)
      return { kind: 'usable', free: bavail * bsize }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' && at !== dirname(at)) continue
      return { kind: 'unusable', at, why: folderFailures.get(code) ?? `cannot be used (${code ?? message})` }
    }
  }
}

const folderFailures = new Map<string | undefined, string>([
  ['EACCES', 'may not be written by this user'],
  ['EROFS', 'is on a read-only file system'],
  ['ENOTDIR', 'is not a directory'],
])
