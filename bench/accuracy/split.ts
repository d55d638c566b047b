/**
 * The rule that says what is learned from when a mail is measured: four folds, each measured by filters that were trained on
 * the other three. It is the whole of it, and changing it makes figures incomparable.
 *
 * A fold holds whole sources, so that no filter is measured on a sender, list or archive that it has learned from:
 * - mail of a list, its spam too, since both went through the same servers: all in the fold of that list;
 * - the archives of 2002: each in one fold, apart from the newsletters among them and the larger archive of spam, which go by the
 *   domain of the sender;
 * - everything else (newsletters, notices, samples of spam) by the domain of the sender;
 * - mails that say the same go with the first of them, whatever they come from;
 * - what may only be measured is never learned from, nor is a mail that says the same; a quarter of it is measured with each
 *   fold, so that every mail is measured once.
 *
 * By year: 2002, and 2019 and later, are told apart in the figures. Within a fold old mail is measured by filters that know other
 * mail of that time; that is in favour of all of them.
 */
import { createHash } from 'node:crypto'
import type { Mail } from './mail.ts'

export const folds = 4

/** Sources that are held out as a whole. They are chosen so that each fold has ham and spam of both times. */
const foldOfSource: ReadonlyMap<string, number> = new Map([
  ['linux-man', 0],
  ['SA-easy_ham_2', 0],
  ['SA-spam', 0],
  ['linux-serial', 1],
  ['linux-sctp', 1],
  ['usrp-users', 2],
  ['linux-alpha', 3],
  ['SA-easy_ham', 3],
])

/** `listspam-relabelled-linux-man` → `linux-man`. */
const sourceOf = (subset: string): string =>
  subset.replace(/^(?:listham-train|listspam-relabelled|listspam)-/, '')

const bucket = (text: string, buckets: number): number =>
  createHash('sha256').update(text).digest().readUInt32BE() % buckets

function foldOf({ subset, sender, text, measureOnly }: Mail): number {
  if (measureOnly) return bucket(text, folds)
  const whole = foldOfSource.get(sourceOf(subset))
  if (whole !== undefined) return whole
  // The other archive of spam of that time is in fold 0.
  return subset === 'SA-spam_2' ? 1 + bucket(sender, folds - 1) : bucket(sender, folds)
}

export interface Fold {
  readonly learned: readonly Mail[]
  readonly measured: readonly Mail[]
}

export function split(mails: readonly Mail[]): readonly Fold[] {
  const unlearned = new Set(mails.filter(mail => mail.measureOnly).map(({ text }) => text))
  const learnable = mails.filter(({ text }) => !unlearned.has(text))
  const ofText = new Map<string, number>()
  for (const mail of mails) if (!ofText.has(mail.text)) ofText.set(mail.text, foldOf(mail))
  return Array.from({ length: folds }, (_, fold) => ({
    learned: learnable.filter(({ text }) => ofText.get(text) !== fold),
    measured: mails.filter(({ text }) => ofText.get(text) === fold),
  }))
}
