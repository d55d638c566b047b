/**
 * Proximity: one occurrence of each side, within so many words, in one record.
 *
 * The distance between neighbours is 1; between what overlaps, 0. Of more than two sides it is the distance between the
 * end of the one that ends first and the beginning of the one that begins last.
 * Promises: linear in the number of occurrences, which come sorted by record and last word; finds a choice when there is one.
 */
import type { Occurrence } from './matches.ts'

export type Side = readonly Occurrence[]

/** The chosen occurrences, one of each side; undefined when no choice is near enough. */
export function findNear(
  sides: readonly Side[],
  within: number,
  ordered: boolean,
): readonly Occurrence[] | undefined {
  for (const record of commonRecords(sides)) {
    const found = ordered ? findOrdered(record, within) : findTogether(record, within)
    if (found !== undefined) return found
  }
  return undefined
}

/** The sides, divided by record; records that a side does not have are left out. */
function commonRecords(sides: readonly Side[]): readonly (readonly Side[])[] {
  const [first, ...others] = sides.map(side => Map.groupBy(side, occurrence => occurrence.record))
  return [...first!].flatMap(([record, own]) => {
    const rest = others.map(other => other.get(record))
    return rest.every(side => side !== undefined) ? [[own, ...rest]] : []
  })
}

/**
 * For the occurrence that ends first, at word L, each side must have one that ends at L or later and begins at L + within
 * or earlier: the one that begins first of those that end at L or later.
 */
function findTogether(sides: readonly Side[], within: number): readonly Occurrence[] | undefined {
  const earliest = sides.map(earliestBeginnings)
  const positions = sides.map(() => 0)
  for (const candidate of mergeByEnd(sides)) {
    const chosen = sides.map((side, index) => {
      while (positions[index]! < side.length && side[positions[index]!]!.last < candidate.last)
        positions[index]!++
      return earliest[index]![positions[index]!]
    })
    if (chosen.every(occurrence => occurrence !== undefined && occurrence.first <= candidate.last + within))
      return chosen as Occurrence[]
  }
  return undefined
}

/** For each position the occurrence, there or later, that begins first. */
function earliestBeginnings(side: Side): readonly Occurrence[] {
  const found: Occurrence[] = new Array(side.length)
  for (let index = side.length - 1; index >= 0; index--) {
    const later = found[index + 1]
    found[index] = later === undefined || side[index]!.first <= later.first ? side[index]! : later
  }
  return found
}

const mergeByEnd = (sides: readonly Side[]): readonly Occurrence[] =>
  sides.flat().sort((a, b) => a.last - b.last)

interface Chain {
  readonly occurrence: Occurrence
  /** Where the first of the chain ends: the later, the shorter the chain. */
  readonly from: number
  readonly before?: Chain
}

/** Of all chains that end in an occurrence the shortest is kept; it grows side by side. */
function findOrdered(sides: readonly Side[], within: number): readonly Occurrence[] | undefined {
  let chains: readonly Chain[] = sides[0]!.map(occurrence => ({ occurrence, from: occurrence.last }))
  for (const side of sides.slice(1)) chains = grow(chains, side)
  const found = chains.find(chain => chain.occurrence.first - chain.from <= within)
  return found && unroll(found)
}

function grow(chains: readonly Chain[], side: Side): readonly Chain[] {
  const byBeginning = side.toSorted((a, b) => a.first - b.first)
  const byEnd = chains.toSorted((a, b) => a.occurrence.last - b.occurrence.last)
  const grown: Chain[] = []
  let best: Chain | undefined
  let next = 0
  for (const occurrence of byBeginning) {
    for (; next < byEnd.length && byEnd[next]!.occurrence.last < occurrence.first; next++)
      if (best === undefined || byEnd[next]!.from > best.from) best = byEnd[next]!
    if (best !== undefined) grown.push({ occurrence, from: best.from, before: best })
  }
  return grown
}

function unroll(chain: Chain): readonly Occurrence[] {
  const found: Occurrence[] = []
  for (let at: Chain | undefined = chain; at !== undefined; at = at.before) found.unshift(at.occurrence)
  return found
}
