/**
 * What is done with a message, for each of its recipients, and why: what the stage `policy/` says to the session.
 *
 * Promises: pure. A verdict has a name and a named reason; `verdictReasons` says each in a sentence for the operator, and no
 * stranger reads one.
 * Leaves out: what the queue and delivery make of a verdict (`treated.ts`).
 */
import type { Address } from '#mail/address.ts'
import type { ScanResult } from '#mail/content.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { Opinion, SpamSymbol } from '#mail/opinion.ts'
import type { Mark } from '#mail/treatment.ts'

/** What may be done with a message, from the mildest to the hardest; `defer` is for a message that nobody could look at. */
export const verdictKinds = ['pass', 'tag', 'redirect', 'hold', 'refuse', 'discard', 'defer'] as const
export type VerdictKind = (typeof verdictKinds)[number]

/** Why a verdict is what it is; each as the end of the sentence "hold, because …". */
export const verdictReasons = {
  'below-bands': 'the score is below every band',
  band: 'the score is in that band',
  'not-scanned': 'the message could not be scanned',
  'others-accept': 'the score asks to refuse it, and another recipient takes the message',
} as const satisfies Record<string, string>
export type VerdictReason = keyof typeof verdictReasons

/** Rounded down: no score looks as if it were in a band that it is not in. */
export const shownScore = (score: number): string => (Math.floor(score * 10_000) / 10_000).toFixed(4)

/** For the operator: `hold: the score is in that band (0.9731, from 0.9)`. */
export function sentenceOfVerdict(
  { kind, because, from }: Because & { readonly kind: VerdictKind },
  score: number | undefined,
): string {
  const facts = [
    ...(score === undefined ? [] : [shownScore(score)]),
    ...(from === undefined ? [] : [`from ${from}`]),
  ]
  return `${kind}: ${verdictReasons[because]}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`
}

const mostNamed = 6

/** What weighed most, for the operator: `FROM_NAME_IS_ADDRESS +1.20`. */
export const strongestSymbols = (
  opinion: { readonly symbols: readonly Omit<SpamSymbol, 'sentence'>[] } | undefined,
): readonly string[] =>
  (opinion?.symbols ?? [])
    .slice(0, mostNamed)
    .map(({ name, weight }) => `${name} ${weight < 0 ? '' : '+'}${weight.toFixed(2)}`)

interface Because {
  readonly because: VerdictReason
  /** Where the band begins that the score is in. */
  readonly from?: number
}

/** For one recipient of a message. */
export type Verdict = Because &
  (
    | { readonly kind: 'pass'; readonly mark?: Mark }
    | { readonly kind: 'tag'; readonly mark: Mark }
    | { readonly kind: 'redirect'; readonly to: Address; readonly mark: Mark }
    | { readonly kind: 'hold' }
    | { readonly kind: 'refuse' }
    | { readonly kind: 'discard' }
    | { readonly kind: 'defer' }
  )

export interface Judgement {
  /** Absent when the message could not be scanned. */
  readonly opinion?: Opinion
  /** One for each recipient, in the order of the envelope. `refuse` and `defer` stand there for all of them or for none. */
  readonly verdicts: readonly Verdict[]
}

/** The stage that decides. Implemented by `policy/`, composed by `mailstream/`. */
export interface Judging {
  /**
   * At the end of the data, before anything is committed. undefined: nobody judges this message. Does not wait; costs a few
   * look-ups for each recipient.
   */
  judge(envelope: Envelope, result: ScanResult | undefined): Judgement | undefined
}
