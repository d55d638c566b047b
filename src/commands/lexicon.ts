/**
 * `sluice lexicon check FILE…`: are these lexicons right, and do their rules find what their tests say?
 *
 * Ends with 0 when they are (warnings or not), with 1 when one is not, with 2 for a wrong command line. What was asked for
 * goes to standard output; what is wrong goes to standard error, unless it was asked for as JSON.
 */
import { Command } from 'commander'
import { countProblems, explainProblems } from '#config/explain.ts'
import { errors, type Problem } from '#config/problem.ts'
import { checkLexicon, type LexiconCheck } from '#content/lexicon/check.ts'
import { loadLexicon } from '#content/lexicon/read.ts'
import { chooseEngine } from '#scanner/engine.ts'
import type { ScanEngine } from '#scanner/scanner.ts'

export interface LexiconCheckOptions {
  readonly json?: boolean
  /** Directory of compiled patterns. */
  readonly cache?: string
}

export interface LexiconCheckResult {
  readonly status: 0 | 1
  readonly stdout: string
  readonly stderr: string
}

export const lexiconCommand = (): Command =>
  new Command('lexicon').description('Work with lexicons: rules about the words of a message.').addCommand(
    new Command('check')
      .description('Check lexicons: every problem with its line, and every test that fails.')
      .argument('<file...>', 'lexicons (see the manual page lexicon.md)')
      .option('--json', 'the result of each file as one line of JSON')
      .option('--cache <directory>', 'where compiled patterns are kept')
      .action(async (files: readonly string[], options: LexiconCheckOptions) => {
        const { status, stdout, stderr } = await checkLexicons(files, options)
        process.stderr.write(stderr)
        process.stdout.write(stdout)
        process.exitCode = status
      }),
  )

interface Checked {
  readonly file: string
  readonly valid: boolean
  readonly problems: readonly Problem[]
  /** Absent for a file that could not be read as a lexicon. */
  readonly counts?: Omit<LexiconCheck, 'problems'>
}

/** Writes nothing but compiled patterns, where a cache is named. */
export async function checkLexicons(
  files: readonly string[],
  options: LexiconCheckOptions = {},
): Promise<LexiconCheckResult> {
  const choice = chooseEngine()
  if (choice.kind === 'refused') return { status: 1, stdout: '', stderr: `${choice.reason}\n` }
  const checked: Checked[] = []
  for (const file of files) checked.push(await checkFile(file, choice.engine, options))
  const status = checked.every(each => each.valid) ? 0 : 1
  if (options.json) return { status, stdout: checked.map(asJson).join(''), stderr: '' }
  return {
    status,
    stdout: checked.map(each => (each.valid ? asText(each) : '')).join(''),
    stderr: checked.map(each => (each.valid ? '' : asText(each))).join(''),
  }
}

async function checkFile(file: string, engine: ScanEngine, { cache }: LexiconCheckOptions): Promise<Checked> {
  const read = await loadLexicon(file)
  if (read.kind === 'invalid') return { file, valid: false, problems: read.problems }
  const { problems, ...counts } = await checkLexicon(read.lexicon, read.locate, engine, {
    ...(cache !== undefined && { cache }),
  })
  const all = [...read.warnings, ...problems].toSorted((a, b) => a.line - b.line || a.column - b.column)
  return { file, valid: errors(all).length === 0, problems: all, counts }
}

const asJson = ({ file, valid, problems, counts }: Checked): string =>
  `${JSON.stringify({ valid, file, ...counts, problems })}\n`

function asText({ file, valid, problems, counts }: Checked): string {
  const { rules, patterns, tests } = counts ?? { rules: 0, patterns: 0, tests: 0 }
  const summary = [
    ...(valid ? ['ok'] : []),
    ...(counts === undefined
      ? []
      : [`${count(rules, 'rule')}, ${count(patterns, 'pattern')}, ${count(tests, 'test')}`]),
    ...(problems.length > 0 ? [countProblems(problems)] : []),
  ]
  return `${explainProblems(problems)}${file}: ${summary.join(', ')}\n`
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
