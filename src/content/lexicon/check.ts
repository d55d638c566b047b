/**
 * Whether a lexicon finds what it says: its patterns are compiled and its tests are scanned, as mail would be.
 *
 * Promises: each failed test is a problem with its line, and says what was found; a pattern that the engine refuses is one
 * too. Tests are judged by rule: what other rules say of a sample does not matter.
 */

import { quoted } from '#config/grammar/reading.ts'
import type { Path } from '#config/json-schema.ts'
import type { Problem } from '#config/problem.ts'
import { type Confirm, createConfirm } from '#scanner/patterns/confirm.ts'
import { type PrepareOptions, preparePatterns } from '#scanner/patterns/prepare.ts'
import type { PatternReport } from '#scanner/patterns/report.ts'
import type { ScanEngine, Scanner } from '#scanner/scanner.ts'
import { type CompiledLexicon, compileLexicon } from './compile.ts'
import type { LexiconHit, LexiconVerdict } from './evaluate.ts'
import type { Lexicon, LexiconRule, Sample } from './lexicon.ts'
import type { Locate } from './read.ts'
import { makeSampleMail } from './sample.ts'

export interface LexiconCheck {
  /** Failed tests and refused patterns as errors, costly expressions as warnings; in the order of the file. */
  readonly problems: readonly Problem[]
  readonly rules: number
  readonly patterns: number
  readonly tests: number
}

export async function checkLexicon(
  lexicon: Lexicon,
  locate: Locate,
  engine: ScanEngine,
  options: Pick<PrepareOptions, 'cache' | 'limits' | 'signal' | 'onProgress'> = {},
): Promise<LexiconCheck> {
  const compiled = compileLexicon(lexicon)
  const tests = lexicon.rules.reduce((sum, rule) => sum + rule.matches.length + rule.passes.length, 0)
  const counts = { rules: lexicon.rules.length, patterns: compiled.patterns.length, tests }
  const prepared = await preparePatterns(compiled.patterns, { ...options, engine: engine.name })
  if (prepared.kind === 'failed')
    return { ...counts, problems: [locate(['rules'], `the patterns cannot be compiled: ${prepared.reason}`)] }
  const { set, report } = prepared
  try {
    const scanner = engine.open({ patterns: set })
    const scan = scanSample(compiled, scanner, createConfirm(set.confirmed))
    const failures = lexicon.rules.flatMap(rule => testRule(rule, scan, locate))
    const problems = [...patternProblems(compiled, report, locate), ...failures]
    return { ...counts, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) }
  } finally {
    set.release()
  }
}

/** The verdict on a sample; a sentence when it could not be decided. */
type Scan = (sample: Sample) => LexiconVerdict | string

const scanSample =
  (compiled: CompiledLexicon, scanner: Scanner, confirm: Confirm): Scan =>
  ({ contents }) => {
    scanner.write(makeSampleMail(contents))
    const { output, undecided } = confirm(scanner.end())
    const [first] = undecided
    if (first !== undefined)
      return `${quoted(textOf(compiled, first.pattern))} could not be decided for want of ${first.reason === 'time' ? 'time' : 'text'}`
    return compiled.evaluate(output)
  }

function textOf({ patterns }: CompiledLexicon, index: number): string {
  const pattern = patterns[index]
  return pattern === undefined ? '' : pattern.kind === 'literal' ? pattern.text : pattern.source
}

/** Numbers in the report are those of this lexicon alone. */
export function patternProblems(
  compiled: CompiledLexicon,
  { refused, expensive }: Pick<PatternReport, 'refused' | 'expensive'>,
  locate: Locate,
): readonly Problem[] {
  const at = (pattern: number): Path => compiled.pathOf(pattern)
  return [
    ...refused.map(({ pattern, reason, zones }) =>
      locate(
        at(pattern),
        `cannot be looked for${zones === undefined ? '' : ` in ${zones.join(' and ')}`}: ${reason}`,
      ),
    ),
    ...expensive.map(({ pattern, reason }) => ({
      ...locate(at(pattern), reason, 'let it begin or end with a word of several letters'),
      severity: 'warning' as const,
    })),
  ]
}

function testRule(rule: LexiconRule, scan: Scan, locate: Locate): readonly Problem[] {
  const hitOf = (sample: Sample): LexiconHit | undefined | string => {
    const verdict = scan(sample)
    return typeof verdict === 'string' ? verdict : verdict.hits.find(hit => hit.rule === rule.name)
  }
  const problems: Problem[] = []
  for (const sample of rule.matches) {
    const hit = hitOf(sample)
    if (hit === undefined)
      problems.push(locate(sample.path, `${quoted(rule.name)} does not match this sample`))
    else if (typeof hit === 'string') problems.push(locate(sample.path, hit))
  }
  for (const sample of rule.passes) {
    const hit = hitOf(sample)
    if (typeof hit === 'string') problems.push(locate(sample.path, hit))
    else if (hit !== undefined)
      problems.push(locate(sample.path, `${quoted(rule.name)} matches this sample${by(hit)}`))
  }
  return problems
}

const by = ({ places }: LexiconHit): string => {
  const terms = [...new Set(places.map(place => place.term))].slice(0, 5)
  return terms.length === 0 ? '' : ` by ${terms.map(quoted).join(', ')}`
}
