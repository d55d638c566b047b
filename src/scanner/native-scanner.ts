/**
 * The native core as a scanner: what it returns in one buffer becomes the tables.
 */
import { readBrief } from '#scanner/brief.ts'
import { briefColumns } from '#scanner/layout.ts'
import type { NativeCore, NativeDatabase } from '#scanner/native.ts'
import type { PatternSet, ScanEngine, ScanLimits, Scanner, ScanOutput } from '#scanner/scanner.ts'

/** Patterns compiled for the native core, and loaded in this thread. */
export interface NativePatternSet extends PatternSet {
  readonly database: NativeDatabase
}

/** Words before the tables: native/src/border/output_buffer.h. */
const headWords = 10

/**
 * Views on the one buffer that the core hands over.
 * Called per message: no copy.
 */
export function readOutput(buffer: ArrayBuffer): ScanOutput {
  const head = new Uint32Array(buffer, 0, headWords)
  let at = headWords * Uint32Array.BYTES_PER_ELEMENT
  const words = (length: number) => {
    const table = new Uint32Array(buffer, at, length)
    at += table.byteLength
    return table
  }
  const octets = (length: number) => {
    const run = new Uint8Array(buffer, at, length)
    at += length
    return run
  }
  // The order of evaluation is the order in the buffer.
  return {
    size: head[0]! + head[1]! * 2 ** 32,
    parts: words(head[2]!),
    fields: words(head[3]!),
    texts: words(head[4]!),
    links: words(head[5]!),
    flags: words(head[6]!),
    matches: words(head[7]!),
    strings: octets(head[8]!),
    text: octets(head[9]!),
  }
}

const isNative = (patterns: PatternSet): patterns is NativePatternSet => 'database' in patterns

/** Throws when the patterns were made ready for the other scanner. */
export function nativeEngine(core: NativeCore): ScanEngine {
  /** For all scanners of the thread: it is read as soon as it is written. */
  const brief = new Uint32Array(briefColumns.length)
  const open = ({ patterns, limits }: { patterns?: PatternSet; limits?: Partial<ScanLimits> }): Scanner => {
    if (patterns !== undefined && !isNative(patterns))
      throw new TypeError('these patterns were not made ready for the native scanner')
    const scanner = new core.Scanner(patterns?.database, limits)
    return {
      write: piece => scanner.write(piece),
      end: () => readOutput(scanner.end()),
      endInBrief: () => {
        scanner.endInBrief(brief)
        return readBrief(brief)
      },
      abandon: () => scanner.abandon(),
    }
  }
  return { name: 'native', open }
}
