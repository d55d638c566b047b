/**
 * What two mails have in common that makes them the same to a filter: the domain of the sender, and the text.
 *
 * Promises: linear; the same for a copy with other line breaks, capitals, digits, addresses, links or HTML tags. Leaves out:
 * decoding. Copies in base64 are the same where their octets are, and text that a spammer reworded is another text.
 */
import { createHash } from 'node:crypto'

/** `octets` in Latin-1. Empty when there is no body. */
function bodyOf(octets: string): string {
  const end = /\r?\n\r?\n/.exec(octets)
  return end === null ? '' : octets.slice(end.index + end[0].length)
}

const unquoted = (text: string): string =>
  text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Letters alone, with what differs from copy to copy taken away. */
export const plainText = (octets: string): string =>
  unquoted(bodyOf(octets))
    .toLowerCase()
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/\bhttps?:\S+|\S+@\S+/g, ' ')
    .replace(/[^a-z\x80-\xff]+/g, '')

/** Below that a text says too little to be told from others by it. */
const fewestLetters = 40

/** A hash; of the octets themselves where there is next to no text. */
export function textKey(octets: string): string {
  const text = plainText(octets)
  return createHash('sha256')
    .update(text.length < fewestLetters ? octets : text, 'latin1')
    .digest('hex')
    .slice(0, 24)
}

export function senderOf(octets: string): string {
  const header = octets.slice(0, /\r?\n\r?\n/.exec(octets)?.index ?? octets.length)
  const from = /^from:(?:[^\n]|\n[ \t])*/im.exec(header)?.[0] ?? ''
  const domain = [...from.matchAll(/@([\w.-]+)/g)].at(-1)?.[1]?.toLowerCase().replace(/\.+$/, '') ?? '?'
  return domain.split('.').slice(-2).join('.')
}
