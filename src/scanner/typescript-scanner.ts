/**
 * The scanner in TypeScript, for machines where the native core cannot be built or cannot run: the same tables, slower.
 */
import { defaultLimits, type ScanEngine } from '#scanner/scanner.ts'
import { isTypescriptSet } from '#scanner/typescript/matching/pattern-set.ts'
import { makeZoneStreams } from '#scanner/typescript/matching/zone-streams.ts'
import { makeMimeScanner } from '#scanner/typescript/mime/mime-scanner.ts'

/** Throws when the patterns were made ready for the other scanner. */
export const typescriptEngine: ScanEngine = {
  name: 'typescript',
  open({ patterns, limits }) {
    if (patterns !== undefined && !isTypescriptSet(patterns))
      throw new TypeError('these patterns were not made ready for the TypeScript scanner')
    const complete = { ...defaultLimits, ...limits }
    return makeMimeScanner(makeZoneStreams(patterns, complete), complete)
  },
}
