/**
 * The folder of real edge-case messages, where there is one: SLUICE_CORPUS, else `../shared/corpus` beside the repository.
 * It holds other people's mail: it is unpacked into a folder that goes with the test, and nothing of it is printed but
 * the names of files.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env.SLUICE_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus')
const archive = join(folder, 'mime-torture.tar.xz')

/** Unpacks the messages into `into`; or says why there are none. */
export function unpackTorture(into: string): readonly string[] | string {
  if (!existsSync(archive)) return `there is no ${archive}; SLUICE_CORPUS names the folder of real messages`
  const { status, stderr } = spawnSync('tar', ['-xJf', archive, '-C', into], { encoding: 'utf8' })
  if (status !== 0) return `tar could not unpack ${archive}: ${stderr}`
  return readdirSync(into, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name !== 'manifest.tsv')
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

export const readMessage = (path: string) => readFileSync(path)
