/**
 * Match rows under their limits, and in the order in which a scan returns them.
 */
import { matchColumns } from '#scanner/layout.ts'
import { perPattern } from '#scanner/pattern.ts'

/** The columns of `matchColumns`. */
export type MatchRow = readonly [
  pattern: number,
  part: number,
  zone: number,
  start: number,
  end: number,
  word: number,
]

/** The rows of one zone. */
export class MatchRows {
  readonly #limit: number
  readonly #perPattern = new Map<number, number>()
  #rows: MatchRow[] = []
  #isCut = false

  constructor(limit: number) {
    this.#limit = limit
  }

  get rows(): readonly MatchRow[] {
    return this.#rows
  }

  /** More were found than the limit for all patterns allows. */
  get isCut(): boolean {
    return this.#isCut
  }

  add(row: MatchRow): void {
    const count = this.#perPattern.get(row[0]) ?? 0
    if (count >= perPattern) return
    if (this.#rows.length >= this.#limit) {
      this.#isCut = true
      return
    }
    this.#perPattern.set(row[0], count + 1)
    this.#rows.push(row)
  }

  /** What could not be looked for counts as cut. */
  giveUp(): void {
    this.#isCut = true
  }

  reset(): void {
    this.#rows = []
    this.#perPattern.clear()
    this.#isCut = false
  }
}

/** By part, zone, end, pattern, start. */
function compare(a: MatchRow, b: MatchRow): number {
  return a[1] - b[1] || a[2] - b[2] || a[4] - b[4] || a[0] - b[0] || a[3] - b[3]
}

/** Each zone kept the limits for itself; here they are kept for all zones together. */
export function gatherRows(
  zones: Iterable<MatchRows>,
  limit: number,
): { readonly matches: Uint32Array; readonly isCut: boolean } {
  const all = new MatchRows(limit)
  let isCut = false
  const rows: MatchRow[] = []
  for (const zone of zones) {
    isCut ||= zone.isCut
    for (const row of zone.rows) rows.push(row)
  }
  for (const row of rows.sort(compare)) all.add(row)
  const matches = new Uint32Array(all.rows.length * matchColumns.length)
  all.rows.forEach((row, index) => {
    matches.set(row, index * matchColumns.length)
  })
  return { matches, isCut: isCut || all.isCut }
}
