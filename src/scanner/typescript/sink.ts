/**
 * How the components of the TypeScript scanner hand octets and faults to each other: the same shapes as in `native/src`.
 *
 * Promises: pieces come in order; a piece is only valid during the call; results never depend on where pieces are cut.
 */
import type { FlagName } from '#scanner/flag.ts'
import type { LinkOrigin, Zone } from '#scanner/layout.ts'

export interface Sink {
  write(piece: Uint8Array): void
  /** The stream is complete. A sink that was never ended belongs to a message that was abandoned. */
  end(): void
}

/** Takes the flags of one part. */
export interface Faults {
  /** `offset` on the wire; without it the flag is one of the part as a whole. */
  raise(flag: FlagName, offset?: number): void
}

export interface TransferDecoder {
  /** `offset` is where the piece begins on the wire. */
  decode(piece: Uint8Array, offset: number): void
  /** The body is complete; does not end the sink. */
  finish(offset: number): void
}

/** Opens the sink for a uuencoded file; undefined: the file is skipped. */
export interface FileSinks {
  open(name: Uint8Array): Sink | undefined
}

/** Where the readable goes. Pieces come in reading order; `visible` and `hidden` are two streams. */
export interface Readable {
  visible(piece: Uint8Array): void
  hidden(piece: Uint8Array): void
  link(zone: Extract<Zone, 'url' | 'address'>, origin: LinkOrigin, text: Uint8Array): void
}

/** The zones of the message that is being scanned; see native/src/matching/zone_streams.h. */
export interface ZoneStreams {
  wants(zone: Zone): boolean
  write(zone: Zone, part: number, piece: Uint8Array): void
  endRecord(zone: Zone, part: number): void
  position(zone: Zone, part: number): number
  end(zone: Zone, part: number): void
  textWasCut(): boolean
  matchesWereCut(): boolean
  finish(): { readonly texts: Uint32Array; readonly text: Uint8Array; readonly matches: Uint32Array }
  reset(): void
}
