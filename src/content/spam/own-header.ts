/**
 * The header of the message itself, not of its parts: values by name, as they were decoded.
 *
 * Promises: names are keys of a Map; a value is read when it is asked for, up to `fieldReach` octets; linear.
 */
import { fieldWidth, type Mailbox, nameOf, readMailbox, textOf } from '#scanner/features/mailbox.ts'
import { lowered, trimmed } from '#scanner/features/shapes.ts'
import type { MessageView } from '#scanner/features/view.ts'

/** A mailbox of a field; its domain in lower case, its name without quotes. */
export interface NamedMailbox extends Mailbox {
  /** The field, trimmed. */
  readonly text: string
}

const nobody: NamedMailbox = { name: '', local: '', domain: '', text: '' }
/** Fields of one name that are kept. */
const mostOfOneName = 8

export class OwnHeader {
  readonly #view: MessageView
  /** Lower-case name → rows in the table of fields. */
  readonly #rows = new Map<string, number[]>()
  /** By row. A dozen symbols ask for the subject. */
  readonly #values = new Map<number, string>()
  readonly #mailboxes = new Map<string, NamedMailbox>()

  constructor(view: MessageView) {
    this.#view = view
    const { fields } = view.output
    for (let row = 0; row + fieldWidth <= fields.length; row += fieldWidth) {
      if (fields[row] !== 0) continue
      const name = nameOf(view, row)
      const rows = this.#rows.get(name)
      if (rows === undefined) this.#rows.set(name, [row])
      else if (rows.length < mostOfOneName) rows.push(row)
    }
  }

  /** Lower-case names, each once, in the order in which they first occur. */
  get names(): Iterable<string> {
    return this.#rows.keys()
  }

  has(name: string): boolean {
    return this.#rows.has(name)
  }

  count(name: string): number {
    return this.#rows.get(name)?.length ?? 0
  }

  /** Of the first field of that name, trimmed; empty when there is none. */
  value(name: string): string {
    const row = this.#rows.get(name)?.[0]
    if (row === undefined) return ''
    let value = this.#values.get(row)
    if (value === undefined) {
      value = trimmed(unicode(textOf(this.#view, row)))
      this.#values.set(row, value)
    }
    return value
  }

  /** Of the first field of that name. */
  mailbox(name: string): NamedMailbox {
    let mailbox = this.#mailboxes.get(name)
    if (mailbox === undefined) {
      mailbox = this.has(name) ? mailboxOf(this.value(name)) : nobody
      this.#mailboxes.set(name, mailbox)
    }
    return mailbox
  }

  get from(): NamedMailbox {
    return this.mailbox('from')
  }

  get subject(): string {
    return this.value('subject')
  }
}

/** Octets as characters; most are ASCII and stay as they are. */
export const unicode = (octets: string): string =>
  /[\x80-\xff]/.test(octets) ? Buffer.from(octets, 'latin1').toString() : octets

function mailboxOf(text: string): NamedMailbox {
  const { name, local, domain } = readMailbox(text)
  return { name: unquoted(name), local, domain: withoutDot(lowered(domain)), text }
}

const withoutDot = (domain: string) => (domain.endsWith('.') ? domain.slice(0, -1) : domain)

/** `"Doe, Jo"` and `'Jo'` → what is between the quotes. */
function unquoted(name: string): string {
  const quote = name[0]
  const whole = name.length > 1 && (quote === '"' || quote === "'") && name.endsWith(quote)
  return trimmed(whole ? name.slice(1, -1).replaceAll('\\"', '"') : name)
}
