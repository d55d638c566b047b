/**
 * Transparency of DATA (RFC 5321 §4.5.2): a dot at the start of a line is doubled, and the end of data is found.
 *
 * Promises: apart from the doubled dots the octets that go out are the octets that came in (promise 22); chunks may be
 * cut anywhere; linear time. Cost: one native search per chunk, and a copy only where there is a dot to double.
 */

const lineStartDot = Buffer.from('\r\n.')
const endAfterLine = Buffer.from('.\r\n')
// Content from BDAT may lack the last CRLF; DATA cannot say that, so one is added (RFC 5321 §4.1.1.4).
const endWithinLine = Buffer.from('\r\n.\r\n')
const cr = 13
const lf = 10
const dot = 0x2e

export class DotStuffing {
  /** How much of CRLF the content so far ends with, in octets; its start counts as the start of a line. */
  #matched: 0 | 1 | 2 = 2

  /** The octets to write for a chunk: its own memory when no line begins with a dot. */
  stuff(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return chunk
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const dots = this.#dotsAtCut(bytes)
    for (let at = bytes.indexOf(lineStartDot); at !== -1; at = bytes.indexOf(lineStartDot, at + 3))
      dots.push(at + 2)
    this.#matched = this.#ending(bytes)
    return dots.length === 0 ? bytes : doubled(bytes, dots)
  }

  end(): Uint8Array {
    return this.#matched === 2 ? endAfterLine : endWithinLine
  }

  /** A dot whose CRLF stands, wholly or in part, in the chunk before. */
  #dotsAtCut(bytes: Buffer): number[] {
    if (this.#matched === 2 && bytes[0] === dot) return [0]
    if (this.#matched === 1 && bytes[0] === lf && bytes[1] === dot) return [1]
    return []
  }

  #ending(bytes: Buffer): 0 | 1 | 2 {
    const last = bytes[bytes.length - 1]
    if (last === cr) return 1
    if (last !== lf) return 0
    const previousIsCr = bytes.length > 1 ? bytes[bytes.length - 2] === cr : this.#matched === 1
    return previousIsCr ? 2 : 0
  }
}

function doubled(bytes: Buffer, dots: readonly number[]): Uint8Array {
  const result = Buffer.allocUnsafe(bytes.length + dots.length)
  let from = 0
  let to = 0
  for (const at of dots) {
    bytes.copy(result, to, from, at)
    to += at - from
    result[to++] = dot
    from = at
  }
  bytes.copy(result, to, from)
  return result
}
