/**
 * Words as spammers hide them from filters: look-alike letters, characters without width, digits for letters, and in HTML
 * comments within words. A reader sees the same words.
 *
 * Promises: the same text and seed give the same; one word in `oneIn` is changed, by a trick chosen at random; links, addresses,
 * tags, styles and scripts stay, since a spammer wants them to work.
 */
import type { Change, TextKind } from './rewrite.ts'

const oneIn = 3
const shortest = 4

/** Letters of other alphabets that look like those of ours (Unicode Technical Standard 39, confusables). */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'а',
    c: 'с',
    e: 'е',
    i: 'і',
    j: 'ј',
    o: 'о',
    p: 'р',
    s: 'ѕ',
    x: 'х',
    y: 'у',
    v: 'ν',
    d: 'ԁ',
    h: 'һ',
    A: 'А',
    B: 'В',
    C: 'С',
    E: 'Е',
    H: 'Н',
    I: 'І',
    K: 'К',
    M: 'М',
    O: 'О',
    P: 'Р',
    S: 'Ѕ',
    T: 'Т',
    X: 'Х',
    Y: 'Υ',
    Z: 'Ζ',
  }),
)
const digits: ReadonlyMap<string, string> = new Map(
  Object.entries({ o: '0', O: '0', i: '1', l: '1', e: '3', E: '3', a: '4', A: '4', s: '5', S: '5', t: '7' }),
)
const withoutWidth = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad']

type Random = () => number
type Trick = (word: string, random: Random) => string

const swapped =
  (table: ReadonlyMap<string, string>): Trick =>
  (word, random) => {
    const places = [...word].map((_, at) => at).filter(at => table.has(word[at]!))
    const chosen = places.filter(() => random() < 0.6)
    const all = chosen.length > 0 ? chosen : places.slice(0, 1)
    return [...word].map((letter, at) => (all.includes(at) ? table.get(letter)! : letter)).join('')
  }

/** Between two letters, once or twice. */
const inserted =
  (what: (random: Random) => string): Trick =>
  (word, random) => {
    const at = 1 + Math.floor(random() * (word.length - 1))
    return word.slice(0, at) + what(random) + word.slice(at)
  }

const comment = (random: Random): string => `<!-- ${Math.floor(random() * 36 ** 5).toString(36)} -->`
const nothing = (random: Random): string => withoutWidth[Math.floor(random() * withoutWidth.length)]!

const tricks: Readonly<Record<TextKind, readonly Trick[]>> = {
  plain: [swapped(lookAlikes), swapped(digits), inserted(nothing)],
  html: [swapped(lookAlikes), swapped(digits), inserted(nothing), inserted(comment)],
}

/** What is left alone: in both kinds links and addresses, in HTML all that is not text. */
const kept: Readonly<Record<TextKind, string>> = {
  plain: String.raw`\S*(?:\/\/|@|www\.)\S*`,
  html: String.raw`<!--[\s\S]*?-->|<(?<raw>style|script|title)\b[\s\S]*?<\/\k<raw>\s*>|<[^>]*>|&[#\w]+;|[^\s<>]*(?:\/\/|@|www\.)[^\s<>]*`,
}

export function obfuscation(random: Random): Change {
  return (text, kind) => {
    const expression = new RegExp(`(?<kept>${kept[kind]})|(?<word>[A-Za-z]{${shortest},})`, 'gi')
    return text.replace(expression, (match, ...rest) => {
      const { word } = rest.at(-1) as { readonly word?: string }
      if (word === undefined || random() * oneIn >= 1) return match
      return tricks[kind][Math.floor(random() * tricks[kind].length)]!(word, random)
    })
  }
}
