/**
 * The texts of a message that it is judged by: how much a reader sees, how much is hidden, and their beginnings.
 *
 * Promises: a text is looked at up to `reach` octets, so that a book costs no more than a letter.
 */
import type { OwnView } from '#content/spam/own-view.ts'
import { zoneIndex } from '#scanner/features/view.ts'
import { partKinds, textColumns, type Zone } from '#scanner/layout.ts'

export interface TextFacts {
  /** Words that a reader sees, plain text and HTML counted apart and the larger taken. */
  readonly words: number
  /** Octets. */
  readonly visible: number
  readonly hidden: number
  /** The beginning of what a reader sees in the part with most of it. Octets. */
  readonly beginning: Uint8Array
}

/** Octets of a text that are looked at. */
export const reach = 65_536

export function textOf(view: OwnView): TextFacts {
  const { texts } = view.output
  const words = { text: 0, html: 0 }
  let [visible, hidden, most, longest] = [0, 0, -1, 0]
  for (let row = 0; row + textColumns.length <= texts.length; row += textColumns.length) {
    const part = texts[row]!
    if (!view.judged(part)) continue
    const size = texts[row + 2]!
    if (texts[row + 1] === zoneIndex.hidden) hidden += size
    if (texts[row + 1] !== zoneIndex.text) continue
    visible += size
    words[isHtml(view, part) ? 'html' : 'text'] += texts[row + 3]!
    if (size > longest) [longest, most] = [size, part]
  }
  const beginning = most < 0 ? nothing : beginningOf(view, most, 'text')
  return { words: Math.max(words.text, words.html), visible, hidden, beginning }
}

export const beginningOf = (view: OwnView, part: number, zone: Zone): Uint8Array =>
  view.text(part, zone).subarray(0, reach)

const nothing = new Uint8Array(0)
const html = partKinds.indexOf('html')
const isHtml = (view: OwnView, part: number): boolean => part < view.parts && view.part(part, 'kind') === html
