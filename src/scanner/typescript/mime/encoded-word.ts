/**
 * The value of a header field as people read it: unfolded, encoded words undone (RFC 2047), UTF-8.
 *
 * Promises: what `native/src/mime/encoded_word.h` promises: linear; an encoded word is undone wherever it stands;
 * neighbours of one charset are joined before the charset is undone.
 */
import { isUtf8 } from 'node:buffer'
import { decodeCharset, isKnownCharset } from '#scanner/typescript/decoding/charset.ts'
import { bufferOf, isAscii, isSpace, lower, octetsOf, trim } from '#scanner/typescript/mime/octets.ts'

export interface HeaderText {
  readonly text: Buffer
  /** There was an encoded word. */
  readonly encoded: boolean
  /** One of them cannot be decoded, or only against RFC 2047. */
  readonly broken: boolean
  /** Octets above 127 that are not UTF-8. */
  readonly raw: boolean
}

interface Word {
  /** Lower-case. */
  readonly charset: string
  readonly text: string
  readonly base64: boolean
  readonly end: number
}

interface Undone {
  readonly octets: Buffer
  readonly good: boolean
}

const longestCharset = 64

/** UTF-8 from octets of a charset; what cannot be right is read as windows-1252 where the label does not help. */
export function toUtf8(label: string, octets: Buffer): { readonly text: Buffer; readonly good: boolean } {
  const unlabelled = label === '' || label === 'us-ascii'
  const known = !unlabelled && isKnownCharset(label)
  if ((unlabelled || label === 'utf-8' || !known) && isAscii(octets.toString('latin1')))
    return { text: octets, good: unlabelled || known }
  const charset = known ? label : isUtf8(octets) ? 'utf-8' : 'windows-1252'
  const { utf8, clean } = decodeCharset(charset, octets)
  return { text: bufferOf(utf8), good: known ? clean : label === '' && charset === 'utf-8' }
}

/** RFC 5322 §2.2.3. `value` is latin1. */
export const unfold = (value: string): string => value.replace(/\r?\n/g, '')

/** RFC 2047 §4.2. */
function undoQ(text: string): Undone {
  let good = true
  let octets = ''
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i]!
    const digits = c === '=' ? /^[0-9A-Fa-f]{2}$/.exec(text.slice(i + 1, i + 3)) : null
    if (c === '_') {
      octets += ' '
    } else if (digits !== null) {
      octets += String.fromCharCode(Number.parseInt(digits[0], 16))
      i += 2
    } else {
      good = good && c !== '=' && c !== '?' && !isSpace(c) && c < '\x80'
      octets += c
    }
  }
  return { octets: octetsOf(octets), good }
}

/** RFC 2047 §4.1. Behind the padding nothing counts. */
function undoB(text: string): Undone {
  const padding = text.indexOf('=')
  const data = padding < 0 ? text : text.slice(0, padding)
  const rest = padding < 0 ? '' : text.slice(padding)
  const alphabet = data.replace(/[^A-Za-z0-9+/]+/g, '')
  const good =
    text.length % 4 === 0 && alphabet === data && rest === '='.repeat(rest.length) && rest.length <= 2
  return { octets: Buffer.from(alphabet, 'base64'), good }
}

class WordReader {
  readonly #text: string
  /** The nearest end is searched once for all words that have none. */
  #terminator = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The encoded word that begins at `at`, where "=?" stands. */
  read(at: number): Word | undefined {
    const head = /^([^\x00-\x20?\x7f-\xff]*)\?([BbQq])\?/.exec(
      this.#text.slice(at + 2, at + 2 + longestCharset + 4),
    )
    if (head === null) return undefined
    const start = at + 2 + head[0].length
    if (this.#terminator >= 0 && this.#terminator < start) this.#terminator = this.#text.indexOf('?=', start)
    if (this.#terminator < 0) return undefined
    return {
      charset: lower(head[1]!.split('*', 1)[0]!), // RFC 2231 §5: a language behind the star
      text: this.#text.slice(start, this.#terminator),
      base64: lower(head[2]!) === 'b',
      end: this.#terminator + 2,
    }
  }
}

class Decoding {
  readonly #out: Buffer[] = []
  #waiting: { readonly charset: string; readonly octets: Buffer[] } | undefined
  encoded = false
  broken = false
  raw = false

  literal(text: string): void {
    const { text: utf8, good } = toUtf8('', octetsOf(text))
    if (!good) this.raw = true
    this.#out.push(utf8)
  }

  /** `between`: what stands between the last word and this one. */
  word(word: Word, between: string): void {
    // RFC 2047 §6.2: white space between neighbours is not shown.
    const neighbours = this.#waiting !== undefined && trim(between) === ''
    if (!neighbours || this.#waiting?.charset !== word.charset) this.finishWords()
    if (!neighbours) this.literal(between)
    const { octets, good } = word.base64 ? undoB(word.text) : undoQ(word.text)
    this.#waiting ??= { charset: word.charset, octets: [] }
    this.#waiting.octets.push(octets)
    this.encoded = true
    if (!good) this.broken = true
  }

  finishWords(): void {
    if (this.#waiting === undefined) return
    const { charset, octets } = this.#waiting
    this.#waiting = undefined
    const { text, good } = toUtf8(charset, Buffer.concat(octets))
    // A line break or NUL that only shows up behind decoding is another header to some.
    if (!good || charset === '' || /[\r\n\0]/.test(text.toString('latin1'))) this.broken = true
    this.#out.push(text)
  }

  result(): HeaderText {
    const { encoded, broken, raw } = this
    return { text: Buffer.concat(this.#out), encoded, broken, raw }
  }
}

/** `value` as it stands on the wire, folds included, as latin1. */
export function decodeHeaderText(value: string): HeaderText {
  const text = trim(unfold(value))
  const words = new WordReader(text)
  const decoding = new Decoding()
  let done = 0
  let at = text.indexOf('=?')
  while (at >= 0) {
    const word = words.read(at)
    if (word !== undefined) {
      decoding.word(word, text.slice(done, at))
      done = word.end
    }
    at = text.indexOf('=?', word?.end ?? at + 2)
  }
  decoding.finishWords()
  decoding.literal(text.slice(done))
  return decoding.result()
}
