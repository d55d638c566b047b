/** Figures of rounds: the median of each, rounded to what the measurement can tell. */

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Three significant digits, as a number. */
export const round = (value: number): number => Number(value.toPrecision(3))

export const mebibytes = (octets: number): number => round(octets / 2 ** 20)
