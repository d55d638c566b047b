/**
 * HTML: tags become white space and links, and what a reader does not see goes to the zone `hidden`.
 *
 * What is what:
 * - Visible: text; what stands for a picture (`alt`); the writing on buttons and in fields. `<noscript>` is shown: no mail
 *   client runs scripts.
 * - Hidden by style (raises html-hidden): `hidden`, display, visibility, opacity, font of one pixel, no room, colour as the
 *   background. `mso-hide` is not: one client obeys it, everybody else sees that text. Where in doubt text is visible.
 * - Hidden by nature (raises nothing, as nearly every mail has some): comments, `<title>`, `<template>`, what browsers show
 *   in place of frames.
 * - Scripts and styles are neither; the zone `source` has them. Links are looked for in all of these.
 */
import type { Faults, Readable, Sink } from '../sink.ts'
import { attributeColor, unknownColor } from './color.ts'
import { type Element, elementNamed, is, isBlock, isCell, isCode, isSpecial, isVoid } from './element.ts'
import { hostOf, hostShown, mayBeSameSite } from './host.ts'
import { HtmlTokenizer } from './html-tokenizer.ts'
import type { Content, HtmlTokens } from './html-tokens.ts'
import { LinkFinder } from './link-finder.ts'
import { Links } from './links.ts'
import { cleaned, MarkupLinks } from './markup-links.ts'
import { equalsCaseless, octetString, octetsOf, trimmed } from './octet.ts'
import { isHidden, type Look, OpenElements } from './open-elements.ts'
import { Spacing } from './spacing.ts'
import { parseDeclarations, type Style } from './style.ts'
import { StyleSheet } from './style-sheet.ts'
import type { Tag } from './tag.ts'

const leastValueLimit = 4_096
const longestAnchor = 512
const fewObscured = 8 // some senders write their addresses that way
const linkColor = 0x0000ee
const notShown = ['hidden', 'checkbox', 'radio']

class HtmlReader implements HtmlTokens {
  readonly #readable: Readable
  readonly #faults: Faults
  readonly #markupLinks: MarkupLinks
  readonly #prose: LinkFinder
  readonly #code: LinkFinder
  readonly #visible: Spacing
  readonly #hidden: Spacing
  readonly #tokenizer: HtmlTokenizer
  readonly #elements = new OpenElements()
  readonly #sheet = new StyleSheet()
  #codeKind: 'none' | 'script' | 'style' = 'none'
  #inHidden = false
  #inComment = false
  #hiddenSeen = false
  #obscured = 0
  /** Where the anchor leads in which the text stands, empty outside; and its text. */
  #anchorHost = ''
  #anchorText = ''

  constructor(readable: Readable, faults: Faults, linkLimit: number) {
    const links = new Links(readable, faults, linkLimit)
    this.#readable = readable
    this.#faults = faults
    this.#markupLinks = new MarkupLinks(links)
    this.#prose = new LinkFinder(links, 'prose')
    this.#code = new LinkFinder(links, 'code')
    this.#visible = new Spacing(piece => this.#foldedVisible(piece), faults, 'are-spaces')
    this.#hidden = new Spacing(piece => this.#foldedHidden(piece), faults, 'are-spaces')
    this.#tokenizer = new HtmlTokenizer(this, Math.max(leastValueLimit, linkLimit) + 1)
  }

  write(piece: Uint8Array): void {
    this.#tokenizer.write(piece)
    this.#flush()
  }

  end(): void {
    if (!this.#tokenizer.end()) this.#faults.raise('html-unfinished')
    this.#visible.end()
    this.#hidden.end()
    this.#endAnchor()
    this.#prose.endRecord()
    this.#code.endRecord()
  }

  text(piece: Uint8Array): void {
    if (this.#codeKind !== 'none') {
      this.#code.write(piece)
      if (this.#codeKind === 'style') this.#sheet.write(piece)
    } else if (this.#elements.isHidden) {
      this.#turnHidden()
      const before = this.#hidden.size
      this.#hidden.write(piece)
      if (!this.#elements.look.unseen && this.#hidden.size > before) this.#raiseHidden()
    } else {
      this.#turnVisible()
      this.#visible.write(piece)
    }
  }

  comment(piece: Uint8Array): void {
    if (!this.#inComment) {
      this.#inHidden = false
      this.#turnHidden()
    }
    this.#inComment = true
    this.#hidden.write(piece)
  }

  commentEnd(): void {
    this.#inComment = this.#inHidden = false
    this.#hidden.flush()
    this.#code.endRecord()
  }

  obscuredCharacter(): void {
    if (this.#obscured < fewObscured && ++this.#obscured === fewObscured) this.#faults.raise('html-obscured')
  }

  inForeignContent(): boolean {
    return this.#elements.look.foreign
  }

  unfinishedTag(tag: Tag): void {
    if (!tag.closing) this.#reportLinks(tag)
  }

  tag(tag: Tag): Content {
    const element = elementNamed(tag.name)
    if (!tag.closing) return this.#open(element, tag)
    this.#close(element, tag.name)
    return 'markup'
  }

  #close(element: Element, name: string): void {
    if (this.#codeKind !== 'none') this.#endCode()
    const active = this.#elements.isHidden ? this.#hidden : this.#visible
    if (name === 'br') active.lineEnd()
    if (name === 'a') this.#endAnchor()
    separate(element, active)
    this.#elements.close(element, name)
  }

  #open(element: Element, tag: Tag): Content {
    this.#reportLinks(tag)
    this.#elements.prepare(element)
    const style = this.#styleOf(element, tag)
    const look = this.#elements.lookOf(element, tag.name, style)
    const spacing = isHidden(look) ? this.#hidden : this.#visible
    separate(element, spacing)
    if (tag.name === 'br') spacing.lineEnd()
    if (is(element, isVoid)) {
      this.#replacement(tag, look)
      return 'markup'
    }
    if (look.foreign && tag.selfClosing) return 'markup'
    const foreign = this.#elements.look.foreign
    this.#elements.open(element, tag.name, style)
    if (tag.name === 'a' && tag.has('href')) this.#beginAnchor(tag)
    if (foreign) return 'markup'
    if (is(element, isCode)) this.#beginCode(tag.name === 'style' ? 'style' : 'script')
    return element.content
  }

  /** What is shown in place of an element without content. */
  #replacement(tag: Tag, look: Look): void {
    if (isHidden(look)) return
    const shown = replacementOf(tag)
    if (shown === '') return
    this.#turnVisible()
    this.#visible.space()
    this.#visible.write(octetsOf(shown))
    this.#visible.space()
  }

  #styleOf(element: Element, tag: Tag): Style {
    const rules = this.#sheet.lookup(tag.name, tag.get('class'), tag.get('id'))
    const own = tag.has('style') ? [parseDeclarations(tag.get('style'))] : []
    return Object.assign(
      styleOfAttributes(element, tag),
      ...rules.map(rule => rule.normal),
      ...own.map(rule => rule.normal),
      ...rules.map(rule => rule.important),
      ...own.map(rule => rule.important),
    )
  }

  #reportLinks(tag: Tag): void {
    if (!MarkupLinks.mayHave(tag)) return
    this.#flush()
    this.#markupLinks.report(tag)
  }

  #beginAnchor(tag: Tag): void {
    this.#endAnchor()
    this.#visible.flush()
    this.#anchorHost = hostOf(cleaned(tag.get('href')))
    this.#anchorText = ''
  }

  #endAnchor(): void {
    if (this.#anchorHost === '') return
    this.#visible.flush()
    if (!mayBeSameSite(hostShown(this.#anchorText), this.#anchorHost)) this.#faults.raise('link-disagrees')
    this.#anchorHost = ''
  }

  #beginCode(kind: 'script' | 'style'): void {
    this.#flush()
    this.#code.endRecord()
    this.#codeKind = kind
  }

  #endCode(): void {
    this.#code.endRecord()
    if (this.#codeKind === 'style') this.#sheet.end()
    this.#codeKind = 'none'
  }

  #raiseHidden(): void {
    if (!this.#hiddenSeen) this.#faults.raise('html-hidden')
    this.#hiddenSeen = true
  }

  // Whoever reports a link, the text before it has reported its own: then their order does not depend on the cuts.
  #turnVisible(): void {
    if (this.#inHidden) this.#hidden.flush()
    this.#inHidden = false
  }

  /** What is hidden in different places is not one text. */
  #turnHidden(): void {
    if (this.#inHidden) return
    this.#visible.flush()
    this.#hidden.block()
    this.#inHidden = true
  }

  #flush(): void {
    this.#visible.flush()
    this.#hidden.flush()
  }

  #foldedVisible(piece: Uint8Array): void {
    this.#readable.visible(piece)
    this.#prose.write(piece)
    const room = longestAnchor - this.#anchorText.length
    if (this.#anchorHost !== '' && room > 0)
      this.#anchorText += octetString(piece, 0, Math.min(room, piece.length))
  }

  #foldedHidden(piece: Uint8Array): void {
    this.#readable.hidden(piece)
    this.#code.write(piece)
  }
}

function separate(element: Element, spacing: Spacing): void {
  if (is(element, isBlock)) spacing.block()
  else if (is(element, isCell)) spacing.space()
}

function replacementOf(tag: Tag): string {
  if (tag.name === 'input' && !tag.has('alt')) {
    const type = trimmed(tag.get('type'))
    if (notShown.some(name => equalsCaseless(type, name))) return ''
    return tag.get('value') || tag.get('placeholder')
  }
  return tag.name === 'img' || tag.name === 'input' || tag.name === 'area' ? tag.get('alt') : ''
}

function styleOfAttributes(element: Element, tag: Tag): Style {
  const style: Style = {}
  if (tag.has('hidden')) style.displayed = false
  if (tag.name === 'a' && tag.has('href')) style.color = linkColor
  if (tag.name === 'font' && tag.has('color')) style.color = attributeColor(tag.get('color'))
  if (tag.name === 'body' && tag.has('text')) style.color = attributeColor(tag.get('text'))
  if (!is(element, isSpecial)) return style
  if (tag.has('bgcolor')) style.background = attributeColor(tag.get('bgcolor'))
  if (tag.has('background')) style.background = unknownColor
  return style
}

/** A sink for the decoded UTF-8 of one part. Its `end` flushes what it holds; it ends nothing else. */
export function makeHtmlReader(readable: Readable, faults: Faults, linkLimit: number): Sink {
  return new HtmlReader(readable, faults, linkLimit)
}
