/**
 * A header as it leaves: with our fields before it, a mark in its subject, and without what a stranger wrote under our names.
 *
 * Promises: every other octet stays as it came, in its order, so that signatures over other fields hold (promise 22); linear
 * in the size of the header; ASCII is all that is added, in lines that RFC 5322 §2.1.1 and RFC 2047 §2 allow.
 * Leaves out: which marks there are (`policy/`), and the body, which is never touched.
 */
import { fieldsOf, type Header, type HeaderField, readHeader } from '#mail/headers.ts'
import type { Mark } from '#mail/treatment.ts'

/** All fields that begin so are ours to write. */
const ours = /(?:^|\r\n)x-sluice-/i
const ourPrefix = 'x-sluice-'
const lineLength = 78
const ascii = /^[\x20-\x7e]*$/
const blank = /^[ \t]*(?:\r\n|$)/

export interface HeaderChange {
  readonly mark: Mark | undefined
  /** Take away the fields that only we may write. */
  readonly fromStrangers: boolean
}

/** `head` is the content up to the empty line and with it, or all of it where there is none. undefined: it leaves as it is. */
export function markedHeader(head: Buffer, { mark, fromStrangers }: HeaderChange): Buffer | undefined {
  const forged = fromStrangers && ours.test(head.toString('latin1'))
  if (mark === undefined && !forged) return undefined
  const header = readHeader(head)
  const edits = [
    ...(forged ? removals(header) : []),
    ...(mark?.subject === undefined ? [] : subjectEdits(header, mark.subject)),
  ].sort((left, right) => left.start - right.start)
  const added = mark === undefined ? [] : [...mark.fields, ...missingSubject(header, mark.subject)]
  return Buffer.concat([Buffer.from(added.map(field => `${field}\r\n`).join('')), ...edited(head, edits)])
}

/** Octets `[start, end)` become `text`, which is ASCII. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function edited(head: Buffer, edits: readonly Edit[]): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (const { start, end, text } of edits) {
    pieces.push(head.subarray(at, start), Buffer.from(text, 'latin1'))
    at = end
  }
  return [...pieces, head.subarray(at)]
}

const removals = (header: Header): Edit[] =>
  [...fieldsOf(header)]
    .filter(({ name }) => name.startsWith(ourPrefix))
    .map(({ start, end }) => ({ start, end: end + 2, text: '' }))

/** More than one subject is wrong, and which of them is shown depends on the reader: each is marked. */
const subjectEdits = (header: Header, prefix: string): Edit[] =>
  subjectsOf(header).flatMap(field => {
    const rest = header.text.slice(field.value, field.end)
    const encoded = encodedPrefix(prefix, rest)
    if (rest.trimStart().startsWith(encoded)) return []
    const text = ` ${encoded}${gap(field, rest, encoded)}`
    return [{ start: field.value, end: field.value, text }]
  })

const subjectsOf = (header: Header): HeaderField[] =>
  [...fieldsOf(header)].filter(({ name }) => name === 'subject')

const missingSubject = (header: Header, prefix: string | undefined): string[] =>
  prefix === undefined || subjectsOf(header).length > 0 ? [] : [`Subject: ${encodedPrefix(prefix, '')}`]

/** What stands between the prefix and the old value: nothing more than it began with, or a fold where the line gets long. */
function gap({ start, value }: HeaderField, rest: string, encoded: string): string {
  if (blank.test(rest)) return ''
  const firstLine = rest.split('\r\n', 1)[0]!.length
  const long = value - start + 1 + encoded.length + 1 + firstLine > lineLength
  const white = /^[ \t]/.test(rest)
  return `${long ? '\r\n' : ''}${white ? '' : ' '}`
}

/** As it is, or as encoded words. White space between two of those is not shown (RFC 2047 §6.2): then it stands in the first. */
function encodedPrefix(prefix: string, rest: string): string {
  if (ascii.test(prefix)) return prefix
  const text = rest.trimStart().startsWith('=?') ? `${prefix} ` : prefix
  return encodedWords(text).join(' ')
}

/** RFC 2047 §2: no more than 75 characters each; §5: a character is not split between two. */
function encodedWords(text: string): string[] {
  const words: string[] = ['']
  for (const character of text)
    if (Buffer.byteLength(words.at(-1)! + character) <= 45) words[words.length - 1] += character
    else words.push(character)
  return words.map(word => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`)
}
