/**
 * Patterns of the tests, short to write.
 */
import { loadNative } from '#scanner/native.ts'
import type { LiteralPattern, RegexPattern } from '#scanner/pattern.ts'

export const literal = (text: string, more: Partial<LiteralPattern> = {}): LiteralPattern => ({
  kind: 'literal',
  text,
  caseless: true,
  word: 'whole',
  zones: ['text'],
  ...more,
})

export const regex = (source: string, more: Partial<RegexPattern> = {}): RegexPattern => ({
  kind: 'regex',
  source,
  caseless: true,
  dotall: false,
  multiline: false,
  unicode: false,
  zones: ['text'],
  ...more,
})

/** Takes Hyperscan seconds and more than 100 MB, and then it is refused. */
export const pathological = regex(String.raw`(\p{L}{1,9}\s){1,9}x`, { unicode: true })

/** Hyperscan does it as a prefilter only. */
export const lookbehind = regex('(?<!not )free')

const native = loadNative()

/** For the options of a test that needs the native core. */
export const needsNative = { skip: 'reason' in native && native.reason }

export const core = 'core' in native ? native.core : undefined

export const mail = (text: string, subject = 'a mail'): Buffer =>
  Buffer.from(`Subject: ${subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`)
