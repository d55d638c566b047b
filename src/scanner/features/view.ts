/**
 * The tables of a scan as the features read them: texts by part and zone, and what the message says itself.
 *
 * Parts inside a message/* part are carried, not said, and so is the text of delivery reports and returned headers; they
 * count when that is asked for, or when a message says nothing else.
 * Promises: whatever stands in the tables, a text lies within the texts; linear; the same as `native/src/model/view.cc`.
 * Texts are octets; short ones come as strings of one character an octet.
 */
import { none, partColumns, partKinds, type Zone, zones } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

type PartColumn = (typeof partColumns)[number]

export const partColumn = Object.fromEntries(partColumns.map((name, index) => [name, index])) as Record<
  PartColumn,
  number
>
export const zoneIndex = Object.fromEntries(zones.map((name, index) => [name, index])) as Record<Zone, number>

const messageKind = partKinds.indexOf('message')
const width = partColumns.length
const empty = new Uint8Array(0)

/** Delivery reports, abuse reports, returned headers (RFC 3464, RFC 5965, RFC 6522): what somebody else said. */
const isReport = (type: string) => type.startsWith('message/') || type === 'text/rfc822-headers'

export class MessageView {
  readonly output: ScanOutput
  readonly parts: number
  /** Parts are carried. */
  readonly carries: boolean
  /** Parts are carried, and the message says nothing itself: they count then. */
  readonly saysNothing: boolean
  readonly #strings: Buffer
  readonly #text: Buffer
  readonly #own: Uint8Array
  readonly #says: Uint8Array
  /** Kept start and end of each zone of each part. */
  readonly #texts: Uint32Array

  constructor(output: ScanOutput, carried: boolean) {
    this.output = output
    this.parts = Math.floor(output.parts.length / width)
    this.#strings = asBuffer(output.strings)
    this.#text = asBuffer(output.text)
    this.#own = new Uint8Array(this.parts).fill(1)
    this.#says = new Uint8Array(this.parts).fill(1)
    this.#texts = new Uint32Array(this.parts * zones.length * 2)
    this.#fillTexts()
    this.carries = this.#tellApart()
    this.saysNothing = this.carries && !this.#hasOwnWords()
    if (!this.carries || !(carried || this.saysNothing)) return
    this.#own.fill(1)
    this.#says.fill(1)
  }

  /** The fields and the form of the part count. */
  own(part: number): boolean {
    return this.#own[part] === 1
  }

  /** Its text counts, too. */
  says(part: number): boolean {
    return this.#says[part] === 1
  }

  part(part: number, column: PartColumn): number {
    return this.output.parts[part * width + partColumn[column]]!
  }

  /** The kept beginning of a zone; empty when there is none. */
  text(part: number, zone: Zone): Uint8Array {
    const [start, end] = this.#span(part, zone)
    return start < end ? this.#text.subarray(start, end) : empty
  }

  /** A record of a zone, as far as it was kept. */
  record(part: number, zone: Zone, from: number, to: number): string {
    const [start, end] = this.#span(part, zone)
    return slice(this.#text, start + from, Math.min(start + to, end))
  }

  string(start: number, end: number): string {
    return slice(this.#strings, start, end)
  }

  type(part: number): string {
    return this.string(this.part(part, 'typeStart'), this.part(part, 'typeEnd'))
  }

  #span(part: number, zone: Zone): readonly [number, number] {
    if (part >= this.parts) return [0, 0]
    const at = (part * zones.length + zoneIndex[zone]) * 2
    return [this.#texts[at]!, Math.min(this.#texts[at + 1]!, this.#text.length)]
  }

  #fillTexts(): void {
    const { texts } = this.output
    for (let row = 0; row < texts.length; row += 6) {
      const part = texts[row]!
      const zone = texts[row + 1]!
      if (part >= this.parts || zone >= zones.length) continue
      const at = (part * zones.length + zone) * 2
      this.#texts[at] = texts[row + 4]!
      this.#texts[at + 1] = texts[row + 5]!
    }
  }

  /** Whether anything is carried. */
  #tellApart(): boolean {
    let carries = false
    for (let part = 0; part < this.parts; part++) {
      const parent = this.part(part, 'parent')
      const inside = parent !== none && parent < part
      const inMessage = inside && this.part(parent, 'kind') === messageKind
      if (inMessage || (inside && !this.own(parent))) this.#own[part] = 0
      if (!this.own(part) || isReport(this.type(part))) this.#says[part] = 0
      carries ||= !this.says(part)
    }
    return carries
  }

  #hasOwnWords(): boolean {
    const { texts } = this.output
    for (let row = 0; row < texts.length; row += 6)
      if (texts[row + 1] === zoneIndex.text && texts[row + 3]! > 0 && this.says(texts[row]!)) return true
    return false
  }
}

const asBuffer = (octets: Uint8Array) => Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)

const slice = (octets: Buffer, start: number, end: number) =>
  start < Math.min(end, octets.length) ? octets.toString('latin1', start, Math.min(end, octets.length)) : ''
