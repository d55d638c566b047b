/**
 * Finds the end of DATA and takes the dot-stuffing away (RFC 5321 §4.5.2).
 *
 * Promises: CRLF "." CRLF ends the data, and nothing else does; a dot is taken away behind CRLF (or at the very
 * beginning) and nowhere else; the result does not depend on how the octets were cut into chunks. Content passes in
 * place: one piece per chunk, moved only behind a stuffed line.
 * Leaves out: whether line ends are what they must be. That is `content-checker.ts`, behind it.
 */

/** Where pieces of content go. Keeps them. */
export interface PieceSink {
  take(piece: Buffer): void
}

const carriageReturn = 13
const lineFeed = 10
const dot = 46
const lineEndDot = Buffer.from('\r\n.')
const heldCarriageReturn = Buffer.from('\r')

type State = 'text' | 'cr' | 'line' | 'dot' | 'dot-cr'

export class DataReader {
  // The CRLF of the DATA command counts: "." may stand on the first line (RFC 5321 §4.1.1.4).
  #state: State = 'line'

  begin(): void {
    this.#state = 'line'
  }

  /**
   * Reads `chunk` from `from`. Returns the offset behind the end of data, or -1 when all was read and more must come.
   * Changes the memory of what it reads.
   */
  read(chunk: Buffer, from: number, sink: PieceSink): number {
    const end = chunk.length
    let start = from // of the run that is not yet kept
    let to = from // where the next run is kept
    let at = from
    const keep = (until: number): void => {
      if (to !== start) chunk.copyWithin(to, start, until)
      to += until - start
    }
    while (at < end) {
      switch (this.#state) {
        case 'text': {
          const found = chunk.indexOf(lineEndDot, at)
          if (found < 0) {
            this.#state = tailOf(chunk, at)
            at = end
          } else {
            this.#state = 'line'
            at = found + 2
          }
          break
        }
        case 'cr':
          this.#state = chunk[at] === lineFeed ? 'line' : 'text'
          if (this.#state === 'line') at++
          break
        case 'line':
          this.#state = chunk[at] === dot ? 'dot' : 'text'
          if (this.#state === 'dot') {
            keep(at)
            start = ++at
          }
          break
        case 'dot':
          // RFC 5321 §4.5.2: with anything behind it, the first dot of the line is deleted.
          this.#state = chunk[at] === carriageReturn ? 'dot-cr' : 'text'
          if (this.#state === 'dot-cr') at++
          break
        case 'dot-cr':
          if (chunk[at] === lineFeed) {
            this.#state = 'line'
            if (to > from) sink.take(chunk.subarray(from, to))
            return at + 1
          }
          // The CR was content after all; when it came with the last chunk, it is owed now.
          if (at === from) sink.take(heldCarriageReturn)
          this.#state = 'cr'
          break
      }
    }
    if (this.#state !== 'dot-cr') keep(end)
    if (to > from) sink.take(chunk.subarray(from, to))
    return -1
  }
}

/** How far the last octets of a chunk without CRLF "." have come towards one. */
function tailOf(chunk: Buffer, from: number): State {
  const last = chunk.length - 1
  if (chunk[last] === carriageReturn) return 'cr'
  return last > from && chunk[last] === lineFeed && chunk[last - 1] === carriageReturn ? 'line' : 'text'
}
