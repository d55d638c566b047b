/**
 * How much spam a filter finds when it may take a given share of ham for spam.
 *
 * Promises: a threshold is a score that was given to a ham, never one in between; a mail is flagged when its score is above it, so
 * that ties count against the filter; of n ham no more than the whole part of n times the share are flagged.
 */
import type { Label } from './mail.ts'

export interface Judged {
  readonly label: Label
  /** Higher is more like spam, on whatever scale. */
  readonly score: number
}

export function thresholdAt(judged: readonly Judged[], falsePositives: number): number {
  const ham = judged
    .filter(({ label }) => label === 'ham')
    .map(({ score }) => score)
    .sort((one, other) => other - one)
  return ham[Math.floor(falsePositives * ham.length)] ?? Number.NEGATIVE_INFINITY
}

export const flagged = (judged: readonly Judged[], threshold: number): number =>
  judged.length === 0 ? 0 : judged.filter(({ score }) => score > threshold).length / judged.length

export const recallAt = (judged: readonly Judged[], falsePositives: number): number =>
  flagged(
    judged.filter(({ label }) => label === 'spam'),
    thresholdAt(judged, falsePositives),
  )
