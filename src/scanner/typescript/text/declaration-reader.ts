/**
 * What begins with `<!`, `<?` or `</` and is no tag: comments, document types, CDATA, and what browsers take for comments
 * (https://html.spec.whatwg.org/#markup-declaration-open-state).
 *
 * Promises: linear; seven octets are held at most.
 */
import type { HtmlTokens } from './html-tokens.ts'
import { findOctet, lowerCase, octetsOf } from './octet.ts'

type State =
  | 'complete'
  | 'beginning'
  | 'doctype'
  | 'bogus'
  | 'comment-start'
  | 'comment-start-dash'
  | 'comment'
  | 'comment-dash'
  | 'comment-dashes'
  | 'comment-bang'
  | 'cdata'
  | 'cdata-bracket'
  | 'cdata-brackets'

const bang = 0x21
const dash = 0x2d
const greater = 0x3e
const bracket = 0x5d

export class DeclarationReader {
  readonly #tokens: HtmlTokens
  #state: State = 'complete'
  /** What may become one of the three. */
  #held = ''

  constructor(tokens: HtmlTokens) {
    this.#tokens = tokens
  }

  get isComplete(): boolean {
    return this.#state === 'complete'
  }

  /** `<!` was read. */
  begin(): void {
    this.#held = ''
    this.#state = 'beginning'
  }

  /** What follows is a comment up to `>`. */
  beginBogus(): void {
    this.#state = 'bogus'
  }

  /** Returns where it stopped: the end, or behind what it is. */
  read(piece: Uint8Array, start: number): number {
    let at = start
    while (at < piece.length && !this.isComplete) at = this.#step(piece, at)
    return at
  }

  /** The text ends here. */
  end(): void {
    switch (this.#state) {
      case 'complete':
      case 'doctype':
      case 'cdata':
        return
      case 'cdata-bracket':
        this.#text(']')
        return
      case 'cdata-brackets':
        this.#text(']]')
        return
      case 'beginning':
        this.#comment(this.#held)
        this.#tokens.commentEnd()
        return
      default:
        this.#tokens.commentEnd()
    }
  }

  #step(piece: Uint8Array, at: number): number {
    switch (this.#state) {
      case 'beginning':
        return this.#beginning(piece[at]!, at)
      case 'doctype':
        return this.#doctype(piece, at)
      case 'bogus':
        return this.#bogus(piece, at)
      case 'cdata':
      case 'cdata-bracket':
      case 'cdata-brackets':
        return this.#cdata(piece, at)
      default:
        return this.#inComment(piece, at)
    }
  }

  /** Behind `<!`: a comment, a document type, or neither. */
  #beginning(c: number, at: number): number {
    const before = this.#held
    const held = before + String.fromCharCode(c)
    this.#held = held
    if (held === '--') return this.#go('comment-start', at + 1)
    if (lowerCase(held) === 'doctype') return this.#go('doctype', at + 1)
    if (held === '[CDATA[' && this.#tokens.inForeignContent()) return this.#go('cdata', at + 1)
    // `<!doctypE` is settled above; what is here may still become one of the three.
    const mayBecome = (whole: string, begin: string) => begin.length < whole.length && whole.startsWith(begin)
    if (held === '-' || mayBecome('doctype', lowerCase(held)) || mayBecome('[CDATA[', held)) return at + 1
    this.#comment(before)
    return this.#go('bogus', at)
  }

  #go(state: State, at: number): number {
    this.#state = state
    return at
  }

  #doctype(piece: Uint8Array, at: number): number {
    const stop = findOctet(piece, at, greater)
    return stop === piece.length ? stop : this.#go('complete', stop + 1)
  }

  #bogus(piece: Uint8Array, at: number): number {
    const stop = findOctet(piece, at, greater)
    if (stop > at) this.#tokens.comment(piece.subarray(at, stop))
    if (stop === piece.length) return stop
    this.#tokens.commentEnd()
    return this.#go('complete', stop + 1)
  }

  #inComment(piece: Uint8Array, at: number): number {
    const c = piece[at]!
    switch (this.#state) {
      case 'comment-start':
        if (c === greater) return this.#finishComment(at)
        return c === dash ? this.#go('comment-start-dash', at + 1) : this.#go('comment', at)
      case 'comment-start-dash':
        if (c === greater) return this.#finishComment(at)
        return c === dash ? this.#go('comment-dashes', at + 1) : this.#backToComment('-', at)
      case 'comment-dash':
        return c === dash ? this.#go('comment-dashes', at + 1) : this.#backToComment('-', at)
      case 'comment-dashes':
        if (c === greater) return this.#finishComment(at)
        if (c === bang) return this.#go('comment-bang', at + 1)
        if (c !== dash) return this.#backToComment('--', at)
        this.#comment('-')
        return at + 1
      case 'comment-bang':
        if (c === greater) return this.#finishComment(at)
        if (c !== dash) return this.#backToComment('--!', at)
        this.#comment('--!')
        return this.#go('comment-dash', at + 1)
      default: {
        const stop = findOctet(piece, at, dash)
        if (stop > at) this.#tokens.comment(piece.subarray(at, stop))
        return stop === piece.length ? stop : this.#go('comment-dash', stop + 1)
      }
    }
  }

  #finishComment(at: number): number {
    this.#tokens.commentEnd()
    return this.#go('complete', at + 1)
  }

  #backToComment(text: string, at: number): number {
    this.#comment(text)
    return this.#go('comment', at)
  }

  #cdata(piece: Uint8Array, at: number): number {
    if (this.#state === 'cdata') {
      const stop = findOctet(piece, at, bracket)
      if (stop > at) this.#tokens.text(piece.subarray(at, stop))
      return stop === piece.length ? stop : this.#go('cdata-bracket', stop + 1)
    }
    const both = this.#state === 'cdata-brackets'
    if (piece[at] === bracket) {
      if (both) this.#text(']')
      return this.#go('cdata-brackets', at + 1)
    }
    if (both && piece[at] === greater) return this.#go('complete', at + 1)
    this.#text(both ? ']]' : ']')
    return this.#go('cdata', at)
  }

  #text(text: string): void {
    this.#tokens.text(octetsOf(text))
  }

  #comment(text: string): void {
    if (text !== '') this.#tokens.comment(octetsOf(text))
  }
}
