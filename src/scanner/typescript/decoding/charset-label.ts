/**
 * The charsets that are known, and their labels.
 *
 * Promises: what `native/src/decoding/charset_label.h` promises: the labels of the Encoding Standard, UTF-7, us-ascii apart from
 * windows-1252, and the three that the standard gives up but mail programs do not. The labels of the standard are those of
 * Node's TextDecoder.
 */
export type Family =
  | 'undeclared'
  | 'utf-8'
  | 'utf-16le'
  | 'utf-16be'
  | 'utf-7'
  | 'single-byte'
  | 'multi-byte'
  | 'hz'
  | 'iso-2022-kr'
  | 'iso-2022-cn'

export interface Charset {
  /** The name in the Encoding Standard, where it has one. */
  readonly name: string
  readonly family: Family
}

const multiByte = new Set(['big5', 'euc-jp', 'euc-kr', 'gbk', 'gb18030', 'iso-2022-jp', 'shift_jis'])
const unicode = new Set(['utf-8', 'utf-16le', 'utf-16be'])

const undeclared: Charset = { name: 'us-ascii', family: 'undeclared' }

const apart = new Map<string, Charset>([
  ['', undeclared],
  ['us-ascii', undeclared],
  ['ascii', undeclared],
  ['ansi_x3.4-1968', undeclared],
  ...['utf-7', 'csutf7', 'unicode-1-1-utf-7', 'x-unicode-2-0-utf-7'].map(
    label => [label, { name: 'utf-7', family: 'utf-7' }] as const,
  ),
  ['hz-gb-2312', { name: 'hz-gb-2312', family: 'hz' }],
  ['iso-2022-kr', { name: 'iso-2022-kr', family: 'iso-2022-kr' }],
  ['csiso2022kr', { name: 'iso-2022-kr', family: 'iso-2022-kr' }],
  ['iso-2022-cn', { name: 'iso-2022-cn', family: 'iso-2022-cn' }],
  ['iso-2022-cn-ext', { name: 'iso-2022-cn', family: 'iso-2022-cn' }],
])

const longestLabel = 32

/** Undeclared for an empty label; undefined for an unknown one. */
export function findCharset(label: string): Charset | undefined {
  const wanted = label.replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, '')
  if (wanted.length > longestLabel) return undefined
  const lower = wanted.replace(/[A-Z]/g, letter => letter.toLowerCase())
  const known = apart.get(lower)
  if (known) return known
  const name = standardName(lower)
  if (name === undefined) return undefined
  if (multiByte.has(name)) return { name, family: 'multi-byte' }
  return { name, family: unicode.has(name) ? (name as Family) : 'single-byte' }
}

function standardName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}
