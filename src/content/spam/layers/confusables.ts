/**
 * Letters that are written to be taken for others: `раураl` in Cyrillic, `𝐩𝐚𝐲𝐩𝐚𝐥` in mathematics, `paypa1` with a digit.
 *
 * Promises: linear; a text of plain ASCII costs one look. The table holds what is mistaken for a Latin letter in the common
 * fonts, not all of Unicode's list (UTS 39): that one also has pairs which nobody would mistake.
 */

// biome-ignore format: a table
const pairs: readonly (readonly [letter: string, looks: string])[] = [
  ['a', 'аαɑ'], ['b', 'ЬƄ'], ['c', 'сϲⅽ'], ['d', 'ԁⅾ'], ['e', 'еҽє'], ['f', 'ϝƒ'], ['g', 'ɡց'], ['h', 'һհ'],
  ['i', 'іιӏıⅰ'], ['j', 'јϳ'], ['k', 'кκ'], ['l', 'ⅼ'], ['m', 'мⅿ'], ['n', 'пո'], ['o', 'оοօσ'], ['p', 'рρ'],
  ['q', 'ԛ'], ['r', 'гⲅ'], ['s', 'ѕ'], ['t', 'тτ'], ['u', 'υսц'], ['v', 'ѵν'], ['w', 'ԝѡω'], ['x', 'хχ'],
  ['y', 'уүγ'], ['z', 'ᴢ'],
  ['a', 'АΑ'], ['b', 'ВΒ'], ['c', 'СϹ'], ['e', 'ЕΕ'], ['h', 'НΗ'], ['i', 'ІΙӀ'], ['j', 'Ј'], ['k', 'КΚ'], ['m', 'МΜ'],
  ['n', 'Ν'], ['o', 'ОΟ'], ['p', 'РΡ'], ['s', 'Ѕ'], ['t', 'ТΤ'], ['x', 'ХΧ'], ['y', 'УΥҮ'], ['z', 'Ζ'],
]

const lookalikes: ReadonlyMap<string, string> = new Map(
  pairs.flatMap(([letter, looks]) => [...looks].map(look => [look, letter] as const)),
)

const beyondAscii = /[^\x00-\x7f]/
export const isPlain = (text: string): boolean => !beyondAscii.test(text)

const marks = /\p{M}+/gu
/** No width, or it only changes direction or shape. */
const invisible = /\p{DI}+/gu

/** As a reader takes it: lower-case, plain letters, without accents and what has no width. Digits stay. */
export function skeleton(text: string): string {
  if (isPlain(text)) return text.toLowerCase()
  const plain = text.normalize('NFKD').replace(marks, '').replace(invisible, '')
  let made = ''
  for (const character of plain) made += lookalikes.get(character) ?? character
  return made.toLowerCase()
}

const digits: Readonly<Record<string, string>> = { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' }

/** Pairs and digits undone, too: for names of hosts, where nothing else can be used. */
export function hostSkeleton(label: string): string {
  if (asItIs.test(label)) return label
  return skeleton(label)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/[0134578]/g, digit => digits[digit]!)
}

const asItIs = /^(?!.*(?:rn|vv))[a-z269-]*$/

const words = /[\p{L}\p{N}\p{M}]{2,64}/gu
const latin = /[a-z]/i

/** Words of Latin letters and others that look like Latin ones, and of nothing else. */
export function disguisedWords(text: string, most: number): readonly string[] {
  if (isPlain(text)) return []
  const found: string[] = []
  for (const [word] of text.matchAll(words)) {
    if (isPlain(word) || !latin.test(word)) continue
    const others = [...word].filter(beyondPlain)
    if (others.every(character => lookalikes.has(character)) && found.push(word) === most) break
  }
  return found
}

const beyondPlain = (character: string) => character > '\x7f'

/** Letters of mathematics and in circles; full width is ordinary in East Asia. */
const costumes =
  /[\u24b6-\u24e9\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f149}\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]+/gu

/** Runs of them; one is a footnote or a formula. */
export const costumedWords = (text: string): readonly string[] =>
  isPlain(text) ? [] : (text.match(costumes) ?? []).filter(word => [...word].length > 1)
