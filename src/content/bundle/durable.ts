/**
 * Writing that is on disk when it resolves: new files, and small files that are replaced whole.
 */
import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file must not exist; for its owner alone. Its directory is synced by the caller. */
export async function writeNew(path: string, octets: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(octets)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Names that were made, changed or removed in it are on disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path)
  await directory.sync().finally(() => directory.close())
}

/** Whoever reads it sees the old text or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`
  try {
    await writeNew(unfinished, Buffer.from(text))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}
