/**
 * Gathers the features of one message: each slot once, in the order of the first, up to the limits. On request it keeps
 * what each slot is about, for explanations.
 */
import { joinHashes } from '#scanner/features/hash.ts'
import { featureLimits, type Group, groups, type Kind, kinds } from '#scanner/features/kinds.ts'

/** Slots of each group, in the order of `groups`. */
export type FeatureVector = readonly Uint32Array[]

/** What a slot of a message is about. Other features of the message may share it; this one came first. */
export interface FeatureName {
  readonly kind: Kind
  /** From outside: it may hold anything. */
  readonly text: string
}

/** A name that says what stands in the message, in strings of one character an octet. */
export const sayOctets = (say: () => string) => () => Buffer.from(say(), 'latin1').toString()

export class Collector {
  /** Names by slot, for each group; undefined when nobody asked. */
  readonly names: readonly Map<number, FeatureName>[] | undefined
  readonly #shifts: readonly number[]
  readonly #seen: readonly Set<number>[]

  constructor(bits: readonly number[], named: boolean) {
    this.#shifts = bits.map(each => 32 - each)
    this.#seen = groups.map(() => new Set<number>())
    this.names = named ? groups.map(() => new Map<number, FeatureName>()) : undefined
  }

  /** `say` is only called for explanations; `further` is added to the number of the kind. */
  add(group: Group, kind: Kind, first: number, second: number, say: () => string, further = 0): void {
    const index = groups.indexOf(group)
    const seen = this.#seen[index]!
    const slot = joinHashes(kinds[kind][0] + further, first, second) >>> this.#shifts[index]!
    if (seen.has(slot) || seen.size === featureLimits[index]!) return
    seen.add(slot)
    if (this.names !== undefined) this.names[index]!.set(slot, { kind, text: say() })
  }

  vector(): FeatureVector {
    return this.#seen.map(slots => Uint32Array.from(slots))
  }
}
