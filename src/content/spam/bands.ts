/**
 * What a score means when nobody has said otherwise: the verdict by the bands that the configuration has by default, so that
 * a message which is looked at by hand is judged as one that arrives.
 *
 * Leaves out: bands of a zone, domain or recipient, which are for policy; why they are where they are (`config/`).
 */
import { defaultBands } from '#config/sections/spam.ts'

export type BandVerdict = (typeof defaultBands)[number]['do']

/** The bands stand in rising order; below the first one a message passes. */
export const verdictOf = (score: number): BandVerdict =>
  defaultBands.findLast(({ from }) => score >= from)?.do ?? 'pass'
