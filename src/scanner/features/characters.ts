/**
 * What a character is in a word: six classes, and which characters are written for one another.
 *
 * One small table of our own, for JavaScript and C++ have to agree on every code point and their libraries know different
 * versions of Unicode. `native/src/model/characters.cc` has the same table; a test compares all 1,114,112 code points.
 * Leaves out: normalisation beyond letters that are written to look like others (full width, mathematical, circled).
 */
export const classes = ['space', 'punct', 'word', 'dense', 'symbol', 'nothing'] as const
export type CharacterClass = (typeof classes)[number]

export const scripts = [
  'latin',
  'greek',
  'cyrillic',
  'hebrew',
  'arabic',
  'indic',
  'dense',
  'hangul',
  'other',
] as const

/** Each holds up to the next. */
// biome-ignore format: a table
const ranges: readonly (readonly [number, CharacterClass])[] = [
  [0x0000, 'space'], [0x0021, 'punct'], [0x0024, 'word'], [0x0026, 'punct'], [0x0030, 'word'], [0x003a, 'punct'],
  [0x0041, 'word'], [0x005b, 'punct'], [0x0061, 'word'], [0x007b, 'punct'], [0x007f, 'space'], [0x00a1, 'punct'],
  [0x00a2, 'word'], [0x00a6, 'punct'], [0x00aa, 'word'], [0x00ab, 'punct'], [0x00ad, 'nothing'], [0x00ae, 'punct'],
  [0x00b5, 'word'], [0x00b6, 'punct'], [0x00ba, 'word'], [0x00bb, 'punct'], [0x00c0, 'word'], [0x00d7, 'punct'],
  [0x00d8, 'word'], [0x00f7, 'punct'], [0x00f8, 'word'], [0x034f, 'nothing'], [0x0350, 'word'], [0x037e, 'punct'],
  [0x037f, 'word'], [0x0387, 'punct'], [0x0388, 'word'], [0x0589, 'punct'], [0x058b, 'word'], [0x05be, 'punct'],
  [0x05bf, 'word'], [0x05c0, 'punct'], [0x05c1, 'word'], [0x05c3, 'punct'], [0x05c4, 'word'], [0x05f3, 'punct'],
  [0x05f5, 'word'], [0x060c, 'punct'], [0x060e, 'word'], [0x061b, 'punct'], [0x061c, 'nothing'], [0x061d, 'punct'],
  [0x0620, 'word'], [0x066a, 'punct'], [0x066e, 'word'], [0x06d4, 'punct'], [0x06d5, 'word'], [0x0964, 'punct'],
  [0x0966, 'word'], [0x0e00, 'dense'], [0x0f00, 'word'], [0x1000, 'dense'], [0x10a0, 'word'], [0x115f, 'nothing'],
  [0x1161, 'word'], [0x1680, 'space'], [0x1681, 'word'], [0x1780, 'dense'], [0x17b4, 'nothing'], [0x17b6, 'dense'],
  [0x1800, 'punct'], [0x180b, 'nothing'], [0x180f, 'word'], [0x2000, 'space'], [0x200b, 'nothing'], [0x2010, 'space'],
  [0x202a, 'nothing'], [0x202f, 'space'], [0x2060, 'nothing'], [0x2070, 'word'], [0x2190, 'symbol'], [0x2c00, 'word'],
  [0x2e00, 'space'], [0x2e80, 'dense'], [0x3000, 'space'], [0x3005, 'dense'], [0x3008, 'space'], [0x3021, 'dense'],
  [0x3030, 'space'], [0x3031, 'dense'], [0x303d, 'space'], [0x3040, 'dense'], [0x30fb, 'space'], [0x30fc, 'dense'],
  [0x3130, 'word'], [0x3164, 'nothing'], [0x3165, 'word'], [0x3190, 'dense'], [0x4dc0, 'symbol'], [0x4e00, 'dense'],
  [0xa4d0, 'word'], [0xe000, 'symbol'], [0xf900, 'dense'], [0xfb00, 'word'], [0xfe00, 'nothing'], [0xfe10, 'space'],
  [0xfe20, 'word'], [0xfe30, 'space'], [0xfe70, 'word'], [0xfeff, 'nothing'], [0xff00, 'space'], [0xff66, 'dense'],
  [0xffa0, 'nothing'], [0xffa1, 'word'], [0xffe7, 'symbol'], [0x10000, 'word'], [0x1f000, 'symbol'], [0x1f3fb, 'nothing'],
  [0x1f400, 'symbol'], [0x20000, 'dense'], [0x40000, 'symbol'], [0xe0000, 'nothing'], [0xe1000, 'symbol'],
]

const firsts = Uint32Array.from(ranges, ([first]) => first)
const classesOfRanges = ranges.map(([, kind]) => kind)

export function classOf(folded: number): CharacterClass {
  let low = 0
  let high = firsts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (firsts[middle]! <= folded) low = middle
    else high = middle
  }
  return classesOfRanges[low]!
}

const within = (code: number, first: number, last: number) => code >= first && code <= last
/** Upper case even, lower case the number behind it. */
const even = (code: number) => code | 1
/** Upper case odd, lower case the number behind it. */
const odd = (code: number) => code + (code & 1)

function lowerLatin(code: number): number {
  if (within(code, 0xc0, 0xde)) return code === 0xd7 ? code : code + 0x20
  if (within(code, 0x100, 0x137) && code !== 0x130 && code !== 0x131) return even(code)
  if (within(code, 0x139, 0x148)) return odd(code)
  if (within(code, 0x14a, 0x177)) return even(code)
  if (code === 0x178) return 0xff
  if (within(code, 0x179, 0x17e)) return odd(code)
  if (code === 0x130) return 0x69
  if (code === 0x17f) return 0x73
  if (within(code, 0x1cd, 0x1dc)) return odd(code)
  if (within(code, 0x1de, 0x1ef) || within(code, 0x1f8, 0x21f) || within(code, 0x222, 0x233))
    return even(code)
  return code
}

function lowerGreek(code: number): number {
  if (within(code, 0x391, 0x3ab) && code !== 0x3a2) return code + 0x20
  if (code === 0x386) return 0x3ac
  if (within(code, 0x388, 0x38a)) return code + 0x25
  if (code === 0x38c) return 0x3cc
  if (within(code, 0x38e, 0x38f)) return code + 0x3f
  if (code === 0x3c2) return 0x3c3 // final sigma
  return code
}

function lowerCyrillic(code: number): number {
  if (within(code, 0x410, 0x42f)) return code + 0x20
  if (within(code, 0x400, 0x40f)) return code + 0x50
  if (within(code, 0x460, 0x481) || within(code, 0x48a, 0x4bf) || within(code, 0x4d0, 0x52f))
    return even(code)
  if (code === 0x4c0) return 0x4cf
  if (within(code, 0x4c1, 0x4ce)) return odd(code)
  if (within(code, 0x531, 0x556)) return code + 0x30 // Armenian
  return code
}

/** Letters and digits in other clothes; 0 when it is none. */
function plain(code: number): number {
  if (within(code, 0xff01, 0xff5e)) return code - 0xff01 + 0x21
  if (within(code, 0x24b6, 0x24cf)) return code - 0x24b6 + 0x61
  if (within(code, 0x24d0, 0x24e9)) return code - 0x24d0 + 0x61
  if (within(code, 0x1d400, 0x1d6a3)) return (((code - 0x1d400) % 52) % 26) + 0x61
  if (within(code, 0x1d7ce, 0x1d7ff)) return 0x30
  if (within(code, 0x1f130, 0x1f149)) return code - 0x1f130 + 0x61
  if (within(code, 0x1f150, 0x1f169)) return code - 0x1f150 + 0x61
  if (within(code, 0x1f170, 0x1f189)) return code - 0x1f170 + 0x61
  return 0
}

function foldAscii(code: number): number {
  if (within(code, 0x41, 0x5a)) return code + 0x20
  return within(code, 0x30, 0x39) ? 0x30 : code
}

/** Lower case, plain letter, `0` for a digit. */
export function fold(code: number): number {
  if (code < 0x80) return foldAscii(code)
  if (code < 0x250) return lowerLatin(code)
  if (within(code, 0x370, 0x3ff)) return lowerGreek(code)
  if (within(code, 0x400, 0x556)) return lowerCyrillic(code)
  if (within(code, 0x660, 0x669) || within(code, 0x6f0, 0x6f9) || within(code, 0x966, 0x96f)) return 0x30
  if (within(code, 0x1e00, 0x1e95) || within(code, 0x1ea0, 0x1eff)) return even(code)
  if (code === 0x1e9e) return 0xdf
  if (within(code, 0x2018, 0x2019)) return 0x27
  const letter = plain(code)
  return letter === 0 ? code : foldAscii(letter)
}

/** Index into `scripts`. */
export function scriptOf(folded: number): number {
  if (folded < 0x250 || within(folded, 0x1e00, 0x1eff)) return 0
  if (within(folded, 0x370, 0x3ff) || within(folded, 0x1f00, 0x1fff)) return 1
  if (within(folded, 0x400, 0x52f)) return 2
  if (within(folded, 0x590, 0x5ff)) return 3
  if (within(folded, 0x600, 0x7bf)) return 4
  if (within(folded, 0x900, 0xdff)) return 5
  if (within(folded, 0x1100, 0x11ff) || within(folded, 0x3130, 0x318f) || within(folded, 0xac00, 0xd7ff))
    return 7
  return classOf(folded) === 'dense' ? 6 : 8
}

/** Reads UTF-8 strictly (RFC 3629), a character a call. */
export class CharacterReader {
  at = 0
  readonly #octets: Uint8Array

  constructor(octets: Uint8Array) {
    this.#octets = octets
  }

  /** An octet that belongs to no character is U+FFFD, by itself. Not to be called at the end. */
  next(): number {
    const octets = this.#octets
    const lead = octets[this.at++]!
    if (lead < 0x80) return lead
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    if (lead < 0xc2 || lead > 0xf4) return 0xfffd
    let code = lead & (0x7f >> length)
    for (let index = 0; index + 1 < length; index++) {
      const next = octets[this.at + index] ?? 0
      if ((next & 0xc0) !== 0x80) return 0xfffd
      code = (code << 6) | (next & 0x3f)
    }
    // RFC 3629 §3: no longer form than needed, no surrogates, nothing beyond U+10FFFF.
    if ((length === 3 && code < 0x800) || (length === 4 && !within(code, 0x10000, 0x10ffff))) return 0xfffd
    if (within(code, 0xd800, 0xdfff)) return 0xfffd
    this.at += length - 1
    return code
  }
}
