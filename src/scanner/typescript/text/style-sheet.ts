/**
 * The rules of `<style>` elements, as far as they decide whether text is seen.
 *
 * Promises: bounded: 256 selectors, 256 octets of selectors and 1,024 of declarations each; linear.
 * Selectors are `tag`, `.class`, `#id`, `tag.class`, `tag#id`, and lists of them; others select nothing here. Rules for other
 * media, or for windows of some size, are passed over.
 */
import { isAlphanumeric, isSpace, lowerCase, trimmed } from './octet.ts'
import { type Declarations, isEmpty, parseDeclarations } from './style.ts'

const mostRules = 256
const longestSelectors = 256
const longestBlock = 1_024
const mostClasses = 16

const isName = (c: number) => isAlphanumeric(c) || c === 0x2d || c === 0x5f || c >= 0x80

/** A tag, a class or an id, or a tag with one of these. */
function isSimple(selector: string): boolean {
  let marks = 0
  for (let i = 0; i < selector.length; i++) {
    if (isName(selector.charCodeAt(i))) continue
    if ((selector[i] !== '.' && selector[i] !== '#') || ++marks > 1 || i + 1 === selector.length) return false
  }
  return selector !== ''
}

/** `<style><!-- … --></style>`, for browsers of old. */
function withoutComment(text: string): string {
  let rest = text
  const open = trimmed(rest)
  if (open.startsWith('<!--')) rest = open.slice(4)
  const close = trimmed(rest)
  return close.startsWith('-->') ? close.slice(3) : rest
}

export class StyleSheet {
  readonly #rules = new Map<string, Declarations>()
  #state: 'selectors' | 'at-rule' | 'block' | 'skipped' = 'selectors'
  #depth = 0
  #selectors = ''
  #block = ''
  #inComment = false
  #before = ''

  /** The text of a `<style>` element, piece by piece. */
  write(piece: Uint8Array): void {
    for (const c of piece) this.#take(String.fromCharCode(c))
  }

  /** The element is complete. */
  end(): void {
    if (this.#state === 'block') this.#addRules()
    this.#state = 'selectors'
    this.#selectors = ''
    this.#inComment = false
    this.#before = ''
  }

  /** What the rules say of an element, the weakest first; `tag` in lower case. */
  lookup(tag: string, classes: string, id: string): Declarations[] {
    const found: Declarations[] = []
    if (this.#rules.size === 0) return found
    const apply = (selector: string) => {
      const declarations = this.#rules.get(selector)
      if (declarations) found.push(declarations)
    }
    apply(tag)
    const both = (mark: string, name: string) => {
      const key = mark + lowerCase(name)
      apply(key)
      apply(tag + key)
    }
    for (let at = 0, count = 0; at < classes.length && count < mostClasses; count++) {
      while (at < classes.length && isSpace(classes.charCodeAt(at))) at++
      const start = at
      while (at < classes.length && !isSpace(classes.charCodeAt(at))) at++
      if (at > start && at - start <= longestSelectors) both('.', classes.slice(start, at))
    }
    const name = trimmed(id)
    if (name !== '' && name.length <= longestSelectors) both('#', name)
    return found
  }

  /** Takes comments out. */
  #take(c: string): void {
    const before = this.#before
    this.#before = c
    if (this.#inComment) {
      if (before !== '*' || c !== '/') return
      this.#inComment = false
      this.#before = ''
    } else if (before === '/' && c === '*') {
      this.#inComment = true
      this.#before = ''
    } else {
      if (before === '/') this.#structure('/')
      if (c !== '/') this.#structure(c)
    }
  }

  #structure(c: string): void {
    switch (this.#state) {
      case 'selectors':
        // The end of a rule for all screens; something that is no rule.
        if (c === '{') this.#beginBlock()
        else if (c === '}' || c === ';') this.#selectors = ''
        else this.#select(c)
        if (c === '@') this.#state = 'at-rule'
        return
      case 'at-rule':
        if (c === '{') this.#beginBlock()
        else if (c !== ';') this.#select(c)
        else {
          this.#selectors = ''
          this.#state = 'selectors'
        }
        return
      case 'block':
        if (c === '}') this.#addRules()
        else if (this.#block.length <= longestBlock) this.#block += c
        return
      case 'skipped':
        if (c === '{') this.#depth++
        if (c === '}' && --this.#depth === 0) this.#state = 'selectors'
    }
  }

  #select(c: string): void {
    if (this.#selectors.length <= longestSelectors) this.#selectors += c
  }

  #beginBlock(): void {
    if (this.#state !== 'at-rule') {
      this.#state = 'block'
      this.#block = ''
      return
    }
    const rule = lowerCase(this.#selectors)
    const allScreens =
      rule.includes('@media') &&
      !rule.includes('print') &&
      !rule.includes('(') &&
      rule.length <= longestSelectors
    this.#selectors = ''
    this.#state = allScreens ? 'selectors' : 'skipped'
    this.#depth = 1
  }

  #addRules(): void {
    const selectors = this.#selectors
    const whole = selectors.length <= longestSelectors && this.#block.length <= longestBlock
    this.#state = 'selectors'
    this.#selectors = ''
    if (!whole) return
    const declarations = parseDeclarations(this.#block)
    if (isEmpty(declarations.normal) && isEmpty(declarations.important)) return
    for (const part of withoutComment(selectors).split(',')) {
      const selector = lowerCase(trimmed(part))
      if (!isSimple(selector)) continue
      const known = this.#rules.get(selector)
      if (!known && this.#rules.size >= mostRules) continue
      this.#rules.set(selector, {
        normal: { ...known?.normal, ...declarations.normal },
        important: { ...known?.important, ...declarations.important },
      })
    }
  }
}
