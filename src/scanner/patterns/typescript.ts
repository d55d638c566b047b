/**
 * Patterns for the TypeScript engine: nothing is compiled ahead, and RegExp does what it can.
 */
import type { Pattern } from '#scanner/pattern.ts'
import type { PatternSet } from '#scanner/scanner.ts'
import { confirmingExpression } from './expression.ts'
import type { PatternReport, RefusedPattern } from './report.ts'

export const openTypescriptPatterns = (patterns: readonly Pattern[]): PatternSet => ({ patterns })

/** `started`: by performance.now(). */
export function reportTypescriptPatterns(patterns: readonly Pattern[], started: number): PatternReport {
  const refused = patterns.flatMap((pattern, index): readonly RefusedPattern[] => {
    const expression = pattern.kind === 'regex' ? confirmingExpression(pattern) : ''
    return typeof expression === 'string' && pattern.kind === 'regex'
      ? [{ pattern: index, reason: `RegExp: ${expression}` }]
      : []
  })
  return {
    engine: 'typescript',
    patterns: patterns.length,
    confirmed: [],
    refused,
    expensive: [],
    source: 'compiled',
    milliseconds: Math.round(performance.now() - started),
    size: 0,
  }
}
