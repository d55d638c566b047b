/**
 * The header fields that tell a mail program what we think of a message.
 *
 * Promises: ASCII, folded, no line above 78 octets but for a single long word (RFC 5322 §2.1.1); nothing that came from outside
 * gets in unescaped, so that a message cannot write a field of its own. All names begin with `X-Sluice-`, and delivery takes
 * away what strangers wrote under such names.
 * Leaves out: which fields are wanted (configuration), putting them into the message (`delivery/`).
 */
import type { SpamSettings } from '#config/spam-settings.ts'
import type { Address } from '#mail/address.ts'
import type { Opinion, SpamSymbol } from '#mail/opinion.ts'
import { shownScore } from '#mail/verdict.ts'

export type FieldName = SpamSettings['headers'][number]
export type Flag = 'YES' | 'NO' | 'UNKNOWN'

export interface Marked {
  readonly flag: Flag
  /** Absent for a message that could not be scanned. */
  readonly opinion?: Opinion | undefined
  /** For whom it came, when it is redirected. */
  readonly recipients?: readonly Address[]
}

/** Symbols and addresses that a field names: it stays readable, and a header within bounds. */
const mostSymbols = 20
const mostRecipients = 50

/** In the order of the settings. A field that has nothing to say is left out. */
export const fieldsOf = (wanted: readonly FieldName[], marked: Marked): readonly string[] =>
  wanted.flatMap(name => {
    const words = writers[name](marked)
    return words.length === 0 ? [] : [folded(fieldNames[name], words)]
  })

const fieldNames = {
  flag: 'X-Sluice-Spam-Flag',
  score: 'X-Sluice-Spam-Score',
  symbols: 'X-Sluice-Spam-Symbols',
  report: 'X-Sluice-Spam-Report',
  recipient: 'X-Sluice-Spam-Recipient',
} as const satisfies Record<FieldName, string>

const writers: Readonly<Record<FieldName, (marked: Marked) => readonly string[]>> = {
  flag: ({ flag }) => [flag],
  score: ({ opinion }) => (opinion === undefined ? [] : [shownScore(opinion.score)]),
  symbols: ({ opinion }) => listed(strongest(opinion).map(symbol => weighed(symbol))),
  report: ({ opinion }) =>
    listed(strongest(opinion).map(symbol => `${weighed(symbol)}: ${escaped(symbol.sentence)}`)).flatMap(
      text => text.split(' '),
    ),
  recipient: ({ recipients = [] }) =>
    listed(recipients.slice(0, mostRecipients).map(address => `<${escaped(address)}>`)),
}

const strongest = (opinion: Opinion | undefined): readonly SpamSymbol[] =>
  opinion?.symbols.slice(0, mostSymbols) ?? []

/** One word of a folded line: `FROM_NAME_IS_ADDRESS=+1.20`. */
const weighed = ({ name, weight }: SpamSymbol): string =>
  `${escaped(name).replaceAll(' ', '_')}=${weight < 0 ? '' : '+'}${weight.toFixed(2)}`

const listed = (items: readonly string[]): readonly string[] =>
  items.map((item, index) => (index < items.length - 1 ? `${item},` : item))

/** Printable ASCII stays; everything else as `\x{…}`, as RFC 6533 §3 writes it, and so does the backslash. */
const escaped = (text: string): string =>
  text.replace(
    /[^ -[\]-~]/gu,
    character => `\\x{${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}}`,
  )

const lineLength = 78
/** No line comes near the 998 octets of RFC 5322 §2.1.1: a word is cut where it is absurd. */
const wordLength = /.{1,500}/g

/** RFC 5322 §2.2.3. */
function folded(name: string, words: readonly string[]): string {
  const lines: string[] = []
  let line = `${name}:`
  for (const word of words.flatMap(long => long.match(wordLength) ?? [])) {
    if (line.length + 1 + word.length > lineLength && line !== '' && line !== `${name}:`) {
      lines.push(line)
      line = ''
    }
    line += ` ${word}`
  }
  return [...lines, line].join('\r\n')
}
