/**
 * Addresses and domains as features see them: a quick look at what most mail has, no grammar (that is `mail/address.ts`).
 *
 * Texts are strings of one character an octet. Promises: linear; the same as `native/src/model/mailbox.cc`.
 */
import { lowered, trimmed } from '#scanner/features/shapes.ts'
import type { MessageView } from '#scanner/features/view.ts'
import { fieldColumns } from '#scanner/layout.ts'

/** Octets of a field that are looked at. */
export const fieldReach = 2_048

export const fieldWidth = fieldColumns.length

export interface Mailbox {
  readonly name: string
  readonly local: string
  readonly domain: string
}

/** Splits at the last `@`; without one all is local. */
export function readAddress(address: string): Mailbox {
  const at = address.lastIndexOf('@')
  if (at < 0) return { name: '', local: address, domain: '' }
  return { name: '', local: address.slice(0, at), domain: address.slice(at + 1) }
}

const before = (text: string, mark: string): string => {
  const at = text.indexOf(mark)
  return at < 0 ? text : text.slice(0, at)
}

export function readMailbox(text: string): Mailbox {
  const open = text.lastIndexOf('<')
  if (open >= 0) {
    const address = readAddress(trimmed(before(text.slice(open + 1), '>')))
    return { ...address, name: trimmed(text.slice(0, open)) }
  }
  // The old form: address (name).
  const comment = text.indexOf('(')
  if (comment < 0) return readAddress(trimmed(text))
  const address = readAddress(trimmed(text.slice(0, comment)))
  return { ...address, name: trimmed(before(text.slice(comment + 1), ')')) }
}

/** Of the first From of the message; empty when there is none. */
export function senderDomain(view: MessageView): string {
  const { fields } = view.output
  for (let row = 0; row + fieldWidth <= fields.length; row += fieldWidth)
    if (fields[row] === 0 && nameOf(view, row) === 'from')
      return lowered(readMailbox(textOf(view, row)).domain)
  return ''
}

/** Name of the field whose row begins there. */
export const nameOf = (view: MessageView, row: number): string =>
  view.string(view.output.fields[row + 4]!, view.output.fields[row + 5]!)

/** Its text, as far as it is looked at. */
export const textOf = (view: MessageView, row: number): string => {
  const { fields } = view.output
  const start = fields[row + 6]!
  return view.record(fields[row]!, 'header', start, Math.min(fields[row + 7]!, start + fieldReach))
}

/** The same domain, or one below the other. */
export function isRelated(one: string, other: string): boolean {
  if (one.length < other.length) return isRelated(other, one)
  if (other === '' || !one.endsWith(other)) return false
  return one.length === other.length || one[one.length - other.length - 1] === '.'
}

/** The last label, the last two, the last three, and the whole of a lower-case domain. */
export function* suffixes(domain: string): Generator<string> {
  let at = domain.length
  for (let labels = 0; labels < 3 && at !== 0; labels++) {
    const dot = domain.lastIndexOf('.', at - 1)
    if (dot < 0) break
    yield domain.slice(dot + 1)
    at = dot
  }
  yield domain
}
