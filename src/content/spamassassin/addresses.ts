/**
 * Mailboxes in an address field: what `:addr` and `:name` give. RFC 5322 §3.4, read the tolerant way that rules expect.
 *
 * Promises: linear; never throws; at most `maximumMailboxes`.
 */

export interface Mailbox {
  /** Without brackets; empty where there is none. */
  readonly address: string
  /** The display name, else the comment; without its quotes, encoded words as they are. */
  readonly name: string
}

const maximumMailboxes = 200

/** A quoted string, a comment (one level within another), an address in brackets, a separator, or other characters. */
const token = /"((?:[^"\\]|\\.)*)"?|\(((?:[^()\\]|\\.|\([^()]*\))*)\)?|<([^<>]*)>?|([,;])|([^"(<,;]+)/sy

interface Draft {
  words: string
  quoted: boolean
  comment: string
  address: string | undefined
}

const emptyDraft = (): Draft => ({ words: '', quoted: false, comment: '', address: undefined })

export function readMailboxes(value: string): Mailbox[] {
  const mailboxes: Mailbox[] = []
  let draft = emptyDraft()
  const finish = () => {
    const mailbox = mailboxOf(draft)
    if (mailbox !== undefined) mailboxes.push(mailbox)
    draft = emptyDraft()
  }
  token.lastIndex = 0
  while (token.lastIndex < value.length && mailboxes.length < maximumMailboxes) {
    const found = token.exec(value)
    if (found === null) break
    const [whole, quoted, comment, address, separator, words] = found
    if (separator !== undefined) finish()
    else if (address !== undefined) draft.address ??= address.replace(/\s+/g, '')
    else if (comment !== undefined) draft.comment ||= comment.replace(/\\(.)/gs, '$1').trim()
    else if (quoted !== undefined) readQuoted(draft, quoted, whole)
    else readWords(draft, words!)
  }
  finish()
  return mailboxes
}

function readQuoted(draft: Draft, quoted: string, whole: string): void {
  if (draft.address !== undefined) return
  // A quoted local part keeps its quotes when it turns out to be one.
  draft.words += draft.words === '' ? whole : ` ${quoted}`
  draft.quoted = true
}

function readWords(draft: Draft, words: string): void {
  if (draft.address !== undefined) return
  // `friends: a@b, c@d;` is a group, whose name says nothing of a mailbox.
  const colon = draft.quoted ? -1 : words.indexOf(':')
  const rest = colon >= 0 && !words.slice(0, colon).includes('@') ? words.slice(colon + 1) : words
  if (rest !== words) draft.words = ''
  draft.words += rest.replace(/\s+/g, ' ')
}

const unquoted = (text: string) => text.replace(/^"(.*?)"?$/s, '$1').replace(/\\(.)/gs, '$1')

function mailboxOf({ words, comment, address }: Draft): Mailbox | undefined {
  const text = words.trim()
  if (address !== undefined) return { address, name: text === '' ? comment : cleaned(text) }
  if (text === '' && comment === '') return undefined
  const bare = text.includes('@')
    ? text
        .replace(/\s*@\s*/, '@')
        .split(' ')
        .find(word => word.includes('@'))!
    : text
  return { address: bare.replace(/\s+/g, ''), name: comment }
}

const cleaned = (name: string) =>
  unquoted(name)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^'(.*)'$/s, '$1')
