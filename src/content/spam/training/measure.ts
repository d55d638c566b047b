/**
 * How much spam is found at which price: of mails whose kind is known, the share of spam above a threshold that so many ham are
 * above.
 */
export interface Measured {
  readonly ham: number
  readonly spam: number
  readonly points: readonly {
    /** The share of ham that may be taken for spam. */
    readonly falsePositives: number
    readonly recall: number
    readonly threshold: number
  }[]
}

export const prices = [0.001, 0.005] as const

/** Ties with ham are lost: a threshold cannot tell them apart. */
export function measure(margins: Float64Array, labels: Uint8Array): Measured {
  const ham = margins.filter((_, mail) => labels[mail] === 0).sort()
  const spam = margins.filter((_, mail) => labels[mail] === 1)
  const points = prices.map(falsePositives => {
    const threshold =
      ham[ham.length - 1 - Math.floor(falsePositives * ham.length)] ?? Number.NEGATIVE_INFINITY
    const found = spam.reduce((sum, margin) => sum + (margin > threshold ? 1 : 0), 0)
    return { falsePositives, threshold, recall: spam.length === 0 ? 0 : found / spam.length }
  })
  return { ham: ham.length, spam: spam.length, points }
}
