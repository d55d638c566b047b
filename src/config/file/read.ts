/**
 * A configuration file as text.
 *
 * Promises: a device, a pipe or a huge file does not hang or fill the program; what is not UTF-8 is refused with its
 * line, since a guess at another encoding could change a name. Each failure is a sentence.
 */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

export const largestFile = 2 ** 20

/** `reason` goes on after the name of the file. */
export interface Unusable {
  readonly kind: 'unusable'
  readonly line: number
  readonly reason: string
  readonly suggestion?: string
}

export type FileText = { readonly kind: 'text'; readonly text: string } | Unusable

export async function readText(path: string): Promise<FileText> {
  try {
    // O_NONBLOCK: the open of a named pipe would wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return await readOpened(file)
    } finally {
      await file.close()
    }
  } catch (error) {
    return failed(error as NodeJS.ErrnoException)
  }
}

async function readOpened(file: FileHandle): Promise<FileText> {
  const status = await file.stat()
  if (status.isDirectory()) return unusable('is a directory', 'name a file')
  if (!status.isFile()) return unusable('is not a regular file')
  const buffer = Buffer.alloc(Math.min(status.size, largestFile) + 1)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
  if (status.size > largestFile || bytesRead > largestFile) return unusable('is larger than 1 MiB')
  return decode(buffer.subarray(0, bytesRead))
}

function decode(octets: Uint8Array): FileText {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(octets) }
  } catch {
    return unusable('is not UTF-8', 'save it as UTF-8', firstBadLine(octets))
  }
}

/** Line feeds are never part of a longer UTF-8 sequence, so each line can be judged alone. */
function firstBadLine(octets: Uint8Array): number {
  const text = Buffer.from(octets).toString('latin1').split('\n')
  const bad = text.findIndex(line => Buffer.from(line, 'latin1').toString().includes('\ufffd'))
  return Math.max(bad, 0) + 1
}

const sentences = new Map<string | undefined, string>([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist'],
  ['EACCES', 'may not be read by this user'],
  ['ENXIO', 'is not a regular file'],
  ['ELOOP', 'is a symbolic link to itself'],
  ['ENAMETOOLONG', 'has a name that is too long'],
])

const failed = (error: NodeJS.ErrnoException): Unusable =>
  unusable(sentences.get(error.code) ?? `cannot be read (${error.code ?? error.message})`)

const unusable = (reason: string, suggestion?: string, line = 1): Unusable => ({
  kind: 'unusable',
  line,
  reason,
  ...(suggestion !== undefined && { suggestion }),
})
