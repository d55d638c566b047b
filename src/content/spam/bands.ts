/**
 * What a score means when nobody has said otherwise: the bands of the default verdict.
 *
 * A score of s says that of such messages a share s is spam. What may be done follows from what a mistake costs:
 * - below 0.5 it is more likely honest than not, and passes untouched;
 * - from 0.5 on it is `tag`ged: it still arrives, and the reader or his mail program may sort it. A mistake costs a glance;
 * - from 0.9 on, nine to one, it is `hold`: kept in quarantine, where a mistake can be taken back but somebody has to look;
 * - from 0.99 on, a hundred to one, it is `refuse`d while the sender is connected: of a mistake the sender is told.
 * Nothing is discarded by default, for of that nobody would be told.
 */
export const bands = [
  { from: 0.99, verdict: 'refuse' },
  { from: 0.9, verdict: 'hold' },
  { from: 0.5, verdict: 'tag' },
  { from: 0, verdict: 'pass' },
] as const

export type BandVerdict = (typeof bands)[number]['verdict']

export const verdictOf = (score: number): BandVerdict =>
  bands.find(({ from }) => score >= from)?.verdict ?? 'pass'
