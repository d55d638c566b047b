/** Reads the messages of a Maildir (new and cur), oldest name first. An absent folder is an empty one. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export async function maildirFiles(maildir: string): Promise<string[]> {
  const files: string[] = []
  for (const folder of ['new', 'cur']) {
    const names = await readdir(join(maildir, folder)).catch(() => [])
    files.push(...names.sort().map(name => join(maildir, folder, name)))
  }
  return files
}

/** Octets as stored: most peers store with LF line ends. */
export async function maildirMessages(maildir: string): Promise<Buffer[]> {
  return Promise.all((await maildirFiles(maildir)).map(file => readFile(file)))
}
