/**
 * Reports about the same message, or copies of it, are one cluster, and in it everybody has one voice: his last.
 *
 * Promises: the same reports give the same clusters, whatever the order of the journal. Linear in the reports.
 */
import { bands, type Sketch, Sketcher } from '#content/spam/bulk/sketch.ts'
import { administrator, type Report, type Reporter } from '#content/spam/learning/report.ts'
import { hashOf } from '#scanner/features/hash.ts'

export interface Cluster {
  /** The first report: its message stands for all. */
  readonly first: Report
  /** True: spam. */
  readonly voices: ReadonlyMap<Reporter, boolean>
}

interface Growing {
  readonly first: Report
  /** Of the body. */
  readonly words: ReadonlySet<number>
  readonly voices: Map<Reporter, boolean>
}

/** No secret, for the same reports have to give the same clusters: what a sketch says is therefore checked word by word. */
const key = { first: 0x51_0ce, second: 0x0b_a55 }
/** Words and pairs in common, as a share of all that either has (Jaccard). */
const leastInCommon = 0.4

export function clustersOf(reports: readonly Report[]): readonly Cluster[] {
  const sketcher = new Sketcher(key)
  const byBand = new Map<string, Growing>()
  const clusters: Growing[] = []
  for (const report of sorted(reports)) {
    const sketch = sketcher.sketch(report.slots[0]!)
    const keys = sketch === undefined ? [wholeKey(report)] : keysOf(sketch)
    const alike = keys.map(each => byBand.get(each)).find(each => each !== undefined && isAlike(each, report))
    const cluster = alike ?? { first: report, words: new Set(report.slots[0]), voices: new Map() }
    if (alike === undefined) clusters.push(cluster)
    for (const each of keys) if (!byBand.has(each)) byBand.set(each, cluster)
    cluster.voices.set(report.reporter, report.spam)
  }
  return clusters
}

function isAlike({ words }: Growing, { slots }: Report): boolean {
  const own = slots[0]!
  const common = own.reduce((sum, slot) => sum + (words.has(slot) ? 1 : 0), 0)
  const all = words.size + own.length - common
  return all === 0 || common >= all * leastInCommon
}

const keysOf = ({ bands: hashes }: Sketch): readonly string[] =>
  Array.from({ length: bands }, (_, band) => `${band} ${hashes[band]}`)

/** A short text is like another only when all of it is the same. */
const wholeKey = ({ slots }: Report): string =>
  `short ${slots[0]!.toSorted().join(' ')} ${slots[2]!.toSorted().join(' ')}`

/** By time; what came in the same instant by what it says. */
const sorted = (reports: readonly Report[]): readonly Report[] =>
  reports
    .map(report => ({ report, hash: hashOf(new Uint8Array(report.slots[0]!.slice().buffer)) }))
    .sort(
      (one, other) =>
        one.report.at - other.report.at ||
        (one.report.reporter < other.report.reporter
          ? -1
          : Number(one.report.reporter > other.report.reporter)) ||
        one.hash - other.hash ||
        Number(one.report.spam) - Number(other.report.spam),
    )
    .map(({ report }) => report)

/** Distinct reporters that are needed, when the administrator is not among them. */
export const leastReporters = 3
/** So many times as many voices have to stand on one side. */
const clearMajority = 4

export type Standing =
  | { readonly kind: 'accepted'; readonly spam: boolean; readonly reporters: readonly Reporter[] }
  /** Too few say so yet. */
  | { readonly kind: 'waiting' }
  /** Reporters say different things. */
  | { readonly kind: 'contradicted' }

export function standingOf({ voices }: Cluster): Standing {
  const word = voices.get(administrator as Reporter)
  if (word !== undefined) return { kind: 'accepted', spam: word, reporters: [administrator as Reporter] }
  const sides = [false, true].map(side =>
    [...voices.keys()].filter(reporter => voices.get(reporter) === side),
  )
  const spam = sides[1]!.length > sides[0]!.length
  const [for_, against] = spam ? [sides[1]!, sides[0]!] : [sides[0]!, sides[1]!]
  if (against.length * clearMajority > for_.length) return { kind: 'contradicted' }
  return for_.length < leastReporters
    ? { kind: 'waiting' }
    : { kind: 'accepted', spam, reporters: for_.sort() }
}
