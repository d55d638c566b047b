/**
 * The features of all mails of a training, kept compactly: 4 octets a feature, in slabs of shared memory that every thread
 * reads. A slot stands there as its column: its place in the table of all groups, one behind the other.
 *
 * Cost: of a typical mail of 20 KB some 10 KB; of no mail more than `mostOfMail` columns, 27 KB.
 */
import { groups } from '#scanner/features/kinds.ts'

/** Columns of one mail that are learned from, by group: those of the longest texts say nothing new. */
export const mostOfGroup = [4_096, 1_024, 1_024, 512] as const
export const mostOfMail = mostOfGroup.reduce((sum, most) => sum + most, 0)

export const groupCount = groups.length

/** Mails in the order of their content's hash, each once. Survives structured clone without a copy. */
export interface FeatureStore {
  /** On shared memory. A mail has a count for each group there, and then its columns. */
  readonly slabs: readonly Uint32Array[]
  readonly slab: Uint32Array
  readonly start: Uint32Array
  /** 1: spam. */
  readonly label: Uint8Array
}

/** Where each group begins in the table of all, and the size of it. */
export function groupStarts(bits: readonly number[]): readonly number[] {
  const starts = [0]
  for (const each of bits) starts.push(starts.at(-1)! + 2 ** each)
  return starts
}

/** The bounds of a mail's groups in its slab: five of them. */
export function boundsOf(store: FeatureStore, mail: number, bounds: Uint32Array, at = 0): Uint32Array {
  const slab = store.slabs[store.slab[mail]!]!
  const start = store.start[mail]!
  let end = start + groupCount
  bounds[at] = end
  for (let group = 0; group < groupCount; group++) {
    end += slab[start + group]!
    bounds[at + group + 1] = end
  }
  return bounds
}
