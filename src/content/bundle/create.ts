/**
 * A bundle from folders: every file in them that a bundle may have, by its name.
 *
 * Promises: a name that no bundle may have, or that two folders have, is a sentence and no bundle; what nobody could use is not
 * signed. Folders are not searched for folders, and names that begin with a dot are left out.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { BundleFile } from './container.ts'
import { type FileKind, kindOf, largestFile } from './manifest.ts'

export interface FoundFile extends BundleFile {
  readonly kind: FileKind
  readonly path: string
}

export type FilesFound = { readonly files: readonly FoundFile[] } | { readonly refusal: string }

/** Of each path, a folder or a file. Sorted by name, so that the same folders make the same manifest. */
export function collectFiles(paths: readonly string[]): FilesFound {
  const files: FoundFile[] = []
  try {
    for (const path of paths.flatMap(filesAt)) {
      const name = basename(path)
      const kind = kindOf(name)
      if (kind === undefined)
        return {
          refusal: `${path} cannot be in a bundle: names have small letters, digits and single dots, and end with .yaml, .model or .cf`,
        }
      const other = files.find(file => file.name === name)
      if (other !== undefined) return { refusal: `${other.path} and ${path} have the same name` }
      const octets = readFileSync(path)
      if (octets.length > largestFile[kind]) return { refusal: `${path} is larger than a ${kind} may be` }
      files.push({ name, octets, kind, path })
    }
  } catch (error) {
    return { refusal: (error as Error).message }
  }
  if (files.length === 0) return { refusal: 'there is nothing in these folders that a bundle could have' }
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

/** A file beside rules, such as a README, is nothing for a bundle; one with the end of a rule file is meant to be one. */
function filesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter(name => !name.startsWith('.') && /\.(yaml|yml|model|cf)$/i.test(name))
    .sort()
    .map(name => join(path, name))
}
