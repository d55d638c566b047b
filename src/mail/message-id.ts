/**
 * The name of a message from its first byte to its last delivery.
 *
 * Promises: unique on this machine across threads and restarts, ordered by time, 13 characters of lower-case
 * Crockford base 32 (no i, l, o, u), safe in a file name, a log line and an SMTP reply.
 * Leaves out: the RFC 5322 Message-ID field, which belongs to the author of the mail.
 *
 * Layout, 64 bits: 42 bits milliseconds since 1970 · 8 bits thread · 14 bits counter.
 */
import type { Clock } from '#mail/clock.ts'

export type MessageId = string & { readonly __brand: 'MessageId' }

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const shape = /^[0-9a-f][0-9a-hjkmnp-tv-z]{12}$/
const countersPerMillisecond = 2 ** 14

export const isMessageId = (text: string): text is MessageId => shape.test(text)

/** The two unsigned 32-bit words of an id: what an index keeps instead of a string. No BigInt: called per message. */
export function wordsOfMessageId(id: MessageId): readonly [high: number, low: number] {
  let upper = 0
  for (let digit = 0; digit < 6; digit++) upper = upper * 32 + alphabet.indexOf(id[digit]!)
  let lower = 0
  for (let digit = 7; digit < 13; digit++) lower = lower * 32 + alphabet.indexOf(id[digit]!)
  // The digit between holds the last three bits of the high word and the first two of the low one.
  const middle = alphabet.indexOf(id[6]!)
  return [upper * 8 + (middle >>> 2), (middle & 3) * 2 ** 30 + lower]
}

/** Called per message: arithmetic on two words only, no BigInt. 13 digits carry 65 bits, the first is below 16. */
export function messageIdOfWords(high: number, low: number): MessageId {
  let text = ''
  let rest = low
  for (let digit = 0; digit < 6; digit++) {
    text = alphabet[rest & 31]! + text
    rest = rest >>> 5
  }
  // Two bits of the low word are left; three of the high word complete that digit.
  text = alphabet[((high & 7) << 2) | (rest & 3)]! + text
  rest = high >>> 3
  for (let digit = 0; digit < 6; digit++) {
    text = alphabet[rest & 31]! + text
    rest = rest >>> 5
  }
  return text as MessageId
}

/** When the message was named, in milliseconds since 1970. */
export function timeOfMessageId(id: MessageId): number {
  const [high, low] = wordsOfMessageId(id)
  return high * 2 ** 10 + (low >>> 22)
}

/**
 * A source of ids for one engine thread (0–255). `after` is the newest id found at recovery: when the clock was set
 * back, ids continue behind it rather than repeat.
 */
export function createMessageIdSource(thread: number, clock: Clock, after?: MessageId): () => MessageId {
  let last = after === undefined ? 0 : timeOfMessageId(after) + 1
  let counter = 0
  return () => {
    const now = clock.now()
    if (now > last) {
      last = now
      counter = 0
    } else if (++counter === countersPerMillisecond) {
      last++
      counter = 0
    }
    const high = Math.floor(last / 2 ** 10)
    const low = (((last % 2 ** 10) << 22) | ((thread & 0xff) << 14) | counter) >>> 0
    return messageIdOfWords(high, low)
  }
}
