/**
 * A report: somebody says of a message that it is spam, or that it is not.
 *
 * Promises: nothing of the text is kept, only slots of features. Who has the journal and a dictionary can still guess which words
 * and pairs a message had, and so it is for its owner alone. The slots are those of the largest tables, so that they hold
 * for a model of any size. A reporter is one address: what stands behind `+` in it, and capitals, make no second one.
 * Leaves out: whether the reporter is who he says he is. Whoever takes reports in (command, mailbox, quarantine) has to know.
 */
import type { FeatureVector } from '#scanner/features/collector.ts'
import type { FeatureOptions } from '#scanner/features/features.ts'

/** For the administrator himself, whose word needs no second. */
export const administrator = ''

declare const reporterBrand: unique symbol
export type Reporter = string & { readonly [reporterBrand]: true }

export interface Report {
  readonly reporter: Reporter
  /** Milliseconds since 1970. */
  readonly at: number
  readonly spam: boolean
  /** By group, each slot once. */
  readonly slots: FeatureVector
}

/** Of every model that can be corrected: the largest tables, and otherwise as they are by default. */
export const reportOptions: FeatureOptions = { bits: [24, 24, 24, 24], window: 2, carried: false }
/** Slots of a report, by group. Longer texts say nothing new. */
export const mostSlots = [4_096, 1_024, 1_024, 512] as const

const longestReporter = 320

/** undefined for what is no address. */ // RFC 5321 §4.5.3.1
export function reporterOf(address: string): Reporter | undefined {
  if (address === administrator) return administrator as Reporter
  const at = address.lastIndexOf('@')
  if (at <= 0 || at === address.length - 1 || Buffer.byteLength(address) > longestReporter) return undefined
  if (/[\s\p{Cc}]/u.test(address)) return undefined
  const local = address.slice(0, at).replace(/(?!^)\+.*$/s, '')
  return `${local}${address.slice(at)}`.toLowerCase() as Reporter
}

export const reportOf = (reporter: Reporter, spam: boolean, vector: FeatureVector, at: number): Report => ({
  reporter,
  at,
  spam,
  slots: vector.map((slots, group) => slots.slice(0, mostSlots[group])),
})
