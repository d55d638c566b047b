/**
 * The file of users who may sign in: one `name:hash` per line, `#` begins a comment line.
 *
 * Promises: every wrong line is told with its number and what to do; a file with a wrong line is not taken at all, since
 * half a list of users locks out the other half in silence. A message never holds what stands in the line.
 * Leaves out: who reads the file, and when (`users.ts`).
 */
import { type PasswordHash, parsePasswordHash } from './password-hash.ts'

export type UserTable = ReadonlyMap<string, PasswordHash>

export interface WrongLine {
  readonly line: number
  readonly reason: string
}

const longestName = 255
// A control character in a name could only be a mistake, and a name that is not in NFC could never be typed.
const control = /\p{Cc}/u

export function parseUsers(text: string): UserTable | readonly WrongLine[] {
  const users = new Map<string, PasswordHash>()
  const wrong: WrongLine[] = []
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const colon = line.lastIndexOf(':')
    const name = line.slice(0, Math.max(0, colon)).normalize('NFC')
    const hash = parsePasswordHash(line.slice(colon + 1).trim())
    const reason = reasonAgainst(name, hash, users)
    if (reason !== undefined) wrong.push({ line: index + 1, reason })
    else if (hash !== undefined) users.set(name, hash)
  }
  return wrong.length > 0 ? wrong : users
}

export const isUserName = (name: string): boolean =>
  name !== '' &&
  name.trim() === name &&
  Buffer.byteLength(name) <= longestName &&
  !control.test(name) &&
  !/^#|:/.test(name)

function reasonAgainst(
  name: string,
  hash: PasswordHash | undefined,
  users: ReadonlyMap<string, PasswordHash>,
): string | undefined {
  if (hash === undefined) return 'there is no hash as `sluice password` prints it'
  if (!isUserName(name)) return 'there is no user name before the colon'
  return users.has(name) ? 'the user has a line already' : undefined
}
