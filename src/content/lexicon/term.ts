/**
 * What a rule looks for, as it is written: a word or phrase, with `*` for the rest of a word, or /an expression/.
 *
 *     next of kin      whole words, any white space between them
 *     transfer*        transfer, transfers, transferring
 *     *coin            bitcoin
 *     transfer* fund*  neighbours, each with any end
 *     dear * customer  exactly one word between
 *     /\bIBAN:? [A-Z]{2}\d\d/
 *
 * Promises: an end of a phrase that is no letter or digit asks for no end of a word, nor does one in a script that is
 * written without spaces. A backslash before `*` or `/` makes it a character like others.
 */
import { controlFlaw, type Flaw, flaw, isFlaw, quoted } from '#config/grammar/reading.ts'
import type { Expression, Phrase, Piece } from './lexicon.ts'

const longest = 1_000
const mostPieces = 8

export function readTerm(text: string): Phrase | Expression | Flaw {
  const broken = controlFlaw(text)
  if (broken !== undefined) return flaw(`${quoted(text)} ${broken.reason}`)
  if (text.length > longest) return flaw(`is longer than ${longest} characters`, 'divide it into several')
  const trimmed = text.trim()
  if (trimmed === '') return flaw('is empty', 'remove it')
  return /^\/.*\/[a-z]*$/su.test(trimmed) && trimmed.length > 2
    ? readExpression(trimmed)
    : readPhrase(trimmed)
}

function readExpression(text: string): Expression | Flaw {
  const end = text.lastIndexOf('/')
  const source = text.slice(1, end)
  const flags = text.slice(end + 1)
  const odd = [...flags].find(flag => !'ims'.includes(flag))
  if (odd !== undefined)
    return flaw(`the flag ${quoted(odd)} means nothing here`, 'i, m and s are the flags that there are')
  let compiled: RegExp
  try {
    compiled = new RegExp(source, 'u')
  } catch (error) {
    return flaw(`${quoted(text)} is no regular expression: ${whatIsWrong(error as Error)}`)
  }
  // On an empty text there is nothing to try twice: this is quick whatever the expression.
  if (source === '' || compiled.test(''))
    return flaw(
      `${quoted(text)} is found in every text, since it also stands for nothing`,
      'require a character',
    )
  return {
    kind: 'expression',
    text,
    source,
    dotall: flags.includes('s'),
    multiline: flags.includes('m'),
  }
}

/** `Invalid regular expression: /(/u: Unterminated group` → `unterminated group` */
function whatIsWrong({ message }: Error): string {
  const last = message.slice(message.lastIndexOf(': ') + 2)
  return last.charAt(0).toLowerCase() + last.slice(1)
}

/** Stands for `\*`, so that only wildcards are left as stars. Not a character of any text (see controlFlaw). */
const star = '\u0000'

interface Word {
  readonly text: string
  /** A wildcard before, behind. */
  readonly before: boolean
  readonly behind: boolean
}

function readPhrase(text: string): Phrase | Flaw {
  const words = text
    .normalize('NFC')
    .replace(/\\([*/\\])/g, (_, character) => (character === '*' ? star : character))
    .split(/\s+/u)
    .map(
      (word): Word => ({
        text: word.replace(/^\*|\*$/g, ''),
        before: word.startsWith('*'),
        behind: word.endsWith('*'),
      }),
    )
  if (words.some(word => word.text.includes('*')))
    return flaw(
      `${quoted(text)} has a * inside a word`,
      'a * stands at the beginning or the end of a word, or for a whole word; write \\* for the character',
    )
  if (words.at(0)!.text === '' || words.at(-1)!.text === '')
    return flaw(`${quoted(text)} begins or ends with a * that stands for a whole word`, 'remove it')
  const pieces = cut(words)
  if (isFlaw(pieces)) return pieces
  return { kind: 'phrase', text, pieces }
}

/** A new piece begins behind a word with an open end, before one with an open beginning, and behind a lone star. */
function cut(words: readonly Word[]): readonly Piece[] | Flaw {
  const pieces: Piece[] = []
  let open: Word[] = []
  let gap = 0
  const close = (): void => {
    if (open.length === 0) return
    pieces.push(piece(open, pieces.length === 0 ? 0 : gap))
    open = []
    gap = 1
  }
  for (const word of words) {
    if (word.text === '') {
      close()
      gap++
      continue
    }
    if (word.before) close()
    open.push(word)
    if (word.behind) close()
  }
  close()
  if (pieces.length > mostPieces) return flaw(`has more than ${mostPieces} stars`, 'write an expression')
  const short = pieces.find(
    ({ text, word }) => word !== 'whole' && /[\p{L}\p{N}]/u.test(text) && [...text].length < 3,
  )
  if (short !== undefined && !spaceless.test(short.text) && words.some(word => word.before || word.behind))
    return flaw(
      `a * beside only ${quoted(short.text.replaceAll(star, '*'))} is found in too many words`,
      'use three characters or more',
    )
  return pieces
}

function piece(words: readonly Word[], gap: number): Piece {
  const text = words.map(word => word.text.replaceAll(star, '*')).join(' ')
  const start = !words[0]!.before && endsWord(firstOf(text))
  const end = !words.at(-1)!.behind && endsWord(lastOf(text))
  return { text, gap, word: start ? (end ? 'whole' : 'start') : end ? 'end' : 'none' }
}

const firstOf = (text: string): string => [...text][0]!
const lastOf = (text: string): string => [...text].at(-1)!

/** Scripts that put no space between words. */
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

const endsWord = (character: string): boolean =>
  /[\p{L}\p{N}\p{M}_]/u.test(character) && !spaceless.test(character)
