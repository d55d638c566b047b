/**
 * A mail of the corpus, as the measurement speaks of it: where it is, what it is, and what decides which side of a split it
 * is on. The content itself stays in its file.
 */
export type Label = 'ham' | 'spam'

export interface Mail {
  readonly path: string
  readonly label: Label
  /** The archive it comes from. */
  readonly subset: string
  /** 0 where it is not known. */
  readonly year: number
  /** It may be measured, and never learned from. */
  readonly measureOnly: boolean
  /** The last two labels of the domain in From, or `?`. */
  readonly sender: string
  /** The same for mails that say the same. */
  readonly text: string
}

/** Of 2019 and later. A year in a mail of the archive of 2002 is forged; archives without years are of our time. */
export const isModern = ({ subset, year }: Pick<Mail, 'subset' | 'year'>): boolean =>
  !subset.startsWith('SA-') && (year >= 2019 || year === 0)
