/**
 * A class of characters as PCRE reads it, written for RegExp with the flag v.
 *
 * Case: of octets above 127 and of Unicode's properties the engine knows no other case; what RegExp must not fold is apart.
 */

/** What a `caseless` RegExp may fold, and what not; both the inside of a class. */
export interface Members {
  readonly folded: string
  readonly exact: string
}

/** Characters one by one, without a meaning of their own inside of a class or out of it. */
export const written = (code: number): string =>
  /[A-Za-z0-9_]/.test(String.fromCodePoint(code)) ? String.fromCodePoint(code) : `\\u{${code.toString(16)}}`

const beyondAscii = 0x80

/** From one code to another, both included; undefined when they are in the wrong order. */
export function range(first: number, last: number, unicode: boolean): Members | undefined {
  if (last < first) return undefined
  const span = (a: number, b: number): string =>
    a > b ? '' : a === b ? written(a) : `${written(a)}-${written(b)}`
  if (unicode) return { folded: span(first, last), exact: '' }
  return {
    folded: span(first, Math.min(last, beyondAscii - 1)),
    exact: span(Math.max(first, beyondAscii), last),
  }
}

/** `\d`, `\h`, `\s`, `\v`, `\w`: the first for octets, the second as Hyperscan has them for Unicode. */
const sets = {
  d: ['0-9', '\\p{Nd}'],
  h: [
    '\\t\\u{20}\\u{a0}',
    '\\t\\u{20}\\u{a0}\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}',
  ],
  s: ['\\t-\\r\\u{20}', '\\t-\\r\\u{85}\\u{180e}\\p{Z}'],
  v: ['\\n-\\r\\u{85}', '\\n-\\r\\u{85}\\u{2028}\\u{2029}'],
  w: ['A-Za-z0-9_', '\\p{L}\\p{N}_'],
} as const satisfies Record<string, readonly [string, string]>

/** The inside of a class for the letter of an escape, large for all other characters. */
export function setOf(letter: string, unicode: boolean): string | undefined {
  const small = letter.toLowerCase()
  if (!Object.hasOwn(sets, small)) return undefined
  const inside = sets[small as keyof typeof sets][unicode ? 1 : 0]
  return letter === small ? inside : `[^${inside}]`
}

const ascii = new Map([
  ['alnum', 'A-Za-z0-9'],
  ['alpha', 'A-Za-z'],
  ['ascii', '\\0-\\u{7f}'],
  ['blank', '\\t\\u{20}'],
  ['cntrl', '\\0-\\u{1f}\\u{7f}'],
  ['digit', '0-9'],
  ['graph', '\\u{21}-\\u{7e}'],
  ['lower', 'a-z'],
  ['print', '\\u{20}-\\u{7e}'],
  ['punct', '\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}'],
  ['space', '\\t-\\r\\u{20}'],
  ['upper', 'A-Z'],
  ['word', 'A-Za-z0-9_'],
  ['xdigit', '0-9A-Fa-f'],
])

/** `[:name:]`; of Unicode's nothing but what is the same there. */
export function namedSet(name: string, unicode: boolean): string | undefined {
  const isNegated = name.startsWith('^')
  const bare = isNegated ? name.slice(1) : name
  const known = !unicode || bare === 'ascii' || bare === 'xdigit' ? ascii.get(bare) : undefined
  return known !== undefined && isNegated ? `[^${known}]` : known
}

/**
 * The whole class, to stand anywhere. It has a group of its own: behind `(?i:…)` or `(?-i:…)` V8 14.6 goes on reading bare
 * classes in that mode under the flag v, though the group has ended.
 */
export function classOf({ folded, exact }: Members, isNegated: boolean, isCaseless: boolean): string {
  if (!isCaseless || exact === '') return `(?:[${isNegated ? '^' : ''}${folded}${exact}])`
  const either = folded === '' ? `(?-i:[${exact}])` : `(?:[${folded}]|(?-i:[${exact}]))`
  return isNegated ? `(?:(?!${either})[^])` : either
}
