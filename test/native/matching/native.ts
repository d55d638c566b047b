/**
 * Zone streams and pattern databases of the native core, as `native/components/matching.cc` shows them to tests.
 */
import type { Zone } from '#scanner/layout.ts'
import type { Pattern } from '#scanner/pattern.ts'
import type { ZoneStreams } from '#scanner/typescript/sink.ts'
import { loadComponents } from '../../scanner/components.ts'

export interface Verdict {
  readonly handling: 'direct' | 'prefilter' | 'refused'
  readonly reason: string
}

/** Held by the core until `release`, or until the collector takes it. */
export interface Database {
  readonly isDatabase: unique symbol
}

export interface TimedStreams extends ZoneStreams {
  /** Seconds of the processor for so many messages in pieces and records of so many octets. */
  time(zone: Zone, text: Uint8Array, piece: number, record: number, rounds: number): number
}

export interface NativeMatching {
  compile(patterns: readonly Pattern[]): {
    readonly image: Uint8Array
    readonly refusal: string
    readonly verdicts: readonly Verdict[]
  }
  inspect(
    pattern: Pattern,
  ): Verdict & { readonly minWidth: number; readonly maxWidth: number; readonly onlyAtEnd: boolean }
  /** An image without patterns that says it was compiled there. */
  foreignImage(library: string, features: number): Uint8Array
  platform(): { readonly library: string; readonly features: number }
  /** Or why not. */
  load(image: Uint8Array): Database | string
  release(database: Database): void
  describe(database: Database): {
    readonly size: number
    /** How many in this process hold the one copy. */
    readonly holders: number
    readonly parts: readonly {
      readonly zones: number
      readonly patterns: number
      readonly size: number
      readonly streamSize: number
    }[]
  }
  timeNaked(
    database: Database,
    zone: number,
    text: Uint8Array,
    piece: number,
    rounds: number,
  ): { readonly seconds: number; readonly matches: number }
  characters(first: number, last: number): Uint32Array
  readonly ZoneStreams: new (
    database: Database | null,
    limits: { readonly kept: number; readonly matches: number },
  ) => TimedStreams
}

export function loadMatching(): NativeMatching {
  const components = loadComponents()
  if (typeof components === 'string') throw new Error(components)
  return components.matching as NativeMatching
}

/** Compiles and loads; throws when anything is refused. */
export function databaseOf(native: NativeMatching, patterns: readonly Pattern[]): Database {
  const { image, refusal } = native.compile(patterns)
  const database = refusal === '' ? native.load(image) : refusal
  if (typeof database === 'string') throw new Error(database)
  return database
}
