/**
 * `sluice spamassassin check`: what becomes of SpamAssassin's rule files here.
 *
 * Ends with 0 when every line is understood (rules may be refused: the report says which and why), with 1 when a file
 * cannot be read, a line is not understood or compiling fails, with 2 for a wrong command line.
 */
import { Command, InvalidArgumentError } from 'commander'
import { type Choice, choiceOf, usualLimit } from '#content/spamassassin/cheap.ts'
import { includeFromDisk, loadRuleFiles } from '#content/spamassassin/files.ts'
import { prepareRules } from '#content/spamassassin/prepare.ts'
import { readRules } from '#content/spamassassin/read.ts'
import { type ScoreSet, scoreSets } from '#content/spamassassin/rule.ts'
import { buildRuleset, type Ruleset } from '#content/spamassassin/ruleset.ts'
import type { PatternReport } from '#scanner/patterns/report.ts'
import { fileProblems, rulesAsJson, rulesReport } from './spamassassin-report.ts'

export interface RulesCheckOptions {
  readonly json?: boolean
  readonly verbose?: boolean
  readonly scores?: ScoreSet
  readonly compile?: boolean
  /** Only the rules that cost little; compiles. */
  readonly cheap?: boolean
  readonly cache?: string
  /** Microseconds per megabyte. */
  readonly maxCost?: number
}

export interface RulesCheckResult {
  readonly status: 0 | 1
  readonly stdout: string
  readonly stderr: string
}

export const spamassassinCommand = (): Command =>
  new Command('spamassassin').description('Rules of SpamAssassin, read unchanged.').addCommand(
    new Command('check')
      .description('Report which rules load, which are approximated or refused, and why.')
      .argument('<path...>', 'rule files, or directories of .cf files, in the order in which they count')
      .option('--json', 'the report as one line of JSON, every rule included')
      .option('-v, --verbose', 'a line for every rule that does not load as it is')
      .option('--scores <set>', `which of the four scores count: ${scoreSets.join(', ')}`, scoreSet)
      .option('--compile', 'compile the patterns too, and measure them: takes minutes the first time')
      .option(
        '--cheap',
        `compile only the rules that cost little: ${usualLimit} microseconds per megabyte of ordinary text, or --max-cost`,
      )
      .option('--cache <directory>', 'keep compiled patterns there')
      .option(
        '--max-cost <microseconds>',
        'leave out what costs more per megabyte of ordinary text; with --compile or --cheap',
        cost,
      )
      .action(async (paths: readonly string[], options: RulesCheckOptions) => {
        const { status, stdout, stderr } = await checkRules(paths, options, showProgress())
        process.stderr.write(stderr)
        process.stdout.write(stdout)
        process.exitCode = status
      }),
  )

function scoreSet(text: string): ScoreSet {
  const found = scoreSets.find(name => name === text)
  if (found === undefined) throw new InvalidArgumentError(`It is one of ${scoreSets.join(', ')}.`)
  return found
}

function cost(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a whole number of microseconds.')
  return Number(text)
}

/** Reads files; writes nothing but the cache. `progress` gets a line now and then. */
export async function checkRules(
  paths: readonly string[],
  options: RulesCheckOptions,
  progress: (line: string) => void = () => {},
): Promise<RulesCheckResult> {
  const loaded = paths.flatMap(loadRuleFiles)
  const unreadable = loaded.flatMap(result => (result.kind === 'problem' ? [result] : []))
  const files = loaded.flatMap(result => (result.kind === 'file' ? [result.file] : []))
  const source = readRules(files, { include: includeFromDisk })
  const built = buildRuleset(source, { scoreSet: options.scores ?? 'local' })
  const compiled =
    options.compile || options.cheap ? await compile(built, options, progress) : { ruleset: built }
  if ('reason' in compiled)
    return { status: 1, stdout: '', stderr: `The rules cannot be compiled: ${compiled.reason}\n` }
  const { ruleset, report, choice } = compiled
  const found = { ruleset, report, choice }
  const broken = unreadable.length + source.problems.length + source.broken.size
  const status = broken === 0 ? 0 : 1
  if (options.json) return { status, stdout: rulesAsJson(found, unreadable), stderr: '' }
  return {
    status,
    stdout: rulesReport(found, options.verbose === true),
    stderr: fileProblems(ruleset, unreadable),
  }
}

type Compiled =
  | { readonly ruleset: Ruleset; readonly report?: PatternReport; readonly choice?: Choice }
  | { readonly reason: string }

async function compile(
  ruleset: Ruleset,
  { cache, maxCost, cheap }: RulesCheckOptions,
  progress: (line: string) => void,
): Promise<Compiled> {
  const prepared = await prepareRules(ruleset, {
    ...(cache !== undefined && { cache }),
    ...(cheap === true
      ? { cheap: maxCost ?? usualLimit }
      : maxCost !== undefined && { limits: { ordinary: maxCost }, leaveOutExpensive: true }),
    onProgress: ({ phase, done, total }) =>
      progress(
        phase === 'try' ? `${done} of ${total} patterns tried` : `compiling ${total} patterns together`,
      ),
    onTrouble: progress,
  })
  if (prepared.kind === 'failed') return prepared
  return cheap === true ? { ...prepared, choice: choiceOf(ruleset, prepared.ruleset) } : prepared
}

/** On a terminal one line that changes; elsewhere nothing. */
function showProgress(): (line: string) => void {
  if (!process.stderr.isTTY) return () => {}
  process.once('exit', () => process.stderr.write('\r\x1b[K'))
  return line => process.stderr.write(`\r\x1b[K${line}`)
}
