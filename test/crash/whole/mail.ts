/**
 * Mails that say what they are: the first line holds a number and the hash of everything behind it.
 *
 * Promises: the same seed gives the same mails; small and large ones, one recipient and many in several domains, lines that
 * begin with a dot, DATA and BDAT in one or several chunks, and some that their sender breaks off in the middle.
 */
import { createHash } from 'node:crypto'

export interface Mail {
  readonly id: string
  /** Complete, with CRLF, dots not doubled. */
  readonly content: Buffer
  readonly recipients: readonly string[]
  /** `broken`: half of it is sent, then the connection ends. */
  readonly how: 'data' | 'bdat' | 'broken'
  /** Octets of each BDAT chunk. */
  readonly chunks: readonly number[]
}

export interface MailOptions {
  readonly chance: () => number
  /** Before the number, so that two campaigns never share one. */
  readonly prefix: string
  readonly domains?: readonly string[]
  /** Octets; most are far smaller. */
  readonly largest?: number
  /** Share that is broken off. */
  readonly broken?: number
}

export const crashField = 'X-Crash: '
const lineLength = 78
const lines = 4_096
const manyDomains = ['a.example', 'b.example', 'c.example', 'd.example', 'e.example']

export const hashOf = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('base64url')

/** A source of mails. */
export function mailSource(options: MailOptions): () => Mail {
  const { chance, prefix, domains = manyDomains, largest = 150_000, broken = 0.01 } = options
  const text = someText(chance)
  let number = 0
  return () => {
    const id = `${prefix}-${++number}`
    const body = bodyOf(text, id, sizeOf(chance, largest), chance)
    const content = Buffer.concat([Buffer.from(`${crashField}${id} ${hashOf(body)}\r\n`), body])
    const luck = chance()
    const how = luck < broken ? 'broken' : luck < 0.3 ? 'bdat' : 'data'
    return {
      id,
      content,
      recipients: recipientsOf(chance, id, domains),
      how,
      chunks: how === 'bdat' ? chunksOf(chance, content.length) : [],
    }
  }
}

/** Every seventh line begins with a dot. */
function someText(chance: () => number): Buffer {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/'
  const text = Array.from({ length: lines }, (_, line) => {
    const rest = Array.from({ length: 8 }, () => letters[Math.floor(chance() * 64)]!.repeat(9)).join('')
    return `${(line % 7 === 0 ? '....' : 'text') + rest}\r\n`
  })
  return Buffer.from(text.join(''))
}

function sizeOf(chance: () => number, largest: number): number {
  const luck = chance()
  const limit = luck < 0.8 ? Math.min(6_000, largest) : luck < 0.93 ? Math.min(40_000, largest) : largest
  return Math.floor(chance() * limit)
}

function bodyOf(text: Buffer, id: string, size: number, chance: () => number): Buffer {
  const whole = Math.floor(size / lineLength)
  const first = Math.floor(chance() * (lines - whole)) * lineLength
  return Buffer.concat([
    Buffer.from(`From: <sender@example.org>\r\nSubject: ${id}\r\n\r\n`),
    text.subarray(first, first + whole * lineLength),
  ])
}

function recipientsOf(chance: () => number, id: string, domains: readonly string[]): string[] {
  const luck = chance()
  const count = luck < 0.7 ? 1 : luck < 0.92 ? 2 + Math.floor(chance() * 4) : 10 + Math.floor(chance() * 20)
  return Array.from(
    { length: count },
    (_, index) => `r${index}.${id}@${domains[Math.floor(chance() * domains.length)]}`,
  )
}

function chunksOf(chance: () => number, length: number): number[] {
  if (length < 100 || chance() < 0.5) return [length]
  const first = 1 + Math.floor(chance() * (length - 2))
  // A last chunk of nothing is legal (RFC 3030 §2).
  return chance() < 0.2 ? [first, length - first, 0] : [first, length - first]
}
