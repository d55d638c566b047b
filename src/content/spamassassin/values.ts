/**
 * The strings that header rules look at where the scanner cannot: parts of fields, several fields as one, pseudo fields.
 *
 * Promises: the value is the one that SpamAssassin would test, octets as latin1, no longer than `maximumLength`.
 */
import { type Mailbox, readMailboxes } from './addresses.ts'
import type { Selector } from './definition.ts'
import { decodeEncodedWords } from './encoded-words.ts'
import { type MessageView, unfolded } from './message-view.ts'
import { externalRelays } from './relays.ts'

/** Longer values are cut, so that no expression sees more than it can cope with. */
export const maximumLength = 16_384

/** The value, or undefined when the message has no such thing. */
export type Value = (view: MessageView) => string | undefined

const relays: Value = view => view.once('relays', () => externalRelays(view))

/** Pseudo fields, by name as written (`ALL`, `MESSAGEID`) or in lower case. */
const pseudo = new Map<string, Value>([
  ['ALL', view => view.once('all', () => allFields(view))],
  ['ALL:raw', rawHeader],
  // Every field of a message from outside was written outside.
  ['ALL-EXTERNAL', view => view.once('all', () => allFields(view))],
  ['ALL-UNTRUSTED', view => view.once('all', () => allFields(view))],
  [
    'MESSAGEID',
    view => joined(view, ['x-message-id', 'resent-message-id', 'x-original-message-id', 'message-id']),
  ],
  ['tocc', view => joined(view, ['to', 'cc'])],
  ['envelopefrom', view => view.context.envelopeFrom],
  ['x-spam-relays-external', relays],
  ['x-spam-relays-untrusted', relays],
])

const unknown = new Set(['ALL-TRUSTED', 'ALL-INTERNAL', 'x-spam-relays-trusted', 'x-spam-relays-internal'])

/** Whether the name is one of a pseudo field, whose value is put together. */
export const isPseudo = ({ name }: Selector): boolean => pseudoOf(name) !== undefined || isUnknownPseudo(name)
export const isUnknownPseudo = (name: string): boolean => unknown.has(name) || unknown.has(name.toLowerCase())
const pseudoOf = (name: string): Value | undefined => pseudo.get(name) ?? pseudo.get(name.toLowerCase())

/** Modifiers that are served. */
const served = new Set(['raw', 'addr', 'name', 'first', 'last'])
export const isServed = ({ modifiers }: Selector): boolean =>
  modifiers.every(modifier => served.has(modifier))

export const selectorKey = ({ name, modifiers }: Selector): string =>
  [pseudo.has(name) ? name : name.toLowerCase(), ...[...modifiers].sort()].join(':')

/** How the value of a selector is read: found out once. */
export function valueReader(selector: Selector): Value {
  const read = uncutReader(selector)
  return view => {
    const value = read(view)
    return value !== undefined && value.length > maximumLength ? value.slice(0, maximumLength) : value
  }
}

function uncutReader({ name, modifiers }: Selector): Value {
  const has = (modifier: string) => (modifiers as readonly string[]).includes(modifier)
  const lower = name.toLowerCase()
  if (has('addr') || has('name')) {
    const [what, key] = [has('addr') ? 'address' : 'name', mailboxesKey(lower, modifiers)] as const
    const textOf = what === 'name' && !has('raw') ? readableName : (mailbox: Mailbox) => mailbox[what]
    return view => joinedTexts(mailboxesAt(view, key, lower, modifiers).map(textOf))
  }
  const special = pseudo.get(has('raw') ? `${name}:raw` : name) ?? pseudoOf(name)
  if (special !== undefined) return special
  return has('raw')
    ? view => textOf(chosen(view.fields.get(lower), modifiers), row => view.raw(row))
    : view => textOf(chosen(view.fields.get(lower), modifiers), row => `${view.decoded(row)}\n`)
}

function textOf(rows: readonly number[] | undefined, read: (row: number) => string): string | undefined {
  if (rows === undefined || rows.length > 1) return rows?.map(read).join('')
  return read(rows[0]!)
}

function chosen(
  rows: readonly number[] | undefined,
  modifiers: readonly string[],
): readonly number[] | undefined {
  if (rows === undefined) return undefined
  if (modifiers.includes('first')) return rows.slice(0, 1)
  return modifiers.includes('last') ? rows.slice(-1) : rows
}

function joined(view: MessageView, names: readonly string[]): string | undefined {
  const lines = names.flatMap(name => view.fields.get(name) ?? []).map(row => `${view.decoded(row)}\n`)
  return lines.length === 0 ? undefined : lines.join('')
}

function allFields(view: MessageView): string {
  const lines: string[] = []
  let length = 0
  for (let row = 0; row < view.rootFields && length <= maximumLength; row++) {
    const line = `${view.writtenName(row)}: ${view.decoded(row)}\n`
    lines.push(line)
    length += line.length
  }
  return lines.join('')
}

function rawHeader(view: MessageView): string {
  const last = view.rootFields - 1
  if (last < 0) return ''
  const end = Math.min(view.fieldColumn(last, 'end'), maximumLength)
  return `${Buffer.from(view.context.header.subarray(0, end)).toString('latin1').replaceAll('\r\n', '\n')}\n`
}

function joinedTexts(texts: readonly string[]): string | undefined {
  const found = texts.filter(text => text !== '')
  return found.length === 0 ? undefined : found.join('\n')
}

const readableName = ({ name }: Mailbox): string => decodeEncodedWords(name).replace(/\s+/g, ' ').trim()

/** The mailboxes of a field, of `ToCc` or of `EnvelopeFrom`; names with their encoded words. */
export const mailboxesOf = (
  view: MessageView,
  name: string,
  modifiers: readonly string[] = [],
): readonly Mailbox[] => mailboxesAt(view, mailboxesKey(name.toLowerCase(), modifiers), name, modifiers)

const mailboxesKey = (lower: string, modifiers: readonly string[]): string =>
  `mailboxes ${lower} ${modifiers.filter(word => word === 'first' || word === 'last')}`

const mailboxesAt = (
  view: MessageView,
  key: string,
  name: string,
  modifiers: readonly string[],
): readonly Mailbox[] =>
  view.once(key, () =>
    rawTexts(view, name, modifiers).flatMap(text => readMailboxes(text.slice(0, maximumLength))),
  )

function rawTexts(view: MessageView, name: string, modifiers: readonly string[]): string[] {
  const lower = name.toLowerCase()
  if (lower === 'envelopefrom')
    return view.context.envelopeFrom === undefined ? [] : [view.context.envelopeFrom]
  const names = lower === 'tocc' ? ['to', 'cc'] : [lower]
  return names
    .flatMap(field => chosen(view.fields.get(field), modifiers) ?? [])
    .map(row => unfolded(view.raw(row)))
}
