/**
 * The elements that are open at a place in HTML, and whether a reader sees text there.
 *
 * Promises: at most 256 are tracked; each tag costs at most that, and mostly little. Where browsers repair what is closed in
 * the wrong order, the outcome is close to theirs; where in doubt, text is visible: a pattern looks there first.
 */
import { areAlike, type Color, transparent } from './color.ts'
import {
  type Element,
  is,
  isCode,
  isDocument,
  isForeign,
  isFormatting,
  isSpecial,
  isTablePart,
  isUnseen,
  isVoid,
  kindOf,
  shields,
} from './element.ts'
import { hasNoRoom, type Style } from './style.ts'

/** How text looks in an element. */
export interface Look {
  /** Nothing inside can be seen. */
  readonly gone: boolean
  /** Never meant to be seen: templates, titles. */
  readonly unseen: boolean
  readonly invisible: boolean
  /** By the rules of SVG and MathML. */
  readonly foreign: boolean
  /** Thousandths of a pixel. */
  readonly font: number
  readonly color: Color
  readonly background: Color
}

interface Open {
  readonly element: Element
  readonly name: string
  readonly kind: string
  readonly style: Style
  look: Look
}

const mostOpen = 256
const mostOfAKind = 3 // https://html.spec.whatwg.org/#the-list-of-active-formatting-elements
const smallestFont = 1_000
const largestFont = 1_000_000
const groupCount = 12

const root: Look = {
  gone: false,
  unseen: false,
  invisible: false,
  foreign: false,
  font: 16_000,
  color: 0x000000,
  background: 0xffffff,
}

/** Elements inside SVG and MathML in which HTML goes on. */
const integrationPoints: ReadonlySet<string> = new Set([
  'foreignobject',
  'desc',
  'title',
  'annotation-xml',
  'mi',
  'mo',
  'mn',
  'ms',
  'mtext',
])

export const isHidden = (look: Look) =>
  look.gone ||
  look.invisible ||
  look.font <= smallestFont ||
  look.color === transparent ||
  areAlike(look.color, look.background)

function fontIn(parent: Look, style: Style): number {
  if (style.font === undefined) return parent.font
  const { unit, thousandths } = style.font
  const size = unit === 'pixels' ? thousandths : Math.trunc((parent.font * thousandths) / 1000)
  return Math.min(size, largestFont)
}

function derive(parent: Look, element: Element, name: string, style: Style): Look {
  const unseen = parent.unseen || is(element, isUnseen | isCode)
  const hasBackground = style.background !== undefined && style.background !== transparent
  return {
    unseen,
    gone:
      unseen ||
      parent.gone ||
      style.displayed === false ||
      style.opaque === false ||
      style.indentedAway === true ||
      hasNoRoom(style),
    invisible: style.visible === undefined ? parent.invisible : !style.visible,
    foreign: is(element, isForeign) || (parent.foreign && !integrationPoints.has(name)),
    font: fontIn(parent, style),
    color: style.color ?? parent.color,
    background: hasBackground ? style.background! : parent.background,
  }
}

export class OpenElements {
  #open: Open[] = []
  /** How many are open of each kind and of each group: most tags need no search. */
  readonly #kinds = new Map<string, number>()
  readonly #groups = new Uint16Array(groupCount)
  #openGroups = 0
  /** Elements that are open and not tracked. */
  #beyond = 0

  get look(): Look {
    return this.#open.at(-1)?.look ?? root
  }

  get isHidden(): boolean {
    return this.#beyond > 0 ? this.look.gone : isHidden(this.look)
  }

  /** How the element would look here. */
  lookOf(element: Element, name: string, style: Style): Look {
    return derive(this.look, element, name, style)
  }

  /** Closes what a start tag closes. */
  prepare(element: Element): void {
    const isHtml =
      is(element, isSpecial | isFormatting | isVoid) && !is(element, isCode) && element.name !== 'a'
    // In SVG and MathML an element of HTML ends them.
    if (this.look.foreign && isHtml) {
      let position = this.#open.length
      while (position > 0 && this.#open[position - 1]!.look.foreign) position--
      this.#popTo(position, false)
    }
    for (let i = this.#open.length - 1; i >= 0 && (this.#openGroups & element.ends) !== 0; i--) {
      const open = this.#open[i]!.element
      if ((open.group & element.ends) !== 0) this.#popTo(i, !is(open, isTablePart))
      else if (shields(open, element, false)) return
    }
  }

  open(element: Element, name: string, style: Style): void {
    if (this.#open.length >= mostOpen) {
      this.#beyond++
      return
    }
    const look = this.lookOf(element, name, style)
    this.#open.push({ element, name, kind: kindOf(name), style, look })
    this.#count(this.#open.at(-1)!, 1)
  }

  /** What was open of that name is closed. */
  close(element: Element, name: string): void {
    if (is(element, isDocument)) return
    if (this.#beyond > 0) {
      this.#beyond--
      return
    }
    const kind = kindOf(name)
    if ((this.#kinds.get(kind) ?? 0) === 0) return
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const open = this.#open[i]!
      if (open.kind === kind) {
        if (is(element, isFormatting)) this.#remove(i)
        else this.#popTo(i, !is(element, isTablePart))
        return
      }
      // The end tag of an inline element closes no block around it.
      if (!is(element, isSpecial | isFormatting) && is(open.element, isSpecial)) return
      if (shields(open.element, element, true)) return
    }
  }

  #count(open: Open, change: number): void {
    this.#kinds.set(open.kind, (this.#kinds.get(open.kind) ?? 0) + change)
    if (this.#kinds.get(open.kind) === 0) this.#kinds.delete(open.kind)
    for (let bit = 0; bit < groupCount; bit++) {
      if ((open.element.group & (1 << bit)) === 0) continue
      this.#groups[bit]! += change
      if (this.#groups[bit] === 0) this.#openGroups &= ~(1 << bit)
      else this.#openGroups |= 1 << bit
    }
  }

  /** Closes the element at `position` and what is inside; formatting may go on behind it. */
  #popTo(position: number, keepFormatting: boolean): void {
    const inside = this.#open.splice(position)
    const kept = keepFormatting ? this.#formattingOf(inside.slice(1)) : []
    for (const open of inside) if (!kept.includes(open)) this.#count(open, -1)
    this.#open.push(...kept)
    this.#refresh(position)
  }

  #formattingOf(inside: readonly Open[]): Open[] {
    return inside.filter((open, i) => {
      if (!is(open.element, isFormatting)) return false
      return inside.slice(i).filter(other => other.element === open.element).length <= mostOfAKind
    })
  }

  #remove(position: number): void {
    this.#count(this.#open[position]!, -1)
    this.#open.splice(position, 1)
    this.#refresh(position)
  }

  #refresh(from: number): void {
    for (let i = from; i < this.#open.length; i++) {
      const open = this.#open[i]!
      open.look = derive(i === 0 ? root : this.#open[i - 1]!.look, open.element, open.name, open.style)
    }
  }
}
