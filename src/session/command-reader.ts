/**
 * Reads command lines off the wire.
 *
 * Promises: a line ends with CRLF and with nothing else, is bounded, and holds no control characters; one wrong line
 * makes one fault, named as soon as it is certain, and is skipped to its CRLF, so that nothing inside it is ever taken
 * for a command. The result does not depend on how the octets were cut into chunks.
 * Costs: one search for LF and one string per line.
 */

import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'

// RFC 5321 §4.5.3.1.4: 512 octets with CRLF; the parameters that we offer add 26 (SIZE), 17 (8BITMIME), 10 (SMTPUTF8),
// 500 (AUTH), 11 (REQUIRETLS), and 136 or 528 (DSN: RFC 3461 §5); AUTH itself has a limit of its own.
const lineLimit = 2_048
const authLimit = 12_288 // RFC 4954 §4

const carriageReturn = 13
const lineFeed = 10
const space = 32
const notPrintableAscii = /[^\x20-\x7e]/
const control = /[\x00-\x1f\x7f]/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const tooLong = refuse('command-too-long', replies.commandTooLong)
const lineEnding = refuse('command-syntax', replies.commandLineEnding, 'bare LF in a command line')
const controls = refuse('command-syntax', replies.commandCharacters, 'control character in a command line')
const encoding = refuse('command-syntax', replies.commandEncoding, 'neither ASCII nor UTF-8')

export class CommandReader {
  #partial: Buffer | undefined
  #skipping = false
  #afterCr = false
  /** The line that `read` has completed, without CRLF and trailing spaces. */
  line: string | undefined
  /** Or what is wrong with it. Neither: more must come. */
  fault: Refusal | undefined

  /** Reads one line at most. Returns the offset behind what was read. `long`: a line of an AUTH exchange. */
  read(chunk: Buffer, from: number, long: boolean): number {
    this.line = undefined
    this.fault = undefined
    const end = chunk.indexOf(lineFeed, from)
    const next = end < 0 ? chunk.length : end + 1
    if (this.#skipping) this.#skip(chunk, from, end)
    else if (end < 0) this.#keep(chunk, from, long)
    else this.#complete(chunk, from, next, long)
    return next
  }

  /** Forgets what has come of a line: what was sent in the clear means nothing after TLS. */
  clear(): void {
    this.#partial = undefined
    this.#skipping = false
    this.#afterCr = false
  }

  #skip(chunk: Buffer, from: number, end: number): void {
    const beforeEnd = end > from ? chunk[end - 1] === carriageReturn : this.#afterCr
    if (end >= 0 && beforeEnd) this.clear()
    else this.#afterCr = end < 0 && chunk[chunk.length - 1] === carriageReturn
  }

  #keep(chunk: Buffer, from: number, long: boolean): void {
    // A copy: the chunk may be large, and the rest of the line may never come.
    const rest = chunk.subarray(from)
    const partial = this.#partial === undefined ? Buffer.from(rest) : Buffer.concat([this.#partial, rest])
    if (partial.length < limitOf(partial, long)) this.#partial = partial
    else this.#startSkipping(tooLong, chunk[chunk.length - 1] === carriageReturn)
  }

  #complete(chunk: Buffer, from: number, next: number, long: boolean): void {
    const rest = chunk.subarray(from, next)
    const line = this.#partial === undefined ? rest : Buffer.concat([this.#partial, rest])
    this.#partial = undefined
    const paired = line[line.length - 2] === carriageReturn
    if (line.length > limitOf(line, long)) {
      this.fault = tooLong
      if (!paired) this.#startSkipping(tooLong, false)
    } else if (!paired) this.#startSkipping(lineEnding, false)
    else this.#decode(line)
  }

  #startSkipping(fault: Refusal, afterCr: boolean): void {
    this.#partial = undefined
    this.#skipping = true
    this.#afterCr = afterCr
    this.fault = fault
  }

  #decode(line: Buffer): void {
    let text = line.toString('latin1', 0, line.length - 2)
    if (notPrintableAscii.test(text)) {
      if (control.test(text)) {
        this.fault = controls
        return
      }
      try {
        text = utf8.decode(line.subarray(0, line.length - 2))
      } catch {
        this.fault = encoding
        return
      }
    }
    // RFC 5321 §4.1.1: trailing white space is to be tolerated.
    let length = text.length
    while (length > 0 && text.charCodeAt(length - 1) === space) length--
    this.line = text.slice(0, length)
  }
}

function limitOf(line: Buffer, long: boolean): number {
  if (long) return authLimit
  if (line.length < lineLimit) return lineLimit
  return line.toString('latin1', 0, 5).toUpperCase() === 'AUTH ' ? authLimit : lineLimit
}
