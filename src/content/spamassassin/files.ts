/**
 * Rule files on disk: a file, or every `.cf` file of a directory in the order of their names, as SpamAssassin reads them.
 *
 * Promises: only regular files are read, each up to `maximumSize`; what cannot be read is a sentence.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { ReadOptions, RuleFile } from './read.ts'

const maximumSize = 64 * 2 ** 20

/** A file and its path, or why it cannot be read. */
export type FileResult =
  | { readonly kind: 'file'; readonly file: RuleFile }
  | { readonly kind: 'problem'; readonly path: string; readonly reason: string }

export function loadRuleFiles(path: string): FileResult[] {
  try {
    if (!statSync(path).isDirectory()) return [loadFile(path)]
    const names = readdirSync(path).filter(name => name.endsWith('.cf'))
    if (names.length === 0) return [{ kind: 'problem', path, reason: 'no .cf file is in this directory' }]
    return names.sort().map(name => loadFile(join(path, name)))
  } catch (error) {
    return [{ kind: 'problem', path, reason: reasonOf(error) }]
  }
}

function loadFile(path: string): FileResult {
  try {
    const facts = statSync(path)
    if (!facts.isFile()) return { kind: 'problem', path, reason: 'not a regular file' }
    if (facts.size > maximumSize)
      return { kind: 'problem', path, reason: `larger than ${maximumSize} octets` }
    return { kind: 'file', file: { path, text: readFileSync(path, 'latin1') } }
  } catch (error) {
    return { kind: 'problem', path, reason: reasonOf(error) }
  }
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message

/** For `include`: a relative path counts from the including file. */
export const includeFromDisk: NonNullable<ReadOptions['include']> = (path, from) => {
  const loaded = loadFile(resolve(dirname(from), path))
  return loaded.kind === 'file' ? loaded.file : undefined
}
