/**
 * From a text to runs of words, as the phrase of a lexicon finds them: nothing but white space stands between the words of a
 * run, and each word is one of letters and digits, so that a phrase of neighbours is found where it was taken from.
 *
 * A script without spaces gives its characters as words, which are put together without spaces. Promises: linear; bounded.
 */

export interface Word {
  /** Small letters. */
  readonly text: string
  /** Written without a space before the next one of its kind. */
  readonly dense: boolean
}

/** Words without anything else between them. */
export type Run = readonly Word[]

export const mostWords = 4_000
const longestWord = 40
const word = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}'’-]*[\p{L}\p{N}\p{M}])?/u
const dense =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

export function runsOf(text: string, budget = mostWords): readonly Run[] {
  const runs: Word[][] = []
  let run: Word[] = []
  let left = budget
  const close = () => {
    if (run.length > 0) runs.push(run)
    run = []
  }
  for (const token of text.normalize('NFC').split(/\s+/u)) {
    if (left <= 0) break
    if (dense.test(token)) {
      close()
      for (const piece of token.split(/[^\p{L}\p{N}\p{M}]+/u)) {
        const letters = [...piece].slice(0, left).map(each => ({ text: each.toLowerCase(), dense: true }))
        if (letters.length > 0) runs.push(letters)
        left -= letters.length
      }
      continue
    }
    const start = token.replace(/^[^\p{L}\p{N}]+/u, '')
    if (start !== token) close()
    const [found] = word.exec(start) ?? ['']
    // An address, a URL, a number with points: no word of a phrase, and nothing reaches over it.
    if (found === '' || found.length > longestWord || /[\p{L}\p{N}@]/u.test(start.slice(found.length))) {
      close()
      continue
    }
    run.push({ text: found.toLowerCase(), dense: false })
    left--
    if (found.length !== start.length) close()
  }
  close()
  return runs
}

export const phraseOf = (words: Run): string => words.map(({ text }) => text).join(words[0]?.dense ? '' : ' ')
