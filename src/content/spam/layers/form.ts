/**
 * How the message is made: what it consists of, which files it brings, and where it breaks rules that mail programs keep.
 */

import type { MessageFacts } from '#content/spam/message-facts.ts'
import type { OwnView } from '#content/spam/own-view.ts'
import type { PartFacts } from '#content/spam/part-facts.ts'
import { evidence, type Find } from '#content/spam/symbol.ts'
import type { FlagName } from '#scanner/flag.ts'

const filesIf =
  (holds: (part: PartFacts) => boolean): Find =>
  ({ parts }) => {
    const found = parts.filter(part => part.filename !== '' && holds(part))
    return found.length === 0 ? undefined : found.map(({ filename }) => evidence('file name', filename))
  }

const suffixIs = (pattern: RegExp) => filesIf(({ filename }) => pattern.test(filename.slice(-40)))

export const fileIsProgram = suffixIs(
  /\.(?:exe|scr|pif|com|bat|cmd|cpl|js|jse|vbs|vbe|wsf|wsh|hta|lnk|msi|msix|jar|ps1|reg|chm|scf|url|website|xll|application)[ .]*$/i,
)
export const fileIsDisc = suffixIs(/\.(?:iso|img|vhdx?|udf|daa|one|onepkg|library-ms|search-ms)[ .]*$/i)
export const fileHasTwoEndings = suffixIs(
  /\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|txt|zip|csv|mp[34])[ ._]{0,40}\.(?:exe|scr|com|bat|cmd|pif|js|jse|vbs|vbe|wsf|hta|lnk|iso|img|html?|shtml|svg|zip|rar|7z|gz|ace)$/i,
)
export const fileHasMacros = suffixIs(/\.(?:docm|dotm|xlsm|xltm|xlam|xlsb|pptm|potm|ppam|sldm)$/i)
export const fileIsPage = suffixIs(/\.(?:s?html?|xht(?:ml)?|svgz?|mht(?:ml)?|hta)[ .]*$/i)

/** Turns the end of a name round, so that it reads as another. */
export const fileNameTurned = filesIf(({ filename }) => /[\u202a-\u202e\u2066-\u2069]/.test(filename))

/** Octets of the source of a page that are looked at. */
const sourceReach = 32_768

const sourceOf = ({ view }: MessageFacts, part: number): Buffer => {
  const { buffer, byteOffset, byteLength } = view.text(part, 'source').subarray(0, sourceReach)
  return Buffer.from(buffer, byteOffset, byteLength)
}

const script = /<script\b|\bonload\s{0,8}=|javascript:|\batob\s{0,8}\(|\bunescape\s{0,8}\(|document\.write/i

/** A page that is brought along and does something when it is opened. */
export const pageRunsScript: Find = message => {
  const found = message.parts.filter(
    ({ row, kind, type, filename }) =>
      filename !== '' &&
      (kind === 'html' || type === 'image/svg+xml') &&
      script.test(sourceOf(message, row).toString('latin1')),
  )
  return found.length === 0 ? undefined : found.map(({ filename }) => evidence('file name', filename))
}

/** In the HTML that is shown; `mark` is looked for first, which costs next to nothing. */
const bodiesIf =
  (mark: string, holds: (source: string) => boolean): Find =>
  message => {
    const found = message.parts.some(({ kind, row, attached }) => {
      if (kind !== 'html' || attached) return false
      const source = sourceOf(message, row)
      const marked = source.includes(mark) || source.includes(mark.toUpperCase())
      return marked && holds(source.toString('latin1'))
    })
    return found ? [] : undefined
  }

export const htmlForm = bodiesIf('<form', source => {
  const form = source.search(/<form\b/i)
  return form >= 0 && /<input\b/i.test(source.slice(form))
})

const password = /<input\b[^>]{0,200}\btype\s?=\s?["']?password/i
export const htmlAsksPassword = bodiesIf('password', source => password.test(source))

const fewWords = 15

export const imageOnly: Find = ({ parts, links, text }) => {
  if (text.words >= fewWords) return undefined
  const images = parts.filter(({ type, size }) => type.startsWith('image/') && size > 4_000)
  const remote = links.some(
    ({ origin, path }) => origin === 'markup' && /\.(?:gif|jpe?g|png|webp)$/i.test(path),
  )
  return images.length > 0 || remote ? images.map(({ type }) => evidence('part', type)) : undefined
}

export const linkOnly: Find = ({ links, text, parts }) =>
  links.length > 0 && links.length <= 3 && text.words < fewWords && parts.every(({ attached }) => !attached)
    ? links.map(link => evidence('link', link.text))
    : undefined

export const textEmpty: Find = ({ parts, text, view }) =>
  text.words === 0 &&
  !view.carries &&
  parts.every(({ kind }) => kind === 'text' || kind === 'html' || kind === 'multipart')
    ? []
    : undefined

/** Newsletters hide a line or two for the preview; as much as there is to read, they hide for no reader. */
export const muchHidden: Find = ({ text: { hidden, visible } }) =>
  hidden > 600 && hidden > visible ? [] : undefined

export const htmlAlone: Find = ({ parts }) =>
  parts.some(({ kind, attached }) => kind === 'html' && !attached) &&
  !parts.some(({ kind }) => kind === 'text')
    ? []
    : undefined

/** What mail programs never do, and what hides content from one reader and not from another. */
const neverHonest: readonly FlagName[] = [
  'bare-cr',
  'base64-padding',
  'boundary-absent',
  'boundary-same',
  'charset-utf7',
  'encoding-composite',
  'encoding-unknown',
  'header-blank-fold',
  'header-space-colon',
  'nul',
  'parameter-duplicate',
  'parameter-encoded-word',
  'type-syntax',
]

export const formNeverHonest: Find = ({ flags }) => raised(neverHonest, flags)

/** Careless programs do these, and spammers' do them more often. */
const careless: readonly FlagName[] = [
  'base64-character',
  'base64-length',
  'charset-unknown',
  'encoded-word',
  'header-8bit',
]

export const formCareless: Find = ({ flags }) => raised(careless, flags)

function raised(names: readonly FlagName[], flags: ReadonlySet<FlagName>) {
  if (flags.size === 0) return undefined
  const found = names.filter(name => flags.has(name))
  return found.length === 0 ? undefined : found.map(name => evidence('flag', name))
}

/** Against: a report about another message, as servers and abuse desks write them (RFC 3464, RFC 5965). */
export const isReport: Find = ({ view }) =>
  view.carries && view.type(0) === 'multipart/report' ? [evidence('type', view.type(0))] : undefined

/**
 * Against: a message that somebody passes on, with words of his own and without a link or another address for answers. A
 * spammer gains nothing by what he attaches, for nobody is cheated by it unopened.
 */
export const passesOn: Find = ({ view, parts, links, text, header }) =>
  view.carries &&
  !view.saysNothing &&
  text.words > 0 &&
  links.length === 0 &&
  !header.has('reply-to') &&
  parts.every(({ filename }) => filename === '') &&
  carriesMessage(view)
    ? []
    : undefined

function carriesMessage(view: OwnView): boolean {
  for (let part = 1; part < view.parts; part++)
    if (view.own(part) && view.type(part) === 'message/rfc822') return view.type(0) !== 'multipart/report'
  return false
}
