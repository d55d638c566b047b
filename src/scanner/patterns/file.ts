/**
 * Patterns made ready as octets: what the cache keeps and what threads hand each other.
 *
 *     magic, version | lengths of head, patterns and image, checksum of the first two | head | patterns | image
 *
 * Promises: reading trusts no length; whatever is torn, foreign or of another version is refused with a reason. The image
 * has a digest of its own, which the native core checks when it loads it.
 */
import { crc32 } from 'node:zlib'
import type { Pattern, RegexPattern } from '#scanner/pattern.ts'
import type { PatternReport } from './report.ts'

/** Part of every key: another format is another file. */
export const fileFormat = 1

export interface PatternFileHead {
  readonly key: string
  readonly engine: 'native' | 'typescript'
  readonly confirmed: readonly (readonly [pattern: number, expression: RegexPattern])[]
  readonly report: PatternReport
}

export interface PatternFile {
  readonly head: PatternFileHead
  /** Parses them: milliseconds for thousands. */
  patterns(): readonly Pattern[]
  /** Shares the memory of the file. */
  readonly image: Uint8Array
}

const magic = 0x534c_5041 // SLPA
const prologue = 32
/** Where the image begins is a multiple of this, for the sake of whoever reads it in words. */
const alignment = 64

export function writePatternFile(
  head: PatternFileHead,
  patterns: readonly Pattern[],
  image: Uint8Array,
): Uint8Array {
  const headText = Buffer.from(JSON.stringify(head))
  const patternText = Buffer.from(JSON.stringify(patterns))
  const imageStart = alignUp(prologue + headText.length + patternText.length)
  const octets = Buffer.from(new SharedArrayBuffer(imageStart + image.length))
  octets.writeUInt32BE(magic, 0)
  octets.writeUInt32BE(fileFormat, 4)
  octets.writeUInt32BE(headText.length, 8)
  octets.writeUInt32BE(patternText.length, 12)
  octets.writeUInt32BE(image.length, 16)
  octets.set(headText, prologue)
  octets.set(patternText, prologue + headText.length)
  octets.set(image, imageStart)
  octets.writeUInt32BE(checksum(octets, prologue + headText.length + patternText.length), 20)
  return octets
}

/** Of octets from anywhere, such as a disk; costs a pass over the texts. A string says why it is none. */
export const readPatternFile = (octets: Uint8Array): PatternFile | string => read(octets, isWhole)

/** Of octets that this process wrote or has read: nobody changes them, and their checksum is not looked at again. */
export const viewPatternFile = (octets: Uint8Array): PatternFile | string => read(octets, () => true)

function read(octets: Uint8Array, mayBeParsed: typeof isWhole): PatternFile | string {
  const file = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  if (file.length < prologue || file.readUInt32BE(0) !== magic) return 'this is no file of patterns'
  if (file.readUInt32BE(4) !== fileFormat) return 'the file of patterns is of another version'
  const [headLength, patternLength, imageLength] = [8, 12, 16].map(at => file.readUInt32BE(at))
  const textEnd = prologue + headLength! + patternLength!
  const imageStart = alignUp(textEnd)
  if (file.length !== imageStart + imageLength!) return 'the file of patterns is torn'
  if (!mayBeParsed(file, textEnd)) return 'the file of patterns was changed'
  const text = (from: number, to: number): string => Buffer.from(file.subarray(from, to)).toString('utf8')
  return {
    head: JSON.parse(text(prologue, prologue + headLength!)),
    patterns: () => JSON.parse(text(prologue + headLength!, textEnd)),
    image: file.subarray(imageStart),
  }
}

const isWhole = (file: Buffer, textEnd: number): boolean => file.readUInt32BE(20) === checksum(file, textEnd)

const alignUp = (offset: number): number => Math.ceil(offset / alignment) * alignment

/** Of the lengths and the texts; its own place lies between them. */
const checksum = (file: Uint8Array, end: number): number =>
  checksumOf(file.subarray(24, end), checksumOf(file.subarray(0, 20), 0))

/** Shared memory is not taken: piece by piece through a small copy, for memory that is new costs more than the checksum. */
function checksumOf(octets: Uint8Array, before: number): number {
  const copy = Buffer.allocUnsafeSlow(Math.min(octets.length, 2 ** 16))
  let sum = before
  for (let at = 0; at < octets.length; at += copy.length) {
    const piece = octets.subarray(at, at + copy.length)
    copy.set(piece)
    sum = crc32(copy.subarray(0, piece.length), sum)
  }
  return sum
}
