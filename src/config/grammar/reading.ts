/**
 * How a text of the configuration is read: a reader gives the value in its one inner form, or a Flaw that says what is
 * wrong and, where it can be guessed, what would be right.
 *
 * Promises: no text gets through a reader with CR, LF, NUL or another control character in it, so nothing that is
 * configured can split an SMTP command or a header (promise 6).
 * Leaves out: where in the file the text stands (`file/`), and the schema (`written.ts`): an engine thread that reads a
 * next hop shall not load zod for it, which is 10 MB in each.
 */
export interface Flaw {
  readonly kind: 'flaw'
  /** Goes on after the value: `"1.2.3" ` + `is not an IP address`. */
  readonly reason: string
  /** A value that would be right, or the advice to write one. */
  readonly suggestion?: string
}

export const flaw = (reason: string, suggestion?: string): Flaw => ({
  kind: 'flaw',
  reason,
  ...(suggestion !== undefined && { suggestion }),
})

export const isFlaw = (value: unknown): value is Flaw =>
  typeof value === 'object' && value !== null && (value as Partial<Flaw>).kind === 'flaw'

/** C0, DEL, C1, and what Unicode breaks lines or reorders text with: none has a place in a setting. */
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/

/** A lone surrogate has no UTF-8 form: it would be written as something else than what was checked. */
export function controlFlaw(text: string): Flaw | undefined {
  if (control.test(text)) return flaw('contains a line break or another control character')
  return text.isWellFormed() ? undefined : flaw('contains half of a character')
}

/** The value as a person may read it in a terminal: quoted, cut, nothing that moves the cursor. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  const shown = text.length > 80 ? `${text.slice(0, 77)}…` : text
  return shown.replace(new RegExp(control, 'g'), escaped)
}

/** For texts that are not ours (library messages, keys): controls become `\u001b` and the like. */
export const printable = (text: string): string => text.replace(new RegExp(control, 'g'), escaped)

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
