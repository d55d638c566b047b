/**
 * One update at a time, be it by the running gateway or by hand.
 *
 * A lock of the kernel, through a transaction on an empty SQLite file as for the data directory: it ends with its process,
 * however that ends.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const sqliteBusy = 5

/** What gives it back; undefined while another update has it. */
export function lockBundles(directory: string): (() => void) | undefined {
  const database = new DatabaseSync(join(directory, 'lock'), { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return () => database.close()
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined
    throw error
  }
}
