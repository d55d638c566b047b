/**
 * Patterns made ready, and their form for other threads.
 *
 * Promises: a set is immutable; a scanner that has one keeps it, whatever becomes of the next; what threads share is one
 * copy in memory (the octets here, and the database behind them by the native core).
 */
import { setImmediate } from 'node:timers/promises'
import type { NativeCore, NativeDatabase } from '#scanner/native.ts'
import type { NativePatternSet } from '#scanner/native-scanner.ts'
import type { Pattern, RegexPattern } from '#scanner/pattern.ts'
import type { PatternSet } from '#scanner/scanner.ts'
import { type PatternFile, viewPatternFile } from './file.ts'

/** A set that knows which of its patterns are to be confirmed (see `confirm.ts`). */
export interface PreparedSet extends PatternSet {
  readonly key: string
  /** By number in the list. Empty: the matches of the engine are matches. */
  readonly confirmed: ReadonlyMap<number, RegexPattern>
  /** What another thread opens with `openPatterns`. */
  readonly shared: SharedPatterns
  /** Gives memory back before the collector does; open scanners keep theirs. */
  release(): void
}

/** May be posted to another thread: octets in shared memory, not copied, which nobody changes. */
export interface SharedPatterns {
  readonly octets: Uint8Array
}

export type OpenedPatterns =
  | { readonly kind: 'open'; readonly set: PreparedSet }
  | { readonly kind: 'refused'; readonly reason: string }

/** Makes a set of this thread. `typescript` compiles for the engine without an image. */
export type OpenTypescript = (patterns: readonly Pattern[]) => PatternSet

/** `core` is undefined for the TypeScript engine. The first thread loads, which costs a pass over the octets; others share. */
export function openPatterns(
  shared: SharedPatterns,
  core: NativeCore | undefined,
  openTypescript: OpenTypescript,
): OpenedPatterns {
  const file = viewPatternFile(shared.octets)
  if (typeof file === 'string') return { kind: 'refused', reason: file }
  return openFile(file, shared, openTypescript, core && loadImage(core, file.image))
}

/**
 * The same for a thread that has other things to do meanwhile. When another thread of the process has the patterns loaded,
 * nothing of them is read or copied; else the copy is made in steps of a few milliseconds, and loading is one more.
 */
export async function openPatternsInSteps(
  shared: SharedPatterns,
  core: NativeCore | undefined,
  openTypescript: OpenTypescript,
): Promise<OpenedPatterns> {
  const file = viewPatternFile(shared.octets)
  if (typeof file === 'string') return { kind: 'refused', reason: file }
  const database = core && (findImage(core, file.image) ?? loadCopy(core, await copyInSteps(file.image)))
  return openFile(file, shared, openTypescript, database)
}

function openFile(
  file: PatternFile,
  shared: SharedPatterns,
  openTypescript: OpenTypescript,
  /** undefined: none, for the TypeScript engine. */
  database: NativeDatabase | string | undefined,
): OpenedPatterns {
  const { key } = file.head
  const confirmed = new Map(file.head.confirmed)
  if (database === undefined) {
    if (file.head.engine !== 'typescript')
      return { kind: 'refused', reason: 'the patterns were compiled for the native scanner' }
    const set = openTypescript(file.patterns())
    return {
      kind: 'open',
      set: { ...set, patterns: set.patterns, key, confirmed, shared, release: () => {} },
    }
  }
  if (typeof database === 'string') return { kind: 'refused', reason: database }
  let patterns: readonly Pattern[] | undefined
  const set: PreparedSet & NativePatternSet = {
    key,
    confirmed,
    shared,
    database,
    // Thousands of patterns take milliseconds to read, and a thread that scans does not need them.
    get patterns() {
      patterns ??= file.patterns()
      return patterns
    },
    release: () => database.release(),
  }
  return { kind: 'open', set }
}

const findImage = (core: NativeCore, image: Uint8Array): NativeDatabase | undefined =>
  core.findPatterns(copyOf(image.subarray(0, 256)))

const loadImage = (core: NativeCore, image: Uint8Array): NativeDatabase | string =>
  findImage(core, image) ?? loadCopy(core, copyOf(image))

/**
 * The core takes no shared memory, which may change while it is read: it gets a copy, given back at once rather than
 * when the collector finds it. The database itself is shared.
 */
function loadCopy(core: NativeCore, copy: Uint8Array<ArrayBuffer>): NativeDatabase | string {
  try {
    return core.loadPatterns(copy)
  } finally {
    copy.buffer.transfer(0)
  }
}

function copyOf(image: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(image.length)
  copy.set(image)
  return copy
}

/** Touching memory for the first time costs up to 5 ms a megabyte on a virtual machine; measured: 100 ms for 23 MB. */
const step = 2 ** 19

async function copyInSteps(image: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const copy = new Uint8Array(image.length)
  for (let at = 0; at < image.length; at += step) {
    copy.set(image.subarray(at, at + step), at)
    await setImmediate()
  }
  return copy
}
