/**
 * Passwords as they are kept: scrypt (RFC 7914) with its parameters, in the PHC string form.
 *
 * Promises: a hash read from a file cannot ask for more than 128 MiB of memory or a second of work; the comparison takes
 * the same time wherever the first difference is; a password is compared in one Unicode form (NFC), so that a keyboard
 * that composes its letters otherwise does not lock its user out.
 * Leaves out: who the users are (`users-file.ts`), how many may be checked at a time (`users.ts`).
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

export interface ScryptCost {
  /** Base-2 logarithm of N. */
  readonly ln: number
  readonly r: number
  readonly p: number
}

export interface PasswordHash extends ScryptCost {
  readonly salt: Buffer
  readonly hash: Buffer
}

/** 32 MiB and some 80 ms: what OWASP asks of scrypt with p = 3 takes three times as long for each sign-in. */
export const usualCost: ScryptCost = { ln: 15, r: 8, p: 1 }
const saltOctets = 16
const hashOctets = 32
const mostMemory = 128 * 2 ** 20

const form =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/** `$scrypt$ln=15,r=8,p=1$salt$hash`, base 64 without padding; undefined when it is none, or costs too much. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, ln, r, p, salt, hash] = form.exec(text) ?? []
  if (salt === undefined || hash === undefined) return undefined
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const isFair = cost.ln >= 10 && cost.r >= 1 && cost.p >= 1 && cost.p <= 4 && memoryOf(cost) <= mostMemory
  return isFair
    ? { ...cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
    : undefined
}

export const formatPasswordHash = ({ ln, r, p, salt, hash }: PasswordHash): string =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`

export async function hashPassword(password: string, cost: ScryptCost = usualCost): Promise<PasswordHash> {
  const salt = randomBytes(saltOctets)
  return { ...cost, salt, hash: await derive(password, salt, hashOctets, cost) }
}

/** About 80 ms in the thread pool of the process, with the memory that the hash asks for. */
export async function isPassword(password: string, expected: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, expected.salt, expected.hash.length, expected), expected.hash)
}

/** A hash that no password has, for users that do not exist: to check it costs as much as to check a real one. */
export const decoyHash = ({ ln, r, p }: ScryptCost): PasswordHash => ({
  ...{ ln, r, p },
  salt: randomBytes(saltOctets),
  hash: randomBytes(hashOctets),
})

const memoryOf = ({ ln, r }: ScryptCost): number => 128 * r * 2 ** ln // RFC 7914 §2

const unpadded = (octets: Buffer): string => octets.toString('base64').replace(/=+$/, '')

function derive(password: string, salt: Buffer, octets: number, cost: ScryptCost): Promise<Buffer> {
  const options = { N: 2 ** cost.ln, r: cost.r, p: cost.p, maxmem: 2 * memoryOf(cost) }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, octets, options, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
