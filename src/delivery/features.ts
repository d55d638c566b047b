/**
 * What a next hop offered in its answer to EHLO or LHLO (RFC 5321 §4.1.1.1).
 *
 * Promises: each value is forgotten when TLS begins (RFC 3207 §4.2): the caller asks again and gets a new one.
 * Leaves out: keywords that we make no use of.
 */
import type { ServerReply } from '#delivery/reply-reader.ts'

export interface Features {
  readonly pipelining: boolean
  readonly chunking: boolean
  readonly starttls: boolean
  readonly eightBitMime: boolean
  readonly smtputf8: boolean
  readonly dsn: boolean
  readonly requireTls: boolean
  /** Largest message in octets; Infinity when SIZE gives none; undefined when SIZE is not offered. */
  readonly size: number | undefined
  /** Most recipients in one transaction (RFC 9422 RCPTMAX). */
  readonly recipients: number
  /** Most transactions in one connection (RFC 9422 MAILMAX). */
  readonly transactions: number
}

/** RFC 5321 §4.5.3.1.8: a server must take 100, so we never ask for more at once. */
const customaryRecipients = 100

export const noFeatures: Features = {
  pipelining: false,
  chunking: false,
  starttls: false,
  eightBitMime: false,
  smtputf8: false,
  dsn: false,
  requireTls: false,
  size: undefined,
  recipients: customaryRecipients,
  transactions: Number.POSITIVE_INFINITY,
}

export function parseFeatures(ehlo: ServerReply): Features {
  const offered = new Map<string, string>()
  for (const text of ehlo.lines.slice(1)) {
    // Some old servers write AUTH=…: only the keyword up to the first separator counts.
    const [, keyword, parameters] = /^([A-Za-z0-9-]+)[ =]?(.*)$/.exec(text) ?? []
    if (keyword !== undefined) offered.set(keyword.toUpperCase(), parameters ?? '')
  }
  const limits = parseLimits(offered.get('LIMITS') ?? '')
  return {
    pipelining: offered.has('PIPELINING'),
    chunking: offered.has('CHUNKING'),
    starttls: offered.has('STARTTLS'),
    eightBitMime: offered.has('8BITMIME'),
    smtputf8: offered.has('SMTPUTF8'),
    dsn: offered.has('DSN'),
    requireTls: offered.has('REQUIRETLS'),
    size: offered.has('SIZE') ? parseSize(offered.get('SIZE')!) : undefined,
    recipients: Math.min(customaryRecipients, limits.get('RCPTMAX') ?? customaryRecipients),
    transactions: limits.get('MAILMAX') ?? Number.POSITIVE_INFINITY,
  }
}

/** RFC 1870 §3: no number or zero means that no limit is known. */
function parseSize(text: string): number {
  const octets = /^\d{1,15}$/.test(text.trim()) ? Number(text) : 0
  return octets === 0 ? Number.POSITIVE_INFINITY : octets
}

/** RFC 9422 §3: `NAME=NUMBER` each; what is malformed or zero is not a limit. */
function parseLimits(text: string): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  for (const item of text.split(' ')) {
    const [, name, count] = /^([A-Z]+)=([1-9]\d{0,5})$/i.exec(item) ?? []
    if (name !== undefined) limits.set(name.toUpperCase(), Number(count))
  }
  return limits
}
