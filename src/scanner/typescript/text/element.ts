/**
 * The elements of HTML: what each means for text and for the elements around it.
 */
import type { Content } from './html-tokens.ts'

/** What an element is; several at once. */
export const isVoid = 1 << 0 // has no content
export const isBlock = 1 << 1 // stands in lines of its own
export const isCell = 1 << 2 // stands beside others of its kind
export const isUnseen = 1 << 3 // its content is not shown
export const isScope = 1 << 4 // tags inside close nothing outside
export const isSpecial = 1 << 5 // end tags of inline elements inside close nothing outside
export const isFormatting = 1 << 6 // lasts until its own end tag, whatever ends around it
export const isTablePart = 1 << 7 // closes whatever is open inside, and looks for it up to the table
export const isTable = 1 << 8 // where that search ends
export const isForeign = 1 << 9 // SVG and MathML: other rules inside
export const isCode = 1 << 10 // its content is no text
export const isDocument = 1 << 11 // lasts to the end, whatever its end tag

// Elements that a start tag may end, although they have no end tag.
const paragraph = 1 << 0
const item = 1 << 1
const definition = 1 << 2
const anchor = 1 << 3
const choosable = 1 << 4
const unbroken = 1 << 5
const button = 1 << 6
const tableCell = 1 << 7
const tableRow = 1 << 8
const rowGroup = 1 << 9
// Not ended by others, but they keep the search for an item or a definition inside.
const list = 1 << 10
const definitionList = 1 << 11

export interface Element {
  readonly name: string
  readonly traits: number
  /** What it is one of, and what its start tag ends. */
  readonly group: number
  readonly ends: number
  readonly content: Content
}

const block = isBlock | isSpecial
const cell = isCell | isSpecial | isTablePart | isScope
const row = isBlock | isSpecial | isTablePart
const object = isSpecial | isScope
const raw = isUnseen | isSpecial
const rowEnds = tableCell | tableRow
const rowGroupEnds = tableCell | tableRow | rowGroup

type Row = readonly [name: string, traits: number, group?: number, ends?: number, content?: Content]

const rows: readonly Row[] = [
  ['a', isFormatting, anchor, anchor],
  ['address', block, 0, paragraph],
  ['applet', object],
  ['area', isVoid],
  ['article', block, 0, paragraph],
  ['aside', block, 0, paragraph],
  ['b', isFormatting],
  ['base', isVoid],
  ['basefont', isVoid],
  ['bgsound', isVoid],
  ['big', isFormatting],
  ['blockquote', block, 0, paragraph],
  ['body', block | isDocument],
  ['br', isVoid],
  ['button', object, button, button],
  ['caption', row | isScope, tableCell, paragraph],
  ['center', block, 0, paragraph],
  ['code', isFormatting],
  ['col', isVoid],
  ['dd', block, definition, definition | paragraph],
  ['details', block, 0, paragraph],
  ['dialog', block, 0, paragraph],
  ['dir', block, list, paragraph],
  ['div', block, 0, paragraph],
  ['dl', block, definitionList, paragraph],
  ['dt', block, definition, definition | paragraph],
  ['em', isFormatting],
  ['embed', isVoid],
  ['fieldset', block, 0, paragraph],
  ['figcaption', block, 0, paragraph],
  ['figure', block, 0, paragraph],
  ['font', isFormatting],
  ['footer', block, 0, paragraph],
  ['form', block, 0, paragraph],
  ['frame', isVoid],
  ['h1', block, 0, paragraph],
  ['h2', block, 0, paragraph],
  ['h3', block, 0, paragraph],
  ['h4', block, 0, paragraph],
  ['h5', block, 0, paragraph],
  ['h6', block, 0, paragraph],
  ['header', block, 0, paragraph],
  ['hgroup', block, 0, paragraph],
  ['hr', isVoid | isBlock, 0, paragraph],
  ['html', block | isDocument | isScope],
  ['i', isFormatting],
  ['iframe', raw, 0, 0, 'raw'],
  ['img', isVoid],
  ['input', isVoid],
  ['keygen', isVoid],
  ['legend', block],
  ['li', block, item, item | paragraph],
  ['link', isVoid],
  ['listing', block, 0, paragraph],
  ['main', block, 0, paragraph],
  ['marquee', object],
  ['math', isForeign],
  ['menu', block, list, paragraph],
  ['meta', isVoid],
  ['nav', block, 0, paragraph],
  ['nobr', isFormatting, unbroken, unbroken],
  ['noembed', raw, 0, 0, 'raw'],
  ['noframes', raw, 0, 0, 'raw'],
  ['object', object],
  ['ol', block, list, paragraph],
  ['optgroup', block, 0, choosable],
  ['option', block, choosable, choosable],
  ['p', block, paragraph, paragraph],
  ['param', isVoid],
  ['plaintext', block, 0, paragraph, 'plain'],
  ['pre', block, 0, paragraph],
  ['s', isFormatting],
  ['script', isSpecial | isCode, 0, 0, 'raw'],
  ['search', block, 0, paragraph],
  ['section', block, 0, paragraph],
  ['select', block],
  ['small', isFormatting],
  ['source', isVoid],
  ['strike', isFormatting],
  ['strong', isFormatting],
  ['style', isSpecial | isCode, 0, 0, 'raw'],
  ['summary', block, 0, paragraph],
  ['svg', isForeign],
  ['table', block | isScope | isTablePart | isTable, 0, paragraph],
  ['tbody', row, rowGroup, rowGroupEnds],
  ['td', cell, tableCell, tableCell],
  ['template', raw | isScope | isTable],
  ['textarea', block, 0, 0, 'escapable'],
  ['tfoot', row, rowGroup, rowGroupEnds],
  ['th', cell, tableCell, tableCell],
  ['thead', row, rowGroup, rowGroupEnds],
  ['title', raw | isBlock, 0, 0, 'escapable'],
  ['tr', row, tableRow, rowEnds],
  ['track', isVoid],
  ['tt', isFormatting],
  ['u', isFormatting],
  ['ul', block, list, paragraph],
  ['wbr', isVoid],
  ['xmp', block, 0, paragraph, 'raw'],
]
const elements: ReadonlyMap<string, Element> = new Map(
  rows.map(([name, traits, group = 0, ends = 0, content = 'markup']) => [
    name,
    { name, traits, group, ends, content },
  ]),
)
const unknown: Element = { name: '', traits: 0, group: 0, ends: 0, content: 'markup' }

/** The element of that name, in lower case; a plain inline element without a name when it is not known. */
export const elementNamed = (name: string): Element => elements.get(name) ?? unknown

export const is = (element: Element, any: number) => (element.traits & any) !== 0

const heading = /^h[1-6]$/

/** The same for elements that one end tag closes: the end tag of one heading closes another one. */
export const kindOf = (name: string) => (heading.test(name) ? 'heading' : name)

/** Whether the search for what a start or end tag closes does not go beyond this open element. */
export function shields(open: Element, tag: Element, isEndTag: boolean): boolean {
  if (is(tag, isTablePart) && (isEndTag || !is(tag, isTable))) return is(open, isTable)
  if (is(open, isScope)) return true
  if ((tag.group & item) !== 0) return (open.group & list) !== 0
  return (tag.group & definition) !== 0 && (open.group & definitionList) !== 0
}
