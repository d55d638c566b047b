/**
 * From positions in the text that RegExp saw to octets and words of the zone, asked in ascending order.
 */
import type { Zone } from '#scanner/layout.ts'

export interface Positions {
  /** Octets of the record before this UTF-16 unit. */
  octet(unit: number): number
  /** The column `word` of a match that ends behind so many octets of the record. */
  word(octet: number): number
}

/** A match of which the word is known. */
export interface KnownWord {
  readonly record: { readonly start: number }
  readonly end: number
  readonly word: number
}

export const hasWords = (zone: Zone): boolean =>
  zone === 'text' || zone === 'hidden' || zone === 'header' || zone === 'filename'

/** `isText`: UTF-8, else one unit an octet. Without `known` words are 0. */
export function createPositions(
  text: string,
  octets: Uint8Array,
  isText: boolean,
  known: KnownWord | undefined,
): Positions {
  let unit = 0
  let octet = 0
  const words = createWordCount(octets)
  // Of the words before this record nothing is known but by way of the match that is.
  const before =
    known === undefined ? 0 : known.word - createWordCount(octets)(known.end - known.record.start)
  return {
    octet(wanted) {
      if (!isText) return wanted
      if (wanted < unit) [unit, octet] = [0, 0]
      octet += Buffer.byteLength(text.slice(unit, wanted))
      unit = wanted
      return octet
    },
    word: wanted => (known === undefined ? 0 : before + words(wanted)),
  }
}

/** How many words begin before an octet; spaces and line feeds separate them. */
function createWordCount(octets: Uint8Array): (end: number) => number {
  let at = 0
  let count = 0
  return end => {
    for (; at < end && at < octets.length; at++)
      if (!separates(octets[at]!) && (at === 0 || separates(octets[at - 1]!))) count++
    return count
  }
}

const separates = (octet: number): boolean => octet === 0x20 || octet === 0x0a
