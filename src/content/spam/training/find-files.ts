/**
 * The files of a folder of mail, in whatever form it comes: Maildir, mbox files, a file for each mail.
 *
 * Of a Maildir (a folder with `cur` or `new`) only these two and the folders beside them are mail: `tmp` is not finished, and
 * what a server keeps beside them is its own. Elsewhere every file counts but those whose name begins with a dot.
 * Promises: sorted by path, so that the order of the directory does not matter; links to folders are not followed below
 * the root, so that none goes in a circle. Reading the files is `mailbox.ts`.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type FilesFound = { readonly files: readonly string[] } | { readonly refusal: string }

export function findFiles(root: string): FilesFound {
  const kind = statSync(root, { throwIfNoEntry: false })
  if (kind === undefined) return { refusal: `There is no ${root}.` }
  if (kind.isFile()) return { files: [root] }
  if (!kind.isDirectory()) return { refusal: `${root} is neither a folder nor a file.` }
  try {
    return { files: filesBelow(root).sort() }
  } catch (error) {
    return { refusal: `${root} cannot be read: ${(error as Error).message}.` }
  }
}

function filesBelow(folder: string, leaf = false): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const maildir = !leaf && entries.some(entry => entry.isDirectory() && isLeaf(entry.name))
  return entries.flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return maildir && entry.name === 'tmp' ? [] : filesBelow(path, maildir && isLeaf(entry.name))
    const counts = !maildir && !entry.name.startsWith('.')
    return counts && (entry.isFile() || (entry.isSymbolicLink() && isFile(path))) ? [path] : []
  })
}

const isLeaf = (name: string) => name === 'cur' || name === 'new'
const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true
