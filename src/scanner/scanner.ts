/**
 * The contract that the native and the TypeScript scanner share: a message in, in pieces of any size, tables out.
 *
 * Promises: linear in the size of the message, in bounded memory, whatever the octets; the same tables however the message
 * is cut into pieces; never an exception for what stands in a message.
 */
import type { FlagName } from '#scanner/flag.ts'
import type { Pattern } from '#scanner/pattern.ts'

/** Every limit raises its flag when it is reached, and the scan goes on without what is beyond. */
export interface ScanLimits {
  /** Parts inside parts; the message is at depth 0. */
  readonly depth: number
  readonly parts: number
  /** Header fields of all parts together. */
  readonly fields: number
  /** Octets of the header of one part. */
  readonly header: number
  /** Links of all parts together. */
  readonly links: number
  /** Octets of one link. */
  readonly link: number
  /** Octets kept of each zone, over all parts, for confirmation, features and display; `attachment` and `wire` are never kept. */
  readonly kept: number
  /** Matches of all patterns together; see also `perPattern`. */
  readonly matches: number
}

export const defaultLimits: ScanLimits = {
  depth: 16,
  parts: 1_000,
  fields: 5_000,
  header: 262_144,
  links: 2_000,
  link: 4_096,
  kept: 1_048_576,
  matches: 65_536,
}

/** The tables of `layout.ts`. The arrays belong to the caller. */
export interface ScanOutput {
  /** Octets of the message. */
  readonly size: number
  readonly parts: Uint32Array
  readonly fields: Uint32Array
  readonly texts: Uint32Array
  readonly links: Uint32Array
  readonly flags: Uint32Array
  readonly matches: Uint32Array
  /** Names and parameters: what the `…Start` and `…End` columns of parts and fields point into. */
  readonly strings: Uint8Array
  /** The kept texts. */
  readonly text: Uint8Array
}

/** What is known of a message without its tables. */
export interface ScanBrief {
  /** Octets of the message. */
  readonly size: number
  readonly parts: number
  /** Each once, in the order of their numbers. */
  readonly flags: readonly FlagName[]
}

/** One message at a time; after `end`, `endInBrief` or `abandon` the next may begin. */
export interface Scanner {
  /** The piece is read before this returns, never kept. */
  write(piece: Uint8Array): void
  end(): ScanOutput
  /** As `end`, for whoever needs no tables: of a small message it costs half. */
  endInBrief(): ScanBrief
  /** Forgets the message, for a connection that broke. */
  abandon(): void
}

/** Patterns made ready for one of the scanners; immutable, shared between threads. */
export interface PatternSet {
  readonly patterns: readonly Pattern[]
}

/** What scans: the native core or its stand-in. */
export interface ScanEngine {
  readonly name: 'native' | 'typescript'
  /** Patterns may be replaced by `patterns` of the next scanner at any time; those of an open one stay. */
  open(options: { readonly patterns?: PatternSet; readonly limits?: Partial<ScanLimits> }): Scanner
}
