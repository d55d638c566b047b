/**
 * From the octets of an mbox file, in pieces of any size, to its messages.
 *
 * A message begins behind a separator: a line "From ", whoever sent it, and a time, at the beginning or behind an empty line
 * (RFC 4155, appendix A). The empty line before the next separator belongs to the file, not to the message. In mboxrd one
 * ">" is taken from each line that is ">", any more of them, and "From "; in mboxo that gives back what its writer quoted.
 * Promises: linear; memory of one message, at most `limit` octets, beyond which it is told to `tooLarge` and forgotten.
 */
export interface MboxSink {
  /** The octets belong to the callee. */
  message(octets: Buffer): void
  tooLarge(): void
}

const lineEnd = 0x0a
const quote = 0x3e
const from = Buffer.from('From ')
/** Of a line that may be a separator so much is looked at. */
const separatorReach = 256

/** A sentence that begins with "From " has no time in it; whoever forgot to quote it does no harm then. */
export function isSeparator(line: Buffer): boolean {
  if (!beginsAt(line, 0)) return false
  const text = line.toString('latin1', from.length, separatorReach)
  return /[0-9]:[0-9]{2}/.test(text) && /[0-9]{4}/.test(text)
}

const beginsAt = (line: Buffer, at: number) => line.subarray(at, at + from.length).equals(from)
const isEmpty = (line: Buffer) => line.length === 1 || (line.length === 2 && line[0] === 0x0d)

export class MboxSplitter {
  readonly #sink: MboxSink
  readonly #limit: number
  #octets = Buffer.allocUnsafe(65_536)
  #size = 0
  #lineStart = 0
  #behindEmpty = true
  #emptyLine = 0
  #begun = false
  #overflown = false

  constructor(sink: MboxSink, limit: number) {
    this.#sink = sink
    this.#limit = limit
  }

  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const found = piece.indexOf(lineEnd, at)
      const end = found < 0 ? piece.length : found + 1
      this.#append(piece, at, end)
      if (found >= 0) this.#endLine()
      at = end
    }
  }

  end(): void {
    if (this.#size > this.#lineStart) this.#endLine()
    this.#emit(this.#size)
    this.#begun = false
    this.#behindEmpty = true
  }

  #append(piece: Uint8Array, start: number, end: number): void {
    if (this.#size + end - start > this.#limit) this.#overflow()
    const length = Math.min(end - start, this.#limit - this.#size)
    if (this.#size + length > this.#octets.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#octets.length * 2, this.#size + length))
      this.#octets.copy(larger, 0, 0, this.#size)
      this.#octets = larger
    }
    this.#octets.set(piece.subarray(start, start + length), this.#size)
    this.#size += length
  }

  /** Only the line at the end is kept: it may turn out to be the next separator. */
  #overflow(): void {
    this.#overflown = true
    this.#octets.copyWithin(0, this.#lineStart, this.#size)
    this.#size -= this.#lineStart
    this.#lineStart = this.#emptyLine = 0
  }

  #endLine(): void {
    const line = this.#octets.subarray(this.#lineStart, this.#size)
    if (this.#behindEmpty && isSeparator(line)) {
      this.#emit(this.#lineStart)
      this.#begun = true
      this.#behindEmpty = false
      return
    }
    if (isQuoted(line)) {
      this.#octets.copyWithin(this.#lineStart, this.#lineStart + 1, this.#size)
      this.#size--
    }
    this.#behindEmpty = isEmpty(line)
    this.#emptyLine = this.#behindEmpty ? this.#size - this.#lineStart : 0
    this.#lineStart = this.#size
  }

  /** What is before the first separator is no message. */
  #emit(end: number): void {
    if (this.#begun) {
      if (this.#overflown) this.#sink.tooLarge()
      else this.#sink.message(Buffer.from(this.#octets.subarray(0, end - this.#emptyLine)))
    }
    this.#size = this.#lineStart = this.#emptyLine = 0
    this.#overflown = false
  }
}

function isQuoted(line: Buffer): boolean {
  if (line[0] !== quote) return false
  let at = 1
  while (line[at] === quote) at++
  return beginsAt(line, at)
}
