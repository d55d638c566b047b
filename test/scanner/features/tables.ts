/**
 * Tables of scans made by hand: a message as its author sees it becomes what a scanner would return, so that features are
 * tested without one. And arbitrary ones, sound and unsound.
 */
import fc from 'fast-check'
import {
  type Disposition,
  dispositions,
  type Encoding,
  encodings,
  none,
  type PartKind,
  partKinds,
  type Zone,
  zones,
} from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface PartOf {
  readonly kind?: PartKind
  readonly parent?: number
  readonly type?: string
  readonly charset?: string
  readonly filename?: string
  readonly encoding?: Encoding
  readonly disposition?: Disposition
  readonly decodedSize?: number
  readonly fields?: readonly (readonly [name: string, text: string])[]
  readonly text?: string | Uint8Array
  readonly hidden?: string
  readonly source?: string
  readonly urls?: readonly string[]
  readonly addresses?: readonly string[]
  readonly flags?: readonly number[]
}

/** Collects octets and says where they are. */
class Store {
  readonly #pieces: Buffer[] = []
  size = 0

  add(text: string | Uint8Array): [number, number] {
    const piece = Buffer.from(text as string)
    this.#pieces.push(piece)
    const start = this.size
    this.size += piece.length
    return [start, this.size]
  }

  octets(): Uint8Array {
    return Buffer.concat(this.#pieces)
  }
}

const wordsOf = (text: string | Uint8Array) =>
  Buffer.from(text as string)
    .toString()
    .split(/[ \n]+/)
    .filter(Boolean).length

export function scanOf(parts: readonly PartOf[], size = 1_000): ScanOutput {
  const strings = new Store()
  const text = new Store()
  const tables = {
    parts: [] as number[],
    fields: [] as number[],
    texts: [] as number[],
    links: [] as number[],
    flags: [] as number[],
  }
  const keep = (part: number, zone: Zone, octets: string | Uint8Array) => {
    const [start, end] = text.add(octets)
    const words = zone === 'text' || zone === 'hidden' ? wordsOf(octets) : 0
    if (end > start) tables.texts.push(part, zones.indexOf(zone), end - start, words, start, end)
  }
  for (const [index, part] of parts.entries()) {
    const parent = part.parent ?? (index === 0 ? none : 0)
    tables.parts.push(parent, partKinds.indexOf(part.kind ?? 'text'), 0, 0, 0, 0)
    tables.parts.push(
      encodings.indexOf(part.encoding ?? 'identity'),
      dispositions.indexOf(part.disposition ?? 'none'),
    )
    tables.parts.push(
      part.decodedSize ?? 0,
      ...strings.add(part.type ?? 'text/plain'),
      ...strings.add(part.charset ?? ''),
    )
    tables.parts.push(...strings.add(part.filename ?? ''), ...strings.add(''), ...strings.add(''))
    const records = (
      zone: Zone,
      list: readonly string[],
      found: (start: number, end: number, index: number) => void,
    ) => {
      let at = 0
      for (const [number, record] of list.entries()) {
        const end = at + Buffer.byteLength(record)
        found(at, end, number)
        at = end
      }
      keep(index, zone, list.join(''))
    }
    const fields = part.fields ?? []
    records(
      'header',
      fields.map(([, value]) => value),
      (start, end, number) =>
        tables.fields.push(index, 0, 0, 0, ...strings.add(fields[number]![0]), start, end),
    )
    for (const zone of ['text', 'hidden', 'source'] as const) keep(index, zone, part[zone] ?? '')
    records('url', part.urls ?? [], (start, end, number) =>
      tables.links.push(index, zones.indexOf('url'), number % 2, start, end),
    )
    records('address', part.addresses ?? [], (start, end) =>
      tables.links.push(index, zones.indexOf('address'), 0, start, end),
    )
    for (const flag of part.flags ?? []) tables.flags.push(flag, index, 0)
  }
  return {
    size,
    parts: Uint32Array.from(tables.parts),
    fields: Uint32Array.from(tables.fields),
    texts: Uint32Array.from(tables.texts),
    links: Uint32Array.from(tables.links),
    flags: Uint32Array.from(tables.flags),
    matches: new Uint32Array(0),
    strings: strings.octets(),
    text: text.octets(),
  }
}

const names = [
  'from',
  'subject',
  'date',
  'message-id',
  'reply-to',
  'content-type',
  'x-mailer',
  'mime-version',
  'references',
  'to',
  'x-priority',
]
const types = [
  'text/plain',
  'text/html',
  'message/rfc822',
  'multipart/mixed',
  'image/png',
  'text/rfc822-headers',
  'message/delivery-status',
]

const fragment = fc.oneof(
  fc.constantFrom(
    ' ',
    '\n',
    '.',
    ',',
    '!',
    '@',
    '://',
    'www.',
    '-',
    '<',
    '>',
    '(',
    ')',
    '"',
    ';',
    '=',
    '/',
    '?',
    '#',
    '&',
    ':',
    '[',
    ']',
    '\\',
    'boundary=',
    'charset=',
  ),
  fc.constantFrom(
    'Free',
    'free',
    'VIAGRA',
    'd’accord',
    '$100',
    '50%',
    'İstanbul',
    'Ωmega',
    'Привет',
    'раура1',
    '会議',
    '会',
    'ไทย',
    '𝐇𝐢',
    'Ｆｒｅｅ',
    '★',
    '👍🏽',
    '\u200b',
    '\u00ad',
    '\ufffd',
    'supercalifragilisticexpialidocious',
    'x--',
    'xn--e1afmkfd',
  ),
  fc.string({ maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
)
export const prose = fc.array(fragment, { maxLength: 30 }).map(pieces => pieces.join(''))
const octets = fc.oneof(
  { weight: 4, arbitrary: prose.map(text => Buffer.from(text) as Uint8Array) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
)

const part = fc.record(
  {
    kind: fc.constantFrom(...partKinds),
    parent: fc.oneof(fc.nat(4), fc.constant(none)),
    type: fc.oneof(fc.constantFrom(...types), fc.string({ maxLength: 8 })),
    charset: fc.constantFrom('', 'utf-8', 'koi8-r'),
    filename: fc.oneof(
      fc.constantFrom('', 'a.pdf', 'invoice.pdf.exe', '.exe', 'ÄÖ.doc'),
      fc.string({ maxLength: 100 }),
    ),
    encoding: fc.constantFrom(...encodings),
    disposition: fc.constantFrom(...dispositions),
    decodedSize: fc.nat(),
    fields: fc.array(fc.tuple(fc.constantFrom(...names), prose), { maxLength: 12 }),
    text: octets,
    hidden: prose,
    source: prose,
    urls: fc.array(
      fc.tuple(fc.constantFrom('http://', 'HTTPS://', '', 'ftp://a@'), prose).map(both => both.join('')),
      { maxLength: 4 },
    ),
    addresses: fc.array(prose, { maxLength: 3 }),
    flags: fc.array(fc.nat(80), { maxLength: 4 }),
  },
  { requiredKeys: [] },
)

/** As a scanner would make them. */
export const soundScan = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 5 }), fc.nat())
  .map(([parts, size]) => scanOf(parts, size))

const numbers = (scale: number) =>
  fc.oneof({ weight: 3, arbitrary: fc.nat(scale) }, { weight: 1, arbitrary: fc.nat(0xffffffff) })
const table = (width: number) =>
  fc
    .array(fc.array(numbers(40), { minLength: width, maxLength: width }), { maxLength: 6 })
    .map(rows => Uint32Array.from(rows.flat()))

/** Anything at all that has the widths. */
export const unsoundScan: fc.Arbitrary<ScanOutput> = fc.record({
  size: fc.nat(),
  parts: table(19),
  fields: table(8),
  texts: table(6),
  links: table(5),
  flags: table(3),
  matches: fc.constant(new Uint32Array(0)),
  strings: prose.map(text => Buffer.from(`from subject ${text}`)),
  text: prose.map(text => Buffer.from(text)),
})
