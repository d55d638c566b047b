/**
 * What `sluice tune` says of one thing of the machine: how it is, and what would be better.
 */
export interface Finding {
  readonly area: 'processor' | 'scanner' | 'memory' | 'disk' | 'network' | 'system'
  /** What it is about, in a few words. */
  readonly name: string
  /** How it is. */
  readonly value: string
  /** Absent: it is as it should be. */
  readonly advice?: Advice
}

export interface Advice {
  /** A sentence: what is wrong with it for mail. */
  readonly sentence: string
  /** What sets it, as root. Lasts until the next start unless the sentence says otherwise. */
  readonly command?: string
}

type Area = Finding['area']

/** Findings of one area. `advice` may be undefined, for what is well. */
export const findingsOf =
  (area: Area) =>
  (name: string, value: string, advice?: Advice): Finding => ({
    area,
    name,
    value,
    ...(advice !== undefined && { advice }),
  })

/** The first that applies. */
export const firstOf = (...pieces: readonly (Advice | false | undefined)[]): Advice | undefined =>
  pieces.find(piece => piece !== false && piece !== undefined) || undefined

export function formatOctets(octets: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let unit = 0
  let number = octets
  for (; number >= 1_024 && unit + 1 < units.length; unit++) number /= 1_024
  return `${number >= 10 || unit === 0 ? Math.round(number) : number.toFixed(1)} ${units[unit]}`
}
