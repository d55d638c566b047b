/**
 * What is thought of a message: how likely it is spam, and why. Formed by `content/`, weighed by `policy/`, told by `observe/`.
 *
 * Leaves out: what is done about it (`verdict.ts`).
 */

/** How likely a message is spam, and what speaks for and against it. */
export interface Opinion {
  /** 0…1, in full precision: what looks like 1 still has an order. */
  readonly score: number
  /** What the score is made of, what weighs most first; the first ones, when there are many. */
  readonly symbols: readonly SpamSymbol[]
}

export interface SpamSymbol {
  readonly name: string
  /** Natural logarithm of odds: positive speaks for spam. */
  readonly weight: number
  /** What it means, in plain language, without its full stop; it quotes nothing of the message. */
  readonly sentence: string
}
