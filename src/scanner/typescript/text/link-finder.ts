/**
 * Finds links in a stream of text.
 *
 * Promises: linear; memory bounded by the limit of a link; the same links however the text is cut.
 */
import type { LinkOrigin } from '#scanner/layout.ts'
import { isTrigger, linkReach, recogniseLink } from './link-syntax.ts'
import type { Links } from './links.ts'
import { octetString } from './octet.ts'

const delimiter = 1
const trigger = 2

function makeClasses(delimiters: string): Uint8Array {
  const classes = new Uint8Array(256)
  classes.fill(delimiter, 0, 0x21)
  for (const c of Buffer.from(delimiters)) classes[c] = delimiter
  for (let c = 0; c < 256; c++) if (isTrigger(c)) classes[c] = trigger
  return classes
}
const inProse = makeClasses('<>"')
const inCode = makeClasses('<>"\'`(){}[]|\\^')

export class LinkFinder {
  readonly #links: Links
  readonly #origin: LinkOrigin
  readonly #classes: Uint8Array
  readonly #window: number
  /** The beginning of a run without delimiters, whose end is not here yet. */
  #held = ''
  /** Triggers before this place in the run are done. */
  #done = 0
  /** A link was cut; the rest of its run is passed over. */
  #skipping = false

  /** Prose is what people read; code is comments, scripts and styles: there brackets and single quotes end a link. */
  constructor(links: Links, kind: 'prose' | 'code') {
    this.#links = links
    this.#origin = kind === 'prose' ? 'text' : 'markup'
    this.#classes = kind === 'prose' ? inProse : inCode
    this.#window = 2 * links.limit + 4 * linkReach
  }

  write(piece: Uint8Array): void {
    const classes = this.#classes
    let at = 0
    if (this.#skipping || this.#held.length > 0) at = this.#resume(piece)
    let start = at
    let triggered = false
    for (; at < piece.length; at++) {
      const what = classes[piece[at]!]
      if (what === trigger) triggered = true
      if (what !== delimiter) continue
      if (triggered) this.#whole(piece, start, at)
      start = at + 1
      triggered = false
    }
    this.#hold(piece, start, piece.length)
  }

  /** No link goes across this point. */
  endRecord(): void {
    if (!this.#skipping && this.#held.length > 0) this.#analyse(this.#held, true)
    this.#held = ''
    this.#done = 0
    this.#skipping = false
  }

  /** A run that begins and ends in this piece. */
  #whole(piece: Uint8Array, start: number, end: number): void {
    if (end - start < this.#window) this.#analyse(octetString(piece, start, end), true)
    else this.#hold(piece, start, end)
    this.endRecord()
  }

  #resume(piece: Uint8Array): number {
    let stop = 0
    while (stop < piece.length && this.#classes[piece[stop]!] !== delimiter) stop++
    this.#hold(piece, 0, stop)
    if (stop === piece.length) return stop
    this.endRecord()
    return stop + 1
  }

  #hold(piece: Uint8Array, start: number, end: number): void {
    let at = start
    while (at < end && !this.#skipping) {
      const taken = Math.min(this.#window - this.#held.length, end - at)
      this.#held += octetString(piece, at, at + taken)
      at += taken
      if (this.#held.length === this.#window) this.#held = this.#held.slice(this.#analyse(this.#held, false))
    }
  }

  /** Reports the links of a run, or of its beginning as far as they are beyond doubt. Returns from where on it is needed again. */
  #analyse(text: string, complete: boolean): number {
    const safe = complete ? text.length : text.length - linkReach
    let floor = 0
    for (let at = this.#done; at < safe; at++) {
      if (!isTrigger(text.charCodeAt(at))) continue
      const link = recogniseLink(text, floor, at)
      if (!link) continue
      if (link.open && !complete) {
        if (text.length - link.start <= this.#links.limit) {
          this.#done = at - link.start
          return link.start
        }
        this.#skipping = true
      }
      this.#links.report(link.zone, this.#origin, text.slice(link.start, link.end))
      if (this.#skipping) return text.length
      floor = link.end
      at = link.end - 1
    }
    const keep = Math.max(floor, safe - Math.min(safe, linkReach))
    this.#done = Math.max(floor, safe) - keep
    return keep
  }
}
