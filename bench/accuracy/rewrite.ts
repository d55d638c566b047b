/**
 * A mail with its texts replaced, everything else as it was: what a spammer would send who changes his words and nothing else.
 *
 * Promises: parts that are not text, and texts that come back unchanged, keep their octets; linear apart from nesting, which is
 * bounded. A text keeps its encoding for transfer, and becomes UTF-8. Leaves out: charsets that Node does not know are read as
 * Windows-1252; a multipart whose boundary is odd stays as it is. Octets are strings in Latin-1.
 */
export type TextKind = 'plain' | 'html'
export type Change = (text: string, kind: TextKind) => string

const deepest = 10

/** Subject is changed too, where it is plain ASCII. */
export function rewriteMail(octets: string, change: Change): string {
  const [header, body] = halves(octets)
  const subject = /^(subject:[ \t]*)([\x20-\x7e]+)$/im.exec(header)
  if (subject === null || subject[2]!.includes('=?')) return rewritePart(octets, change)
  const value = change(subject[2]!, 'plain')
  if (value === subject[2]) return rewritePart(octets, change)
  const renamed = header.replace(subject[0], () => subject[1]! + encodedWords(value))
  return rewritePart(renamed + body, change)
}

/** The texts of a mail, as the reader sees them. */
export function textsOf(octets: string): readonly { readonly kind: TextKind; readonly text: string }[] {
  const texts: { readonly kind: TextKind; readonly text: string }[] = []
  rewritePart(octets, (text, kind) => {
    texts.push({ kind, text })
    return text
  })
  return texts
}

/** The header with the empty line behind it, and the body. */
function halves(octets: string): readonly [string, string] {
  const empty = /\r?\n\r?\n/.exec(octets)
  const end = empty === null ? octets.length : empty.index + empty[0].length
  return [octets.slice(0, end), octets.slice(end)]
}

function rewritePart(octets: string, change: Change, depth = 0): string {
  const [header, body] = halves(octets)
  const type = fieldOf(header, 'content-type') || 'text/plain'
  const boundary = /^multipart\//i.test(type) ? parameterOf(type, 'boundary') : ''
  if (boundary !== '' && depth < deepest) return header + rewriteParts(body, boundary, change, depth)
  const kind = /^text\/(plain|html)\b/i.exec(type)?.[1]?.toLowerCase() as TextKind | undefined
  if (kind === undefined) return octets
  const encoding = fieldOf(header, 'content-transfer-encoding').trim().toLowerCase()
  const text = decoded(body, encoding, parameterOf(type, 'charset'))
  const changed = change(text, kind)
  if (changed === text) return octets
  const asUtf8 = /;\s*charset\s*=\s*(?:"[^"\n]*"|[^\s;]+)/i
  const stated = header.replace(/^content-type:(?:[^\n]|\n[ \t])*\n/im, field =>
    asUtf8.test(field)
      ? field.replace(asUtf8, '; charset=utf-8')
      : field.replace(/\r?\n$/, '; charset=utf-8$&'),
  )
  return (
    (stated === header && !/^content-type:/im.test(header) ? typed(header) : stated) +
    encoded(changed, encoding)
  )
}

/** RFC 2045 §5.2: a text without a type is plain, and ours is UTF-8. */
const typed = (header: string): string =>
  header.trim() === ''
    ? `Content-Type: text/plain; charset=utf-8\n\n`
    : `Content-Type: text/plain; charset=utf-8\n${header}`

function rewriteParts(body: string, boundary: string, change: Change, depth: number): string {
  const pieces = body.split(`\n--${boundary}`)
  if (body.startsWith(`--${boundary}`)) pieces.splice(0, 1, '', pieces[0]!.slice(boundary.length + 2))
  else if (pieces.length === 1) return body
  const [preamble, ...parts] = pieces
  const start = body.startsWith(`--${boundary}`) ? `--${boundary}` : `\n--${boundary}`
  const rewritten = parts.map(part => {
    const line = /^[ \t]*\r?\n/.exec(part)?.[0]
    return line === undefined ? part : line + rewritePart(part.slice(line.length), change, depth + 1)
  })
  return preamble + start + rewritten.join(`\n--${boundary}`)
}

const fieldOf = (header: string, name: string): string =>
  new RegExp(`^${name}:((?:[^\\n]|\\n[ \\t])*)`, 'im').exec(header)?.[1]?.replace(/\s+/g, ' ').trim() ?? ''

function parameterOf(type: string, name: string): string {
  const [, quoted, plain] = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(type) ?? []
  return quoted ?? plain ?? ''
}

function decoded(body: string, encoding: string, charset: string): string {
  const octets =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : Buffer.from(encoding === 'quoted-printable' ? unquoted(body) : body, 'latin1')
  try {
    return new TextDecoder(charset || 'windows-1252').decode(octets)
  } catch {
    return new TextDecoder('windows-1252').decode(octets)
  }
}

const unquoted = (body: string): string =>
  body
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

function encoded(text: string, encoding: string): string {
  const octets = Buffer.from(text)
  if (encoding === 'base64') return `${octets.toString('base64').replace(/.{76}/g, '$&\n')}\n`
  const latin1 = octets.toString('latin1')
  return encoding === 'quoted-printable' ? quoted(latin1) : latin1
}

const quoted = (octets: string): string =>
  octets
    .split('\n')
    .map(line =>
      line
        .replace(/[^\t\x20-\x3c\x3e-\x7e\r]/g, octet => `=${hex(octet)}`)
        .replace(/.{70}(?:=..|[^=]{0,2})?(?=.)/g, '$&=\n'),
    )
    .join('\n')

const hex = (octet: string): string => octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')

/** RFC 2047 §2: none longer than 75 characters. */
function encodedWords(text: string): string {
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 45) {
      words.push(word)
      word = ''
    }
    word += character
  }
  return [...words, word].map(each => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join('\n ')
}
