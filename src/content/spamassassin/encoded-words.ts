/**
 * Encoded words of RFC 2047 in a name or in a folded field: the header zone has them decoded only together with the rest of
 * the field, and with its folds as they came.
 *
 * Promises: linear; what is not an encoded word stays; the result is UTF-8 octets, as latin1.
 */
import { decodeCharset } from '#scanner/typescript/decoding/charset.ts'

const encodedWord = /=\?([\w*-]+)\?([bBqQ])\?([^?\s]*)\?=/g

export function decodeEncodedWords(text: string): string {
  if (!text.includes('=?')) return text
  // RFC 2047 §6.2: white space between two encoded words is none.
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(encodedWord, (_, charset: string, encoding: string, content: string) =>
      decodeWord(charset.replace(/\*.*$/, ''), encoding, content),
    )
}

function decodeWord(charset: string, encoding: string, content: string): string {
  const octets = encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : fromQ(content)
  return Buffer.from(decodeCharset(charset, octets).utf8).toString('latin1')
}

const fromQ = (content: string): Buffer =>
  Buffer.from(
    content
      .replaceAll('_', ' ')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  )
