/**
 * The letters of the text: what is written to be read by people and not by programs.
 *
 * Promises: a text of plain ASCII costs one look by the processor; others are looked at up to `reach` octets.
 */
import { isAscii } from 'node:buffer'
import { evidence, type Find } from '#content/spam/symbol.ts'
import { reach } from '#content/spam/text-facts.ts'
import { costumedWords, disguisedWords } from './confusables.ts'
import { found } from './sender.ts'

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

/** In octets: a letter of Greek, Cyrillic or Armenian beside one of ASCII. Few texts have that. */
const neighbours = /[a-z][\xcd-\xd6][\x80-\xbf]|[\xcd-\xd6][\x80-\xbf][a-z]/i

export const wordsInDisguise: Find = ({ text: { beginning } }) => {
  if (isAscii(beginning) || !neighbours.test(bufferOf(beginning).toString('latin1'))) return undefined
  const words = disguisedWords(bufferOf(beginning).toString(), 5)
  return words.length < 2 ? undefined : found('text', words)
}

/** In octets: the planes of the letters of mathematics, and of those in circles. */
const costume = /\xf0\x9d[\x90-\x9f]|\xf0\x9f[\x84-\x86]|\xe2\x92[\xb6-\xbf]|\xe2\x93/

export const lettersInCostume: Find = ({ text: { beginning } }) => {
  if (isAscii(beginning) || !costume.test(bufferOf(beginning).toString('latin1'))) return undefined
  const words = costumedWords(bufferOf(beginning).toString())
  return words.length < 2 ? undefined : found('text', words)
}

/** Between letters: entities as well as the octets of UTF-8. At the begin of a newsletter they stand between spaces. */
const within =
  /[a-z](?:\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa4]|\xef\xbb\xbf|\xcd\x8f|&(?:zwnj|zwj|shy|ZeroWidthSpace|NoBreak|#8203|#8204|#8205|#8288|#x200[bcd]|#x2060|#173);){1,20}(?=[a-z])/gi

export const wordsSplitInvisibly: Find = ({ flags, parts, view }) => {
  if (!flags.has('invisible')) return undefined
  for (const { kind, row } of parts) {
    if (kind !== 'html' && kind !== 'text') continue
    const source = Buffer.from(view.text(row, 'source').subarray(0, reach)).toString('latin1')
    const splits = source.match(within) ?? []
    if (splits.length >= 6)
      return splits.slice(0, 3).map(split => evidence('source', Buffer.from(split, 'latin1').toString()))
  }
  return undefined
}
