/**
 * The native core: the addon that set-up builds from `native/`. This is the only file that loads it.
 *
 * Promises: where the addon is absent, does not load, was built from other tables than these, or cannot run on this
 * processor, the answer is one sentence that says so; never an exception, and nothing is scanned before that is known.
 * Leaves out: the choice between it and the TypeScript scanner (`engine.ts`); scanning with it (`native-scanner.ts`).
 */
import { join } from 'node:path'
import { flagNames } from '#scanner/flag.ts'
import * as layout from '#scanner/layout.ts'
import type { Pattern } from '#scanner/pattern.ts'
import type { ScanLimits, ScanOutput } from '#scanner/scanner.ts'

/** How a pattern came out of the compiler: `native/src/matching/pattern.h`. */
export interface NativeVerdict {
  readonly handling: 'direct' | 'prefilter' | 'refused'
  /** A sentence of the compiler; empty when direct. */
  readonly reason: string
}

export interface NativeCompilation {
  /** Absent when `refusal` is not empty. */
  readonly image?: Uint8Array
  readonly verdicts: readonly NativeVerdict[]
  readonly refusal: string
}

export interface NativeInspection extends NativeVerdict {
  /** Octets of the shortest and the longest match. */
  readonly minWidth: number
  readonly maxWidth?: number
  readonly onlyAtEnd: boolean
}

/** This thread's share of a database in memory; every thread that loads the same image shares one copy. */
export interface NativeDatabase {
  /** Sizes in octets; `streamSize` is what each open stream of a zone costs. */
  describe(): {
    readonly patterns: number
    readonly size: number
    readonly reach: number
    readonly parts: readonly {
      readonly zones: readonly layout.Zone[]
      readonly patterns: number
      readonly size: number
      readonly streamSize: number
      readonly info: string
    }[]
  }
  verdicts(): readonly NativeVerdict[]
  /** Gives the share back before the collector does. Open scanners keep theirs; using it again throws. */
  release(): void
}

/** One message at a time. What `end` returns, and `endInBrief` fills in, is for `native-scanner.ts` to take apart. */
export interface NativeScanner {
  write(piece: Uint8Array): void
  end(): ArrayBuffer
  /** `brief` has the columns of `briefColumns`. */
  endInBrief(brief: Uint32Array): void
  abandon(): void
}

/** `FeatureOptions` of `features/features.ts`. */
export interface NativeFeatureOptions {
  readonly bits: readonly number[]
  readonly window: number
  readonly carried: boolean
}

/** This thread's share of a model in memory, with a reader of features of its own. */
export interface NativeModel {
  describe(): {
    readonly options: NativeFeatureOptions
    readonly name: string
    readonly bias: number
    readonly calibrationSlope: number
    readonly calibrationOffset: number
    readonly training: Uint8Array
    readonly ham: number
    readonly spam: number
    /** Octets. */
    readonly size: number
  }
  /** Margin, probability, the sum of each group of features; with `words`, how many slots of the body were written there. */
  score(output: ScanOutput, words?: Uint32Array): Float64Array
  /** What each slot weighs and its scale; `group` is an index into `features.groups`. */
  lookUp(group: number, slots: Uint32Array): { readonly weights: Float64Array; readonly scales: Float64Array }
  release(): void
}

export interface NativeFeatureExtractor {
  /** The slots of each group. */
  extract(output: ScanOutput): readonly Uint32Array[]
}

/** What the addon exports, per thread. Wrong arguments throw; what stands in a message never does. */
export interface NativeCore {
  readonly layout: Readonly<Record<string, readonly string[] | number>>
  isSupportedPlatform(): boolean
  /** What a compiled image depends on: the library's version, HS_CPU_FEATURES_… and HS_TUNE_FAMILY_… */
  platform(): { readonly library: string; readonly features: number; readonly tune: number }
  /** Takes up to minutes and cannot be interrupted: for a process of its own. */
  compilePatterns(patterns: readonly Pattern[]): NativeCompilation
  inspectPattern(pattern: Pattern): NativeInspection
  /** A string says why the image was refused. */
  loadPatterns(image: Uint8Array): NativeDatabase | string
  /** A share of the copy that the process has of the image that begins so: its first 256 octets are enough. */
  findPatterns(beginning: Uint8Array): NativeDatabase | undefined
  readonly Scanner: new (patterns?: NativeDatabase, limits?: Partial<ScanLimits>) => NativeScanner
  /** One copy for all threads that open the same file. A string says why it was refused. */
  openModel(path: string): NativeModel | string
  readonly FeatureExtractor: new (options?: NativeFeatureOptions) => NativeFeatureExtractor
  readonly features: { readonly groups: readonly string[]; readonly version: number }
  /** CPUs that this thread may use; empty when the system does not tell. */
  allowedCpus(): readonly number[]
  /** 0, or the number of the error (errno). Concerns the calling thread alone. */
  pinTo(cpus: readonly number[]): number
  currentCpu(): number | undefined
}

export type NativeLoad = { readonly core: NativeCore } | { readonly reason: string }

/** Where set-up builds the addon. */
export const addonPath = join(import.meta.dirname, '../../native/build/sluice.node')

const expected: NativeCore['layout'] = {
  zones: layout.zones,
  partKinds: layout.partKinds,
  encodings: layout.encodings,
  dispositions: layout.dispositions,
  linkOrigins: layout.linkOrigins,
  partColumns: layout.partColumns,
  fieldColumns: layout.fieldColumns,
  textColumns: layout.textColumns,
  linkColumns: layout.linkColumns,
  flagColumns: layout.flagColumns,
  matchColumns: layout.matchColumns,
  briefColumns: layout.briefColumns,
  flags: flagNames,
  none: layout.none,
}

/** The first of our lists that the other has differently. */
export const layoutDifference = (theirs: NativeCore['layout'] | undefined): string | undefined =>
  Object.keys(expected).find(name => JSON.stringify(theirs?.[name]) !== JSON.stringify(expected[name]))

function open(path: string): Partial<NativeCore> | string {
  const module: { exports: Partial<NativeCore> } = { exports: {} }
  try {
    process.dlopen(module as NodeJS.Module, path)
    return module.exports
  } catch (error) {
    // The loader's words: no such file; a library that is missing; a symbol that it lacks.
    return (error as Error).message.split('\n', 1)[0]!
  }
}

/** What was loaded is used only when its tables are ours and it can run on this processor. */
export function judge(opened: Partial<NativeCore>): NativeLoad {
  const different = layoutDifference(opened.layout)
  if (different !== undefined)
    return { reason: `the native scanner was built with other ${different} than this version has` }
  const core = opened as NativeCore
  if (!core.isSupportedPlatform())
    return { reason: 'the native scanner cannot run on this processor, which lacks SSSE3' }
  return { core }
}

/** Loads the addon into this thread, or says why not. Again and again is harmless: the system keeps one copy. */
export function loadNative(path = addonPath): NativeLoad {
  const opened = open(path)
  return typeof opened === 'string'
    ? { reason: `the native scanner does not load: ${opened}` }
    : judge(opened)
}
