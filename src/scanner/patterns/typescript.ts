/**
 * Patterns for the TypeScript engine, with the report that the native ones have.
 */
import type { Pattern } from '#scanner/pattern.ts'
import { makePatternSet } from '#scanner/typescript/matching/pattern-set.ts'
import type { PatternReport } from './report.ts'

export const openTypescriptPatterns = makePatternSet

/** Compiles them; `started` by performance.now(). */
export function reportTypescriptPatterns(patterns: readonly Pattern[], started: number): PatternReport {
  const { refused } = makePatternSet(patterns)
  return {
    engine: 'typescript',
    patterns: patterns.length,
    confirmed: [],
    refused: refused.map(({ pattern, reason }) => ({ pattern, reason: `RegExp: ${reason}` })),
    expensive: [],
    source: 'compiled',
    milliseconds: Math.round(performance.now() - started),
    size: 0,
  }
}
