/**
 * Users who may sign in with a password, from a file.
 *
 * Promises: a wrong name costs the same work as a wrong password, so that time tells no names; work is bounded, so that a
 * flood of sign-ins delays sign-ins and nothing else; a directory never changes, so that a reload opens a new one, and
 * a wrong file leaves the running one in force.
 * Leaves out: the sign-in dialogue (`session/`), and when there have been too many wrong ones (`admission/`).
 *
 * scrypt runs in the thread pool that the spool's syncs need too, so one is checked at a time in each engine thread.
 * Who was right within the last minutes is recognised by a keyed digest: clients that connect for every message would
 * otherwise cost 80 ms each. The digest's key is drawn at the start and never leaves memory.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Clock } from '#mail/clock.ts'
import { decoyHash, isPassword, type PasswordHash, usualCost } from './password-hash.ts'
import { parseUsers, type UserTable } from './users-file.ts'

/** `busy`: too many wait already, try again later. */
export type Verification = 'right' | 'wrong' | 'busy'

export interface UserDirectory {
  /** Rejects only when the machine has no memory for scrypt. */
  verify(user: string, password: string): Promise<Verification>
}

export interface UserDirectoryOptions {
  readonly file: string
  readonly clock: Clock
  /** Passwords checked at a time. */
  readonly concurrency?: number
}

const mostWaiting = 32
const longestPassword = 1_024
const rememberedFor = 5 * 60_000
const mostRemembered = 1_024

/** The directory, or sentences that say why there is none. */
export async function openUserDirectory(
  options: UserDirectoryOptions,
): Promise<UserDirectory | readonly string[]> {
  const users = await readUsers(options.file)
  return isTable(users) ? createUserDirectory(options, users) : users
}

function createUserDirectory(
  { clock, concurrency = 1 }: UserDirectoryOptions,
  users: UserTable,
): UserDirectory {
  const secret = randomBytes(32)
  const gate = createGate(concurrency)
  const remembered = createMemory(clock)

  return {
    async verify(user, password) {
      if (!isPossible(password)) return 'wrong'
      const name = user.normalize('NFC')
      const digest = createHmac('sha256', secret).update(`${name}\0${password}`).digest('base64')
      if (remembered.has(digest)) return 'right'
      const expected = users.get(name) ?? decoyFor(users, secret, name)
      const isRight = await gate(() => isPassword(password, expected))
      if (isRight === undefined) return 'busy'
      // A decoy has no password, but nobody shall have to trust in that.
      if (!isRight || !users.has(name)) return 'wrong'
      remembered.add(digest)
      return 'right'
    },
  }
}

/** RFC 4616 §2 has no NUL; scrypt takes a password and the same with NULs behind it for one and the same. */
const isPossible = (password: string): boolean =>
  password !== '' && Buffer.byteLength(password) <= longestPassword && !password.includes('\0')

async function readUsers(file: string): Promise<UserTable | readonly string[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return [`The users file cannot be read: ${(error as Error).message}.`]
  }
  const parsed = parseUsers(text)
  return isTable(parsed) ? parsed : parsed.map(({ line, reason }) => `${file}, line ${line}: ${reason}.`)
}

const isTable = <Other>(value: UserTable | Other): value is UserTable => value instanceof Map

/**
 * Where users have hashes of different cost, a stranger shall not be known by the usual one: the name decides, always the
 * same way, whose cost it is.
 */
function decoyFor(users: UserTable, secret: Buffer, name: string): PasswordHash {
  if (users.size === 0) return decoyHash(usualCost)
  const draw = createHmac('sha256', secret).update(name).digest().readUInt32LE()
  return decoyHash([...users.values()][draw % users.size]!)
}

/** At most so many at a time, a few more waiting in order; undefined for those beyond. */
function createGate(concurrency: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    if (waiting.length >= mostWaiting) return undefined
    if (running >= concurrency) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}

/** Digests of the last minutes; the oldest goes first when there are too many. */
function createMemory(clock: Clock) {
  const until = new Map<string, number>()
  return {
    has(digest: string): boolean {
      const end = until.get(digest)
      if (end === undefined) return false
      const isFresh = clock.now() < end && clock.now() >= end - rememberedFor
      if (!isFresh) until.delete(digest)
      return isFresh
    },
    add(digest: string): void {
      if (until.size >= mostRemembered) until.delete(until.keys().next().value!)
      until.set(digest, clock.now() + rememberedFor)
    },
  }
}
