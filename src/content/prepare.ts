/**
 * From the `content` section of the configuration to the rules that threads scan with, or to what is wrong.
 *
 * Promises: a lexicon that is wrong, or that asks for what cannot be looked for, is a problem with its file, line and
 * reason, as in the configuration itself; warnings do not keep it from being used. Patterns are compiled once, in a child
 * process, and taken from the cache where it has them.
 * Leaves out: the tests of a lexicon (`lexicon/check.ts`): they are for whoever writes it.
 */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Problem } from '#config/problem.ts'
import { errors } from '#config/problem.ts'
import type { Configuration } from '#config/schema.ts'
import { patternProblems } from '#content/lexicon/check.ts'
import { type CompiledLexicon, compileLexicon } from '#content/lexicon/compile.ts'
import { type Locate, loadLexicon } from '#content/lexicon/read.ts'
import type { UsableEngine } from '#content/opened-rules.ts'
import type { ContentRules } from '#content/rules.ts'
import { openSpamModel } from '#content/spam/model.ts'
import { chooseEngine } from '#scanner/engine.ts'
import { type PrepareOptions, preparePatterns } from '#scanner/patterns/prepare.ts'
import type { PatternReport } from '#scanner/patterns/report.ts'

export type PreparedContent =
  | {
      readonly kind: 'ready'
      readonly rules: ContentRules
      readonly warnings: readonly Problem[]
      /** What scans; undefined when nothing is scanned. */
      readonly scanner: ScannerInUse | undefined
      /** undefined without patterns. */
      readonly report: PatternReport | undefined
      /** For when no thread will be given these rules any more; those that have them keep them. */
      release(): void
    }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

export interface ScannerInUse {
  readonly name: 'native' | 'typescript'
  /** Why it is not the native one; a sentence without its full stop. */
  readonly reason?: string
}

export interface ContentOptions extends Pick<PrepareOptions, 'cache' | 'signal' | 'onTrouble'> {
  /** See `chooseEngine`. */
  readonly wish?: string
}

type Settings = Configuration['content']

export async function prepareContent(
  { scan, lexicons, model: named }: Settings,
  options: ContentOptions = {},
): Promise<PreparedContent> {
  if (!scan)
    return {
      kind: 'ready',
      rules: { kind: 'off' },
      warnings: [],
      scanner: undefined,
      report: undefined,
      release() {},
    }
  const choice = chooseEngine(options.wish)
  if (choice.kind === 'refused') return { kind: 'invalid', problems: [environmentProblem(choice.reason)] }
  const read = await readLexicons(lexicons)
  if (errors(read.problems).length > 0) return { kind: 'invalid', problems: read.problems }
  const model = named ?? (existsSync(shippedModel) ? shippedModel : undefined)
  const refusal = model === undefined ? undefined : await refusalOfModel(model, choice)
  if (refusal !== undefined) return { kind: 'invalid', problems: [refusal] }
  return compile(read, model, choice, options)
}

/** What comes with the program; a machine that was set up without it scores by symbols alone. */
const shippedModel = join(import.meta.dirname, '../../appliance/models/default.model')

async function refusalOfModel(file: string, choice: UsableEngine): Promise<Problem | undefined> {
  const opened = await openSpamModel(file, choice)
  if (!('refusal' in opened)) return undefined
  const reason = `the model cannot be used: ${opened.refusal}`
  return { file, line: 1, column: 1, path: '', reason, severity: 'error' }
}

const environmentProblem = (reason: string): Problem => ({
  file: 'environment',
  line: 1,
  column: 1,
  path: 'SLUICE_SCANNER',
  reason,
  severity: 'error',
})

/** A lexicon with its place in the list of all patterns. */
interface Placed {
  readonly compiled: CompiledLexicon
  readonly locate: Locate
  readonly first: number
  readonly author: string
}

interface ReadLexicons {
  readonly placed: readonly Placed[]
  readonly problems: readonly Problem[]
}

async function readLexicons(files: readonly string[]): Promise<ReadLexicons> {
  const placed: Placed[] = []
  const problems: Problem[] = []
  let first = 0
  for (const file of files) {
    const read = await loadLexicon(file)
    problems.push(...(read.kind === 'ok' ? read.warnings : read.problems))
    if (read.kind === 'invalid') continue
    const compiled = compileLexicon(read.lexicon)
    placed.push({ compiled, locate: read.locate, first, author: basename(file) })
    first += compiled.patterns.length
  }
  return { placed, problems }
}

async function compile(
  { placed, problems }: ReadLexicons,
  model: string | undefined,
  choice: UsableEngine,
  options: ContentOptions,
): Promise<PreparedContent> {
  const patterns = placed.flatMap(({ compiled }) => compiled.patterns)
  const ready = {
    kind: 'ready',
    scanner: { name: choice.kind, ...(choice.kind === 'typescript' && { reason: choice.reason }) },
  } as const
  const lexicons = placed.map(({ compiled, first, author }) => ({ program: compiled.program, first, author }))
  if (patterns.length === 0) {
    const rules = { kind: 'scan', lexicons, patterns: undefined, model } as const
    return { ...ready, rules, warnings: problems, report: undefined, release() {} }
  }
  const prepared = await preparePatterns(patterns, { ...options, engine: choice.kind })
  if (prepared.kind === 'failed') {
    const reason = `the patterns cannot be compiled: ${prepared.reason}`
    return { kind: 'invalid', problems: [placed[0]!.locate(['rules'], reason)] }
  }
  const { set, report } = prepared
  const found = [...problems, ...placed.flatMap(each => problemsOf(each, report))]
  if (errors(found).length > 0) {
    set.release()
    return { kind: 'invalid', problems: found }
  }
  const rules = { kind: 'scan', lexicons, patterns: set.shared, model } as const
  return { ...ready, rules, warnings: found, report, release: () => set.release() }
}

/** What the report says of the patterns of one lexicon, by its own numbers. */
function problemsOf({ compiled, locate, first }: Placed, report: PatternReport): readonly Problem[] {
  const own = <Row extends { readonly pattern: number }>(rows: readonly Row[]): Row[] =>
    rows
      .filter(({ pattern }) => pattern >= first && pattern < first + compiled.patterns.length)
      .map(row => ({ ...row, pattern: row.pattern - first }))
  return patternProblems(compiled, { refused: own(report.refused), expensive: own(report.expensive) }, locate)
}
