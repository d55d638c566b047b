/**
 * Cuts HTML into text, tags and comments, the way browsers do (https://html.spec.whatwg.org/#tokenization).
 *
 * Promises: linear; bounded memory: of a name 33 octets are kept, of a value as many as asked for, of text nothing; the same
 * tokens however the text is cut, except for where pieces of text are cut; whatever is not closed ends with the text.
 * Leaves out: the states of scripts within comments within scripts: a script ends at the first `</script>`, and what a
 * browser takes for more of it is text here. Mail is shown without scripts, and this way more is read, not less.
 */
import { DeclarationReader } from './declaration-reader.ts'
import { CharacterReference } from './entity.ts'
import type { Content, HtmlTokens } from './html-tokens.ts'
import { findOctet as find, isLetter, isSpace, lower, octetString, octetsOf } from './octet.ts'
import { Tag } from './tag.ts'

type State =
  | 'data'
  | 'raw-end' // `<` in raw text
  | 'tag-open'
  | 'end-tag-open'
  | 'tag-name'
  | 'before-name'
  | 'name'
  | 'after-name'
  | 'before-value'
  | 'quoted'
  | 'unquoted'
  | 'self-closing'
  | 'declaration'

const bang = 0x21
const doubleQuote = 0x22
const ampersand = 0x26
const singleQuote = 0x27
const slash = 0x2f
const less = 0x3c
const equals = 0x3d
const greater = 0x3e
const question = 0x3f

const longestName = 33
const replacement = Buffer.from('\ufffd').toString('latin1')

const appended = (name: string, c: number) =>
  name.length < longestName ? name + String.fromCharCode(lower(c)) : name

function findEither(piece: Uint8Array, start: number, a: number, b: number): number {
  let at = start
  while (at < piece.length && piece[at] !== a && piece[at] !== b) at++
  return at
}

export class HtmlTokenizer {
  readonly #tokens: HtmlTokens
  readonly #valueLimit: number
  #state: State = 'data'
  #content: Content = 'markup'
  /** A character reference is being read, in the text or in a value. */
  #inReference = false
  #quote = 0
  readonly #reference = new CharacterReference()
  readonly #declaration: DeclarationReader
  readonly #tag = new Tag()
  /** The element whose raw text this is. */
  #rawName = ''
  /** What may become the end tag of raw text; the name of an attribute. */
  #held = ''
  /** Whether anybody wants the value that is being read. */
  #wanted = false

  constructor(tokens: HtmlTokens, valueLimit: number) {
    this.#tokens = tokens
    this.#valueLimit = valueLimit
    this.#declaration = new DeclarationReader(tokens)
  }

  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; )
      at = this.#inReference ? this.#takeReference(piece[at]!, at) : this.#step(piece, at)
  }

  /** False when the text ended within markup. */
  end(): boolean {
    if (this.#inReference) this.#resolveReference(0)
    switch (this.#state) {
      case 'data':
        return this.#content === 'markup' || this.#content === 'plain'
      case 'tag-open':
        this.#text('<')
        return true
      case 'end-tag-open':
        this.#text('</')
        return true
      case 'raw-end':
        this.#text(this.#held)
        return false
      case 'declaration':
        this.#declaration.end()
        return false
      default:
        this.#tokens.unfinishedTag(this.#tag)
        return false
    }
  }

  /** Reads one octet, or a run of octets that are alike. An octet that belongs to the next state stays where it is. */
  #step(piece: Uint8Array, at: number): number {
    const c = piece[at]!
    switch (this.#state) {
      case 'data':
        return this.#data(piece, at)
      case 'raw-end':
        return this.#rawEnd(c, at)
      case 'tag-open':
      case 'end-tag-open':
        return this.#tagOpen(c, at)
      case 'tag-name':
        if (isSpace(c)) this.#state = 'before-name'
        else if (c === slash) this.#state = 'self-closing'
        else if (c === greater) this.#finishTag()
        else this.#tag.name = appended(this.#tag.name, c)
        return at + 1
      case 'before-name':
      case 'name':
      case 'after-name':
        return this.#attributeName(c, at)
      case 'before-value':
        return this.#beforeValue(c, at)
      case 'quoted':
        return this.#quoted(piece, at)
      case 'unquoted':
        return this.#unquoted(piece, at)
      case 'self-closing':
        if (c !== greater) {
          this.#state = 'before-name'
          return at
        }
        this.#tag.selfClosing = true
        this.#finishTag()
        return at + 1
      case 'declaration':
        return this.#inDeclaration(piece, at)
    }
  }

  #inDeclaration(piece: Uint8Array, at: number): number {
    const next = this.#declaration.read(piece, at)
    if (this.#declaration.isComplete) this.#state = 'data'
    return next
  }

  #data(piece: Uint8Array, at: number): number {
    if (this.#content === 'plain') {
      this.#tokens.text(piece.subarray(at))
      return piece.length
    }
    const stop = this.#content === 'raw' ? find(piece, at, less) : findEither(piece, at, less, ampersand)
    if (stop > at) this.#tokens.text(piece.subarray(at, stop))
    if (stop === piece.length) return stop
    if (piece[stop] === ampersand) {
      this.#beginReference()
    } else if (this.#content === 'markup') {
      this.#state = 'tag-open'
    } else {
      this.#held = '<'
      this.#state = 'raw-end'
    }
    return stop + 1
  }

  /** Behind `<` in raw text: is it the end tag? https://html.spec.whatwg.org/#rawtext-less-than-sign-state */
  #rawEnd(c: number, at: number): number {
    const position = this.#held.length
    if (position < this.#rawName.length + 2) {
      if (lower(c) === (position === 1 ? slash : this.#rawName.charCodeAt(position - 2))) {
        this.#held += String.fromCharCode(c)
        return at + 1
      }
    } else if (isSpace(c) || c === slash || c === greater) {
      this.#beginTag(true)
      this.#tag.name = this.#rawName
      return at
    }
    this.#text(this.#held)
    this.#state = 'data'
    return at
  }

  #tagOpen(c: number, at: number): number {
    const closing = this.#state === 'end-tag-open'
    if (isLetter(c)) {
      this.#beginTag(closing)
      return at
    }
    if (!closing && c === slash) {
      this.#state = 'end-tag-open'
      return at + 1
    }
    if (!closing && c === bang) {
      this.#declaration.begin()
      this.#state = 'declaration'
      return at + 1
    }
    // `</>` is nothing at all.
    if (closing && c === greater) {
      this.#state = 'data'
      return at + 1
    }
    if (closing || c === question) {
      this.#declaration.beginBogus()
      this.#state = 'declaration'
      return at
    }
    this.#text('<')
    this.#state = 'data'
    return at
  }

  #beginTag(closing: boolean): void {
    this.#tag.clear(closing)
    this.#state = 'tag-name'
  }

  #finishTag(): void {
    this.#state = 'data'
    this.#content = this.#tokens.tag(this.#tag)
    if (this.#content === 'raw' || this.#content === 'escapable') this.#rawName = this.#tag.name
  }

  /** Before, in and behind the name of an attribute. */
  #attributeName(c: number, at: number): number {
    if (this.#state === 'name') {
      if (c === equals) return this.#beginValue('before-value', at)
      if (!isSpace(c) && c !== slash && c !== greater) this.#held = appended(this.#held, c)
      else {
        this.#state = 'after-name'
        return at
      }
      return at + 1
    }
    if (isSpace(c)) return at + 1
    if (this.#state === 'after-name') {
      if (c === equals) return this.#beginValue('before-value', at)
      this.#beginValue('before-name', at)
    }
    if (c === slash) {
      this.#state = 'self-closing'
      return at + 1
    }
    if (c === greater) {
      this.#finishTag()
      return at + 1
    }
    this.#held = appended('', c)
    this.#state = 'name'
    return at + 1
  }

  /** The name is complete. */
  #beginValue(next: State, at: number): number {
    this.#wanted = this.#tag.add(this.#held)
    this.#state = next
    return at + 1
  }

  #beforeValue(c: number, at: number): number {
    if (isSpace(c)) return at + 1
    if (c === doubleQuote || c === singleQuote) {
      this.#quote = c
      this.#state = 'quoted'
      return at + 1
    }
    // `<a href=>`: the value is empty.
    if (c === greater) {
      this.#finishTag()
      return at + 1
    }
    this.#state = 'unquoted'
    return at
  }

  #appendValue(text: string): void {
    if (!this.#wanted) return
    for (let at = 0; at < text.length; ) {
      const nul = text.indexOf('\0', at)
      const stop = nul < 0 ? text.length : nul
      this.#tag.append(this.#held, text.slice(at, stop), this.#valueLimit)
      if (stop < text.length && this.#tag.get(this.#held as 'href').length < this.#valueLimit)
        this.#tag.append(this.#held, replacement, this.#valueLimit + replacement.length)
      at = stop + 1
    }
  }

  #quoted(piece: Uint8Array, at: number): number {
    const stop = this.#wanted ? findEither(piece, at, this.#quote, ampersand) : find(piece, at, this.#quote)
    if (this.#wanted) this.#appendValue(octetString(piece, at, stop))
    if (stop === piece.length) return stop
    if (piece[stop] === this.#quote) this.#state = 'before-name'
    else this.#beginReference()
    return stop + 1
  }

  #unquoted(piece: Uint8Array, at: number): number {
    let stop = at
    while (
      stop < piece.length &&
      !isSpace(piece[stop]!) &&
      piece[stop] !== greater &&
      piece[stop] !== ampersand
    )
      stop++
    if (this.#wanted) this.#appendValue(octetString(piece, at, stop))
    if (stop === piece.length) return stop
    if (piece[stop] === ampersand) this.#beginReference()
    else if (piece[stop] === greater) this.#finishTag()
    else this.#state = 'before-name'
    return stop + 1
  }

  #beginReference(): void {
    this.#reference.begin()
    this.#inReference = true
  }

  #takeReference(c: number, at: number): number {
    const step = this.#reference.take(c)
    if (step === 'more') return at + 1
    this.#resolveReference(step === 'last' ? 0 : c)
    return step === 'last' ? at + 1 : at
  }

  #resolveReference(next: number): void {
    this.#inReference = false
    const inValue = this.#state === 'quoted' || this.#state === 'unquoted'
    const text = this.#reference.resolve(inValue, next)
    if (inValue) {
      this.#appendValue(text)
      return
    }
    if (this.#reference.obscures()) this.#tokens.obscuredCharacter()
    this.#text(text)
  }

  #text(text: string): void {
    this.#tokens.text(octetsOf(text))
  }
}
