/**
 * Reads the replies of a server (RFC 5321 §4.2) out of whatever the socket brings.
 *
 * Promises: bounded memory (line length, lines per reply) whatever the server sends; a reply is complete or is not
 * returned; all its text is printable, so that it can go to log, tracking and notifications; linear time.
 * Takes LF for CRLF, as all clients do: the text of a server is never handed on as protocol.
 * Leaves out: what a reply means.
 */

export interface ServerReply {
  readonly code: number
  /** `4.2.1`, when the last line begins with one that fits the code (RFC 2034 §4). */
  readonly enhanced: string | undefined
  /** Text of each line without code, enhanced code still in it. Printable only. */
  readonly lines: readonly string[]
}

export interface MalformedReply {
  readonly kind: 'malformed-reply'
  readonly detail: string
}

const lineLimit = 2_048 // RFC 5321 §4.5.3.1.5 says 512
const linesLimit = 128
/** RFC 5321 §4.2: first digit 2 to 5, second 0 to 5. Without text the code may stand alone. */
const shape = /^([2-5][0-5]\d)(?:([ -])(.*))?$/s
const enhancedCode = /^([245])\.\d{1,3}\.\d{1,3}(?= |$)/
const unprintable = /[^\x20-\x7e\u00a0-\u2027\u202f-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}]/gu

export class ReplyReader {
  #rest = ''
  #lines: string[] = []
  #code = 0

  /** True when nothing of an unfinished reply is held: what STARTTLS requires. */
  get empty(): boolean {
    return this.#rest === '' && this.#lines.length === 0
  }

  /**
   * Feeds a chunk; returns the replies that it completes, in order. After a MalformedReply the connection is of no
   * more use. Called per packet: one string per line.
   */
  read(chunk: Buffer): (ServerReply | MalformedReply)[] {
    const replies: (ServerReply | MalformedReply)[] = []
    const text = this.#rest + chunk.toString('latin1')
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const reply = this.#line(
        text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end),
      )
      start = end + 1
      if (reply === undefined) continue
      replies.push(reply)
      if ('kind' in reply) return replies
    }
    this.#rest = start === 0 ? text : text.slice(start)
    if (this.#rest.length > lineLimit) replies.push(malformed('a reply line is too long'))
    return replies
  }

  #line(text: string): ServerReply | MalformedReply | undefined {
    if (text.length > lineLimit) return malformed('a reply line is too long')
    const match = shape.exec(text)
    if (match === null) return malformed(`not a reply: "${printable(text.slice(0, 80))}"`)
    const code = Number(match[1])
    // RFC 5321 §4.2.1: all lines of a reply carry the same code.
    if (this.#lines.length > 0 && code !== this.#code) return malformed('the codes of one reply differ')
    this.#code = code
    this.#lines.push(printable(match[3] ?? ''))
    if (match[2] === '-')
      return this.#lines.length < linesLimit ? undefined : malformed('a reply has too many lines')
    const lines = this.#lines
    this.#lines = []
    return { code, enhanced: enhancedOf(code, lines.at(-1)!), lines }
  }
}

const malformed = (detail: string): MalformedReply => ({ kind: 'malformed-reply', detail })

function enhancedOf(code: number, text: string): string | undefined {
  const match = enhancedCode.exec(text)
  return match !== null && match[1] === String(code)[0] ? match[0] : undefined
}

/** The chunk was read as latin1 so that no character was cut in two; here UTF-8 is made whole (RFC 6531 §3.7.4.2). */
function printable(latin1: string): string {
  if (!/[^\x20-\x7e]/.test(latin1)) return latin1
  return Buffer.from(latin1, 'latin1').toString('utf8').replace(unprintable, '?')
}

const textLimit = 500

/** One line for tracking, spool and notification: `550 5.1.1 No such user here`. At most 500 characters. */
export function textOfReply(reply: ServerReply): string {
  const text = `${reply.code} ${reply.lines.join(' ').trim()}`.trimEnd()
  return text.length <= textLimit ? text : `${text.slice(0, textLimit - 1)}…`
}
