/**
 * Finds uuencoded files inside a text (POSIX uuencode: `begin 644 name` … `end`) and takes them out of it.
 *
 * Promises: what `native/src/decoding/uuencode.h` promises, octet for octet and flag for flag.
 */
import type { Faults, FileSinks, Sink } from '#scanner/typescript/sink.ts'

/** The longest line that can be a `begin` line or one of a file, without its line end. */
const longestLine = 128
const beginWord = Buffer.from('begin ')
const cr = 0x0d
const lf = 0x0a

/** The file name of a `begin` line, undefined when it is none: POSIX uuencode, "begin %s %s" with an octal mode. */
function nameOf(line: Buffer): Buffer | undefined {
  if (line.length > longestLine) return undefined
  const match = /^begin [0-7]{3,4} (?=.)/s.exec(line.toString('latin1'))
  return match ? line.subarray(match[0].length) : undefined
}

function withoutLineEnd(line: Buffer): Buffer {
  let size = line.length
  if (size > 0 && line[size - 1] === lf) size -= 1
  if (size > 0 && line[size - 1] === cr) size -= 1
  return line.subarray(0, size)
}

const value = (octet: number): number => (octet - 0x20) & 0x3f

function mayBegin(rest: Buffer): boolean {
  const size = Math.min(rest.length, beginWord.length)
  return rest.compare(beginWord, 0, size, 0, size) === 0
}

class UuencodeSplitter implements Sink {
  readonly #text: Sink
  readonly #files: FileSinks
  readonly #faults: Faults
  #state: 'text' | 'file' | 'fileEnd' = 'text'
  #file: Sink | undefined
  #line: Buffer = Buffer.alloc(0)
  #atLineStart = true
  #gathering = false
  #broken = false

  constructor(text: Sink, files: FileSinks, faults: Faults) {
    this.#text = text
    this.#files = files
    this.#faults = faults
  }

  write(piece: Uint8Array): void {
    let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    while (rest.length > 0) {
      rest = rest.subarray(this.#state === 'text' ? this.#readText(rest) : this.#readLine(rest))
    }
  }

  end(): void {
    if (this.#state !== 'text' && this.#line.length > 0) this.#takeFileLine()
    if (this.#state === 'text') this.#endText()
    else this.#breakFile()
    this.#text.end()
  }

  /** Passes lines on until one may be a `begin` line; that one is gathered. */
  #readText(piece: Buffer): number {
    if (this.#gathering) return this.#gather(piece)
    let at = 0
    while (at < piece.length) {
      if (this.#atLineStart && mayBegin(piece.subarray(at))) {
        if (at > 0) this.#text.write(piece.subarray(0, at))
        this.#gathering = true
        return at
      }
      const newline = piece.indexOf(lf, at)
      this.#atLineStart = newline >= 0
      at = newline < 0 ? piece.length : newline + 1
    }
    this.#text.write(piece)
    return piece.length
  }

  #gather(piece: Buffer): number {
    const used = this.#appendLine(piece)
    const complete = this.#line[this.#line.length - 1] === lf
    if (complete && nameOf(withoutLineEnd(this.#line))) this.#openFile()
    else if (complete || this.#line.length >= longestLine + 2 || !mayBegin(this.#line)) this.#releaseLine()
    return used
  }

  /** As much of the piece as is needed to know what the line is. */
  #appendLine(piece: Buffer): number {
    const most = Math.min(piece.length, longestLine + 2 - this.#line.length)
    const newline = piece.subarray(0, most).indexOf(lf)
    const used = newline < 0 ? most : newline + 1
    this.#line = Buffer.concat([this.#line, piece.subarray(0, used)])
    return used
  }

  #releaseLine(): void {
    const line = this.#takeLine()
    this.#gathering = false
    this.#atLineStart = line[line.length - 1] === lf
    this.#text.write(line)
  }

  #takeLine(): Buffer {
    const line = this.#line
    this.#line = Buffer.alloc(0)
    return line
  }

  #openFile(): void {
    const name = nameOf(withoutLineEnd(this.#takeLine()))!
    this.#gathering = false
    this.#faults.raise('uuencode')
    this.#file = this.#files.open(name)
    this.#state = 'file'
  }

  #endText(): void {
    if (!this.#gathering) return
    if (!nameOf(withoutLineEnd(this.#line))) {
      this.#releaseLine()
      return
    }
    this.#openFile()
    this.#breakFile()
  }

  #readLine(piece: Buffer): number {
    const used = this.#appendLine(piece)
    if (this.#line[this.#line.length - 1] === lf || this.#line.length >= longestLine + 2) this.#takeFileLine()
    return used
  }

  #takeFileLine(): void {
    const whole = this.#takeLine()
    const line = withoutLineEnd(whole)
    if (line.toString('latin1') === 'end') {
      this.#endFile()
      return
    }
    if (this.#state === 'file' && this.#decode(line)) return
    this.#breakFile()
    // The line that ended a file may begin another.
    let rest = whole
    while (rest.length > 0) rest = rest.subarray(this.#readText(rest))
  }

  #decode(line: Buffer): boolean {
    for (const octet of line) if (octet < 0x20 || octet > 0x60) return false
    const size = line.length === 0 ? 0 : value(line[0]!)
    if (size === 0) {
      if (line.length > 1) return false
      this.#state = 'fileEnd'
      return true
    }
    const characters = Math.ceil(size / 3) * 4
    if (line.length > characters + 2) return false
    if (line.length < characters + 1) this.#raiseBroken()
    // What is missing at the end was spaces that the way has taken.
    const at = (place: number): number => (place < line.length ? value(line[place]!) : 0)
    const octets = new Uint8Array((characters / 4) * 3)
    for (let i = 0, o = 0; i < characters; i += 4, o += 3) {
      const group = (at(i + 1) << 18) | (at(i + 2) << 12) | (at(i + 3) << 6) | at(i + 4)
      octets[o] = group >> 16
      octets[o + 1] = group >> 8
      octets[o + 2] = group
    }
    this.#file?.write(octets.subarray(0, size))
    return true
  }

  #endFile(): void {
    this.#file?.end()
    this.#file = undefined
    this.#state = 'text'
    this.#atLineStart = true
  }

  #breakFile(): void {
    this.#raiseBroken()
    this.#endFile()
  }

  #raiseBroken(): void {
    if (!this.#broken) this.#faults.raise('uuencode-broken')
    this.#broken = true
  }
}

/** A sink that passes text on to `text` (and ends it) and files to `files`. */
export function makeUuencodeSplitter(text: Sink, files: FileSinks, faults: Faults): Sink {
  return new UuencodeSplitter(text, files, faults)
}
