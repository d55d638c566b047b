/**
 * A scan in brief, out of the row of numbers of the native core or out of the tables.
 *
 * Promises: both give the same, flags in the order of their numbers.
 */
import { type FlagName, flagNames } from '#scanner/flag.ts'
import { flagColumns, partColumns } from '#scanner/layout.ts'
import type { ScanBrief, ScanOutput } from '#scanner/scanner.ts'

const none: readonly FlagName[] = []

/** Called per message: most have no flags, and cost no array. */
export function readBrief(row: Uint32Array): ScanBrief {
  const [sizeLow, sizeHigh, parts, flagsLow, flagsHigh] = row
  return { size: sizeLow! + sizeHigh! * 2 ** 32, parts: parts!, flags: raised(flagsLow!, flagsHigh!) }
}

export function briefOf({ size, parts, flags }: ScanOutput): ScanBrief {
  const words = [0, 0]
  for (let at = 0; at < flags.length; at += flagColumns.length)
    words[flags[at]! >> 5]! |= 1 << (flags[at]! & 31)
  return { size, parts: parts.length / partColumns.length, flags: raised(words[0]!, words[1]!) }
}

const raised = (low: number, high: number): readonly FlagName[] =>
  (low | high) === 0
    ? none
    : flagNames.filter((_, flag) => (((flag < 32 ? low : high) >>> (flag & 31)) & 1) === 1)
