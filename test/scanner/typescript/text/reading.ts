/** Reads a text with either reader, in pieces, and says in strings what became of it. */
import { makeHtmlReader } from '#scanner/typescript/text/html.ts'
import { makePlainReader } from '#scanner/typescript/text/plain.ts'
import { loadComponents } from '../../components.ts'

export type Kind = 'plain' | 'html'

export interface Reading {
  readonly visible: string
  readonly hidden: string
  /** `url text https://example.com/`, in the order they were found. */
  readonly links: readonly string[]
  readonly flags: readonly string[]
}

export interface Options {
  /** Where the text is cut into pieces, as fractions of its length. */
  readonly cuts?: readonly number[]
  readonly linkLimit?: number
}

export type Read = (kind: Kind, text: string, options?: Options) => Reading

const places = (size: number, cuts: readonly number[] = []) =>
  cuts.map(cut => Math.floor(cut * size)).sort((a, b) => a - b)

// Throws when the octets are not valid UTF-8.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf8 = (octets: Uint8Array) => decoder.decode(octets)

// Their order is nobody's promise.
const distinct = (flags: readonly string[]) => [...new Set(flags)].sort()

/** With the TypeScript scanner. */
export const read: Read = (kind, text, { cuts, linkLimit = 4096 } = {}) => {
  const octets = Buffer.from(text)
  const visible: Buffer[] = []
  const hidden: Buffer[] = []
  const links: string[] = []
  const flags: string[] = []
  const readable = {
    visible: (piece: Uint8Array) => void visible.push(Buffer.from(piece)),
    hidden: (piece: Uint8Array) => void hidden.push(Buffer.from(piece)),
    link: (zone: string, origin: string, link: Uint8Array) =>
      void links.push(`${zone} ${origin} ${utf8(link)}`),
  }
  const faults = { raise: (flag: string) => void flags.push(flag) }
  const reader = (kind === 'html' ? makeHtmlReader : makePlainReader)(readable, faults, linkLimit)
  let at = 0
  for (const place of [...places(octets.length, cuts), octets.length]) {
    reader.write(octets.subarray(at, place))
    at = place
  }
  reader.end()
  return {
    visible: utf8(Buffer.concat(visible)),
    hidden: utf8(Buffer.concat(hidden)),
    links,
    flags: distinct(flags),
  }
}

interface NativeReading {
  readonly visible: Buffer
  readonly hidden: Buffer
  readonly links: readonly (readonly [zone: string, origin: string, text: Buffer])[]
  readonly flags: readonly string[]
}
type ReadText = (kind: Kind, text: Buffer, cuts: readonly number[], linkLimit: number) => NativeReading

const components = loadComponents()

/** With the native scanner; or the sentence why there is none. */
export const readNative: Read | string =
  typeof components === 'string'
    ? components
    : (kind, text, { cuts, linkLimit = 4096 } = {}) => {
        const octets = Buffer.from(text)
        const readText = components.readText as ReadText
        const { visible, hidden, links, flags } = readText(
          kind,
          octets,
          places(octets.length, cuts),
          linkLimit,
        )
        return {
          visible: utf8(visible),
          hidden: utf8(hidden),
          links: links.map(([zone, origin, link]) => `${zone} ${origin} ${utf8(link)}`),
          flags: distinct(flags),
        }
      }

/** Both readers, for tests of what both promise. */
export const readers: readonly (readonly [name: string, read: Read])[] = [
  ['typescript', read],
  ...(typeof readNative === 'string' ? [] : [['native', readNative] as const]),
]
