/**
 * Makes every bare CR and bare LF of a message a CRLF and drops NUL: the choice `lineEndings: normalise` of a zone.
 *
 * Promises: what comes out has CR and LF in pairs only; it stands behind `data-reader.ts`, so that a line end that was
 * made here can neither end the data nor take a dot away. What was well-formed passes uncopied.
 */
import type { PieceSink } from '#session/data-reader.ts'

const carriageReturn = 13
const lineFeed = 10
const lineEnd = Buffer.from('\r\n')

export class LineNormaliser implements PieceSink {
  readonly #sink: PieceSink
  /** The last octet was a CR, which is owed until its LF, or the lack of it, is seen. */
  #owed = false

  constructor(sink: PieceSink) {
    this.#sink = sink
  }

  take(piece: Buffer): void {
    this.#sink.take(!this.#owed && isWellFormed(piece) ? piece : this.#rewrite(piece))
  }

  /** The content is complete. */
  finish(): void {
    if (this.#owed) this.#sink.take(lineEnd)
    this.#owed = false
  }

  #rewrite(piece: Buffer): Buffer {
    const out = Buffer.allocUnsafe(2 * piece.length + 2)
    let to = 0
    let owed = this.#owed
    for (const octet of piece) {
      if (owed || octet === lineFeed) {
        out[to++] = carriageReturn
        out[to++] = lineFeed
        owed = false
        if (octet === lineFeed) continue
      }
      if (octet === carriageReturn) owed = true
      else if (octet !== 0) out[to++] = octet
    }
    this.#owed = owed
    return out.subarray(0, to)
  }
}

function isWellFormed(piece: Buffer): boolean {
  const { length } = piece
  for (let at = 0; at < length; at++) {
    const octet = piece[at]!
    if (octet > carriageReturn) continue
    if (octet === 0 || octet === lineFeed) return false
    if (octet === carriageReturn && piece[++at] !== lineFeed) return false
  }
  return true
}
