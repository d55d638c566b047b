/**
 * A mail around the texts of a sample, so that the tests of a lexicon go the way that mail goes.
 *
 * Promises: the mail is well formed whatever the texts are; each text is found in its place and in no other place where a
 * rule would look for it.
 */
import { Buffer } from 'node:buffer'

/** `contents`: texts by the name of their place (`place.ts`). */
export function makeSampleMail(contents: ReadonlyMap<string, string>): Buffer {
  const fields: string[] = []
  const parts: string[] = []
  for (const [place, text] of contents) {
    const part = makePart(place, text)
    if (part === undefined) fields.push(makeField(place, text))
    else parts.push(part)
  }
  const head = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="sample"']
  const body = parts.map(part => `--sample\r\n${part}\r\n`).join('')
  return Buffer.from(`${[...fields, ...head].join('\r\n')}\r\n\r\n${body}--sample--\r\n`)
}

/** undefined for a place in the header. */
function makePart(place: string, text: string): string | undefined {
  switch (place) {
    case 'text':
    case 'urls':
    case 'addresses':
      return base64Part('Content-Type: text/plain; charset=utf-8', text)
    case 'hidden':
      return base64Part(
        'Content-Type: text/html; charset=utf-8',
        `<html><body><div style="display:none">${escapeMarkup(text)}</div></body></html>`,
      )
    case 'attachments':
      return base64Part(attachmentHead('sample'), text)
    case 'attachment-names':
      return base64Part(attachmentHead(text), '')
    default:
      return undefined
  }
}

const base64Part = (head: string, text: string): string => {
  const lines = Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n')
  return `${head}\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}`
}

/** RFC 2231 §4 and §3: any name, in pieces that fit a line. */
function attachmentHead(name: string): string {
  const encoded = Array.from(Buffer.from(name), octet => `%${octet.toString(16).padStart(2, '0')}`)
  const pieces: string[] = []
  for (let at = 0; at < encoded.length; at += 20)
    pieces.push(
      `;\r\n filename*${pieces.length}*=${at === 0 ? "UTF-8''" : ''}${encoded.slice(at, at + 20).join('')}`,
    )
  return `Content-Type: application/octet-stream\r\nContent-Disposition: attachment${pieces.join('')}`
}

/** RFC 2047 §2: encoded words of whole characters, each short enough for a line of its own. */
function makeField(place: string, text: string): string {
  const name = place.startsWith('header ') ? place.slice('header '.length) : place
  const words: string[] = []
  let octets: number[] = []
  const close = (): void => {
    words.push(`=?utf-8?B?${Buffer.from(octets).toString('base64')}?=`)
    octets = []
  }
  for (const character of text.replace(/\s+/g, ' ').trim()) {
    const more = Buffer.from(character)
    if (octets.length + more.length > 39) close()
    octets.push(...more)
  }
  close()
  return `${name}: ${words.join('\r\n ')}`
}

const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
