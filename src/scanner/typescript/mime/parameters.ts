/**
 * Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1), with continuations and charsets (RFC 2231).
 *
 * Promises: what `native/src/mime/parameters.h` promises: linear; at most 256 parameters; one reading of whatever stands
 * there, and word of everything that another program may read in another way. Of a parameter given twice the first counts.
 */
import { toUtf8 } from '#scanner/typescript/mime/encoded-word.ts'
import { isSpace, lower, octetsOf, tokenAt, trimEnd } from '#scanner/typescript/mime/octets.ts'

export interface ParameterNotes {
  syntax: boolean
  duplicate: boolean
  continuation: boolean
}

interface Parameter {
  /** Lower-case, without the marks of RFC 2231. */
  readonly name: string
  readonly value: string
  /** RFC 2231 §3; -1: none. */
  readonly section: number
  /** RFC 2231 §4. */
  readonly extended: boolean
  readonly quoted: boolean
}

interface Reading {
  readonly value: string
  /** Where reading goes on. */
  readonly end: number
  readonly good: boolean
}

const most = 256

function skipSpaces(text: string, from: number): number {
  let at = from
  while (isSpace(text[at])) at += 1
  return at
}

/** Behind a comment (RFC 5322 §3.2.2) that begins at `from`. */
function skipComment(text: string, from: number): number {
  let depth = 0
  let at = from
  while (at < text.length) {
    const c = text[at]
    at += c === '\\' ? 2 : 1
    if (c === '(') depth += 1
    if (c === ')') depth -= 1
    if (depth === 0) return at
  }
  return text.length
}

/** Behind white space and comments. */
export function skipComments(text: string, from: number): { readonly at: number; readonly comment: boolean } {
  let at = skipSpaces(text, from)
  let comment = false
  while (text[at] === '(') {
    comment = true
    at = skipSpaces(text, skipComment(text, at))
  }
  return { at, comment }
}

const semicolonAt = (text: string, from: number): number => {
  const at = text.indexOf(';', from)
  return at < 0 ? text.length : at
}

/** `name =`, as it follows a semicolon that was forgotten. */
function isAssignment(text: string, at: number): boolean {
  const name = tokenAt(text, at)
  return name !== '' && text[skipSpaces(text, at + name.length)] === '='
}

/** Undoes a quoted-string; `from` stands behind the opening quote. */
function readQuoted(text: string, from: number): Reading {
  let good = true
  let value = ''
  let at = from
  while (at < text.length) {
    const c = text[at]!
    at += 1
    if (c === '"') return { value, end: at, good }
    if (c === '\\' && at < text.length) {
      const escaped = text[at]!
      at += 1
      good = good && (escaped === '"' || escaped === '\\') // others are often meant as they stand: C:\temp
      value += escaped
    } else if (c === '\n') {
      good = false // a fold: kept, dropped or turned into a space by different programs
      if (value.endsWith('\r')) value = value.slice(0, -1)
    } else {
      value += c
    }
  }
  return { value, end: at, good: false }
}

/** A value without quotes; specials and spaces in it are against the grammar, and common. */
function readBare(text: string, from: number): Reading {
  let end = from
  while (end < text.length && text[end] !== ';' && !isSpace(text[end])) end += 1
  let value = text.slice(from, end)
  const { at, comment } = skipComments(text, end)
  const more = at < text.length && text[at] !== ';' && !isAssignment(text, at)
  if (more) {
    end = semicolonAt(text, end)
    value = trimEnd(text.slice(from, end))
  }
  const good = value !== '' && !comment && !more && tokenAt(value, 0) === value
  return { value: value.replace(/[\r\n]+/g, ''), end, good }
}

/** RFC 2231 §3, §4: name*, name*0, name*0*. */
function splitName(
  attribute: string,
): Pick<Parameter, 'name' | 'section' | 'extended'> & { readonly good: boolean } {
  const star = attribute.indexOf('*')
  if (star < 0) return { name: lower(attribute), section: -1, extended: false, good: true }
  const name = lower(attribute.slice(0, star))
  const marks = attribute.slice(star + 1)
  const extended = marks === '' || marks.endsWith('*')
  const digits = marks.endsWith('*') ? marks.slice(0, -1) : marks
  const section = /^\d{1,4}$/.test(digits) ? Number(digits) : -1
  const good = marks === '' || (section >= 0 && digits === String(section))
  return { name, section, extended, good }
}

export class Parameters {
  readonly #all: Parameter[] = []
  readonly notes: ParameterNotes = { syntax: false, duplicate: false, continuation: false }

  /** Everything behind the media type or the disposition as latin1, folds included. */
  constructor(text: string) {
    this.#parse(text)
    this.#lookForDuplicates()
  }

  /** The plain value, latin1. */
  plain(name: string): string | undefined {
    return this.#all.find(one => one.name === name && one.section < 0 && !one.extended)?.value
  }

  /** The value by RFC 2231, in UTF-8. */
  extended(name: string): Buffer | undefined {
    const named = this.#all.filter(one => one.name === name)
    const whole = named.find(one => one.section < 0 && one.extended)
    const sections = named.filter(one => one.section >= 0)
    if (whole === undefined && sections.length === 0) return undefined
    if (whole !== undefined && sections.length > 0) this.notes.continuation = true
    return this.#join(whole === undefined ? sections.sort((a, b) => a.section - b.section) : [whole])
  }

  #parse(text: string): void {
    let at = 0
    let separated = false
    for (;;) {
      const skipped = skipComments(text, at)
      at = skipped.at
      if (skipped.comment) this.notes.syntax = true
      if (at >= text.length) return
      if (text[at] === ';') {
        separated = true
        at += 1
        continue
      }
      if (!separated || this.#all.length === most) this.notes.syntax = true
      if (this.#all.length === most) return
      separated = false
      at = this.#readOne(text, at)
    }
  }

  /** Returns where reading goes on. */
  #readOne(text: string, from: number): number {
    const attribute = tokenAt(text, from)
    const behind = from + attribute.length
    const sign = skipComments(text, behind)
    if (attribute === '' || text[sign.at] !== '=') {
      this.notes.syntax = true
      return attribute === '' ? semicolonAt(text, sign.at) : sign.at
    }
    const start = skipComments(text, sign.at + 1)
    if (sign.at !== behind || start.at !== sign.at + 1) this.notes.syntax = true
    const quoted = text[start.at] === '"'
    const { value, end, good } = quoted ? readQuoted(text, start.at + 1) : readBare(text, start.at)
    const { good: goodName, ...name } = splitName(attribute)
    if (!good) this.notes.syntax = true
    if (!goodName) this.notes.continuation = true
    this.#all.push({ ...name, value, quoted })
    if (quoted && end < text.length && text[end] !== ';' && !isSpace(text[end])) this.notes.syntax = true
    return end
  }

  #lookForDuplicates(): void {
    const seen = new Set<string>()
    for (const { name, section, extended } of this.#all) {
      const key = section >= 0 ? `${name}*${section}` : extended ? `${name}*` : name
      if (seen.has(key) && section >= 0) this.notes.continuation = true
      if (seen.has(key) && section < 0) this.notes.duplicate = true
      seen.add(key)
    }
  }

  #join(sections: readonly Parameter[]): Buffer {
    let label = ''
    let octets = ''
    let next = sections[0]!.section < 0 ? -1 : 0
    for (const one of sections) {
      if (one.section < next) continue // the same section again
      if (one.section !== next) this.notes.continuation = true
      if (one.extended && one.quoted) this.notes.syntax = true
      if (one.extended && next <= 0) {
        const [charset, text] = this.#splitCharset(one.value)
        label += charset
        octets += this.#undoPercent(text)
      } else {
        octets += one.extended ? this.#undoPercent(one.value) : one.value
      }
      next = one.section + 1
    }
    const { text, good } = toUtf8(label, octetsOf(octets))
    if (!good) this.notes.syntax = true
    return text
  }

  /** charset'language'text (RFC 2231 §4). */
  #splitCharset(value: string): readonly [charset: string, text: string] {
    const charset = value.indexOf("'")
    const language = charset < 0 ? -1 : value.indexOf("'", charset + 1)
    if (language >= 0) return [lower(value.slice(0, charset)), value.slice(language + 1)]
    this.notes.syntax = true
    return ['', value]
  }

  #undoPercent(text: string): string {
    return text.replace(/%([0-9A-Fa-f]{2})?/g, (_, digits: string | undefined) => {
      if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16))
      this.notes.syntax = true
      return '%'
    })
  }
}
