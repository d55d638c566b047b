/**
 * A scanned message in the eyes of a rule: header fields by name, raw or decoded, the texts that the scan kept.
 *
 * Promises: linear in what is asked for, which is read once; strings are octets (latin1), as in the rules.
 */
import { fieldColumns, none, partColumns, textColumns, type Zone, zones } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import { decodeEncodedWords } from './encoded-words.ts'

/** What a session knows of the sender of the message. */
export interface Client {
  readonly address: string
  /** From the reverse lookup, checked forwards; empty when there is none. */
  readonly name: string
  readonly helo: string
}

export interface MessageContext {
  /** The message as it came, at least to the end of its header. */
  readonly header: Uint8Array
  /** Without brackets; empty for the null sender; undefined when nobody knows. */
  readonly envelopeFrom?: string
  readonly client?: Client
  /** The name of the machine that received the message. */
  readonly receivedBy?: string
  /** When it was received, in seconds since 1970. */
  readonly receivedAt?: number
}

const fieldWidth = fieldColumns.length
const column = {
  part: fieldColumns.indexOf('part'),
  start: fieldColumns.indexOf('start'),
  colon: fieldColumns.indexOf('colon'),
  end: fieldColumns.indexOf('end'),
  nameStart: fieldColumns.indexOf('nameStart'),
  nameEnd: fieldColumns.indexOf('nameEnd'),
  textStart: fieldColumns.indexOf('textStart'),
  textEnd: fieldColumns.indexOf('textEnd'),
} as const

const textWidth = textColumns.length
const textColumn = {
  part: textColumns.indexOf('part'),
  zone: textColumns.indexOf('zone'),
  size: textColumns.indexOf('size'),
  words: textColumns.indexOf('words'),
  keptStart: textColumns.indexOf('keptStart'),
  keptEnd: textColumns.indexOf('keptEnd'),
} as const
export const partWidth = partColumns.length
export const partColumn = (name: (typeof partColumns)[number]): number => partColumns.indexOf(name)

const asBuffer = (octets: Uint8Array): Buffer =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)

export class MessageView {
  readonly scan: ScanOutput
  readonly context: MessageContext
  /** Lower-case name → rows of the root part, in order. */
  readonly fields = new Map<string, number[]>()
  /** Rows of fields of the root part; they come first. */
  readonly rootFields: number
  readonly #answers = new Map<string, unknown>()
  /** By row. */
  readonly #names: string[] = []
  readonly #raw: string[] = []
  readonly #decoded: string[] = []
  readonly #message: Buffer
  readonly #strings: Buffer
  readonly #text: Buffer
  /** Where the header zone of the root part was kept. */
  readonly #header: { readonly start: number; readonly end: number } | undefined

  constructor(scan: ScanOutput, context: MessageContext) {
    this.scan = scan
    this.context = inOctets(context)
    this.#message = asBuffer(context.header)
    this.#strings = asBuffer(scan.strings)
    this.#text = asBuffer(scan.text)
    const rows = scan.fields.length / fieldWidth
    let row = 0
    for (; row < rows && this.fieldColumn(row, 'part') === 0; row++) {
      const name = this.fieldName(row)
      const same = this.fields.get(name)
      if (same === undefined) this.fields.set(name, [row])
      else same.push(row)
    }
    this.rootFields = row
    this.#header = this.kept(0, 'header')
  }

  /** What several rules ask, computed once a message. */
  once<Answer>(key: string, compute: () => Answer): Answer {
    const known = this.#answers.get(key)
    if (known !== undefined) return known as Answer
    const answer = compute()
    this.#answers.set(key, answer)
    return answer
  }

  fieldColumn(row: number, name: keyof typeof column): number {
    return this.scan.fields[row * fieldWidth + column[name]]!
  }

  /** Lower case. */
  fieldName(row: number): string {
    return remembered(this.#names, row, () =>
      this.#strings.toString('latin1', this.fieldColumn(row, 'nameStart'), this.fieldColumn(row, 'nameEnd')),
    )
  }

  /** As written. */
  writtenName(row: number): string {
    return this.#message
      .toString('latin1', this.fieldColumn(row, 'start'), this.fieldColumn(row, 'colon'))
      .trimEnd()
  }

  /** Of a field of the root part: each fold one blank, encoded words decoded, trimmed; UTF-8 octets. */
  decoded(row: number): string {
    return remembered(this.#decoded, row, () => this.#decode(row))
  }

  #decode(row: number): string {
    const raw = this.raw(row)
    const kept = this.#header
    const end = kept === undefined ? none : kept.start + this.fieldColumn(row, 'textEnd')
    // In the zone a fold is the white space that began the next line.
    if (kept === undefined || end > kept.end || raw.indexOf('\n') < raw.length - 1)
      return decodeEncodedWords(unfolded(raw).trim())
    return this.#text.toString('latin1', kept.start + this.fieldColumn(row, 'textStart'), end)
  }

  /** As it came, with its folds, white space before it gone, line feeds for line ends and one at the end. */
  raw(row: number): string {
    return remembered(this.#raw, row, () => this.#read(row))
  }

  #read(row: number): string {
    const text = this.#message.toString(
      'latin1',
      this.fieldColumn(row, 'colon') + 1,
      this.fieldColumn(row, 'end'),
    )
    return `${(text.includes('\r') ? text.replaceAll('\r\n', '\n') : text).trimStart()}\n`
  }

  /** The row of the field whose text, in the header zone of the part, ends at or behind `offset`; -1: none. */
  fieldAt(part: number, offset: number): number {
    let low = 0
    let high = this.scan.fields.length / fieldWidth
    while (low < high) {
      const middle = (low + high) >>> 1
      const before =
        this.fieldColumn(middle, 'part') < part ||
        (this.fieldColumn(middle, 'part') === part && this.fieldColumn(middle, 'textEnd') < offset)
      if (before) low = middle + 1
      else high = middle
    }
    return low < this.scan.fields.length / fieldWidth && this.fieldColumn(low, 'part') === part ? low : -1
  }

  /** Where the kept beginning of a zone of a part stands in `scan.text`. */
  kept(part: number, zone: Zone): { readonly start: number; readonly end: number } | undefined {
    const wanted = zones.indexOf(zone)
    const { texts } = this.scan
    for (let at = 0; at < texts.length; at += textWidth) {
      if (texts[at + textColumn.part] === part && texts[at + textColumn.zone] === wanted)
        return { start: texts[at + textColumn.keptStart]!, end: texts[at + textColumn.keptEnd]! }
    }
    return undefined
  }

  /** The kept text of a zone of a part. */
  text(part: number, zone: Zone): string {
    const kept = this.kept(part, zone)
    return kept === undefined ? '' : this.#text.toString('latin1', kept.start, kept.end)
  }

  get parts(): number {
    return this.scan.parts.length / partWidth
  }

  partString(part: number, name: 'type' | 'charset' | 'filename'): string {
    const row = part * partWidth
    return this.#strings.toString(
      'latin1',
      this.scan.parts[row + partColumn(`${name}Start`)]!,
      this.scan.parts[row + partColumn(`${name}End`)]!,
    )
  }
}

function remembered(texts: string[], row: number, read: () => string): string {
  const known = texts[row]
  if (known !== undefined) return known
  const text = read()
  texts[row] = text
  return text
}

/** An address may have letters of any script (RFC 6531 §3.3); rules see its octets, as SpamAssassin does. */
function inOctets(context: MessageContext): MessageContext {
  const { envelopeFrom, client, receivedBy } = context
  return {
    ...context,
    ...(envelopeFrom !== undefined && { envelopeFrom: octets(envelopeFrom) }),
    ...(client !== undefined && {
      client: { ...client, name: octets(client.name), helo: octets(client.helo) },
    }),
    ...(receivedBy !== undefined && { receivedBy: octets(receivedBy) }),
  }
}

const octets = (text: string): string =>
  /[^\x00-\x7f]/.test(text) ? Buffer.from(text).toString('latin1') : text

export const unfolded = (raw: string): string => raw.replace(/\n[ \t]+/g, ' ').replaceAll('\n', '')
