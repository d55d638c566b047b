/**
 * The decoders of both languages behind one face, so that one table tests both, and the properties that compare them.
 *
 * Leaves out: building the native ones; where they are missing only TypeScript's are tested.
 */
import fc from 'fast-check'
import type { Encoding } from '#scanner/layout.ts'
import { decodeCharset, isKnownCharset, makeCharsetDecoder } from '#scanner/typescript/decoding/charset.ts'
import { makeTransferDecoder } from '#scanner/typescript/decoding/transfer.ts'
import { makeUuencodeSplitter } from '#scanner/typescript/decoding/uuencode.ts'
import type { Faults, Sink } from '#scanner/typescript/sink.ts'
import { loadComponents } from '../../components.ts'

export interface Transferred {
  readonly octets: Buffer
  readonly flags: readonly string[]
}
export interface Split {
  readonly text: Buffer
  readonly ended: boolean
  readonly names: readonly Buffer[]
  /** null for a file whose sink was not ended. */
  readonly files: readonly (Buffer | null)[]
  readonly flags: readonly string[]
}
export interface Text {
  readonly utf8: Buffer
  readonly ended: boolean
  readonly flags: readonly string[]
}

/** Flags are `name`, or `name@offset` where the place on the wire is known. */
export interface Decoders {
  readonly language: 'typescript' | 'native'
  decodeTransfer(encoding: Encoding, pieces: readonly Buffer[], offset: number): Transferred
  /** Files whose name begins with `skip` are given no sink. */
  splitUuencode(pieces: readonly Buffer[]): Split
  decodeText(label: string, pieces: readonly Buffer[]): Text
  decodeShort(label: string, octets: Buffer): { readonly utf8: Buffer; readonly clean: boolean }
  isKnownCharset(label: string): boolean
}

class Kept implements Sink {
  readonly #pieces: Buffer[] = []
  ended = false
  write(piece: Uint8Array): void {
    this.#pieces.push(Buffer.from(piece))
  }
  end(): void {
    this.ended = true
  }
  get octets(): Buffer {
    return Buffer.concat(this.#pieces)
  }
}

class Heard implements Faults {
  readonly flags: string[] = []
  raise(flag: string, offset?: number): void {
    this.flags.push(offset === undefined ? flag : `${flag}@${offset}`)
  }
}

const typescript: Decoders = {
  language: 'typescript',
  decodeTransfer(encoding, pieces, offset) {
    const kept = new Kept()
    const heard = new Heard()
    const decoder = makeTransferDecoder(encoding, kept, heard)
    let at = offset
    for (const piece of pieces) {
      decoder.decode(piece, at)
      at += piece.length
    }
    decoder.finish(at)
    return { octets: kept.octets, flags: heard.flags }
  },
  splitUuencode(pieces) {
    const text = new Kept()
    const heard = new Heard()
    const names: Buffer[] = []
    const files: Kept[] = []
    const open = (name: Uint8Array): Sink | undefined => {
      names.push(Buffer.from(name))
      if (names.at(-1)!.toString('latin1').startsWith('skip')) return undefined
      files.push(new Kept())
      return files.at(-1)
    }
    const splitter = makeUuencodeSplitter(text, { open }, heard)
    for (const piece of pieces) splitter.write(piece)
    splitter.end()
    return {
      text: text.octets,
      ended: text.ended,
      names,
      files: files.map(file => (file.ended ? file.octets : null)),
      flags: heard.flags,
    }
  },
  decodeText(label, pieces) {
    const kept = new Kept()
    const heard = new Heard()
    const decoder = makeCharsetDecoder(label, kept, heard)
    for (const piece of pieces) decoder.write(piece)
    decoder.end()
    return { utf8: kept.octets, ended: kept.ended, flags: heard.flags }
  },
  decodeShort(label, octets) {
    const { utf8, clean } = decodeCharset(label, octets)
    return { utf8: Buffer.from(utf8), clean }
  },
  isKnownCharset,
}

const loaded = loadComponents()
/** Why there are no native decoders to test, or undefined. */
export const missing = typeof loaded === 'string' ? loaded : undefined
export const native: Decoders | undefined =
  typeof loaded === 'string' ? undefined : { ...(loaded as unknown as Decoders), language: 'native' }

export const decoders: readonly Decoders[] = native ? [typescript, native] : [typescript]
export { typescript }

/** The same octets, cut where `cuts` say. */
export function cutAt(octets: Uint8Array, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map(cut => cut % (octets.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, i) => Buffer.from(octets.subarray(from, places[i] ?? octets.length)))
}

/** Octets that are likely to say something to a decoder: `tokens` among random ones, and how they are cut. */
export function cutOctets(tokens: readonly string[]): fc.Arbitrary<{ octets: Buffer; pieces: Buffer[] }> {
  const token = fc.constantFrom(...tokens).map(text => Buffer.from(text, 'latin1'))
  const noise = fc.uint8Array({ maxLength: 4 }).map(octets => Buffer.from(octets))
  const octets = fc.array(fc.oneof({ weight: 5, arbitrary: token }, noise), { maxLength: 60 })
  return fc
    .tuple(octets, fc.array(fc.nat(), { maxLength: 12 }))
    .map(([parts, cuts]) => ({ octets: Buffer.concat(parts), pieces: cutAt(Buffer.concat(parts), cuts) }))
}
