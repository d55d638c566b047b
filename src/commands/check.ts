/**
 * `sluice check`: is this configuration one that `sluice run` would take?
 *
 * Ends with 0 when it is (warnings or not), with 1 when it is not, with 2 for a wrong command line. What was asked for
 * goes to standard output; what is wrong goes to standard error, unless it was asked for as JSON.
 */
import { Command } from 'commander'
import { countProblems, explainProblems, problemsAsJson } from '#config/explain.ts'
import { jsonSchema } from '#config/json-schema.ts'
import { findConfigurationFile, type LoadResult, loadConfiguration } from '#config/load.ts'
import { manual } from '#config/manual.ts'
import { printConfiguration } from '#config/print.ts'
import { prepareContent } from '#content/prepare.ts'

export interface CheckOptions {
  readonly config?: string
  /** At most one of these. */
  readonly json?: boolean
  readonly print?: boolean
  readonly schema?: boolean
  readonly manual?: boolean
}

export interface CheckResult {
  readonly status: 0 | 1
  readonly stdout: string
  readonly stderr: string
}

export const checkCommand = (): Command =>
  new Command('check')
    .description('Check the configuration: every problem with its line, its reason and a suggestion.')
    .option('-c, --config <file>', 'the file to check (default: ./sluice.yaml, then /etc/sluice/sluice.yaml)')
    .option('--json', 'the result as one line of JSON')
    .option('--print', 'the configuration as it takes effect, all defaults included')
    .option('--schema', 'the JSON Schema of the file, for editors')
    .option('--manual', 'the manual page of the configuration')
    .allowExcessArguments(false)
    .action(async (options: CheckOptions, command: Command) => {
      const [one, other] = (['json', 'print', 'schema', 'manual'] as const).filter(name => options[name])
      if (other !== undefined)
        command.error(`error: --${one} and --${other} exclude each other`, { exitCode: 2 })
      const { status, stdout, stderr } = await check(options)
      process.stderr.write(stderr)
      process.stdout.write(stdout)
      process.exitCode = status
    })

/** Looks at files; writes nothing. */
export async function check(options: CheckOptions): Promise<CheckResult> {
  if (options.schema) return { status: 0, stdout: `${JSON.stringify(jsonSchema, null, 2)}\n`, stderr: '' }
  if (options.manual) return { status: 0, stdout: manual(), stderr: '' }
  const file = options.config ?? findConfigurationFile()
  const result = await load(file)
  const valid = result.kind === 'ok'
  const problems = valid ? result.warnings : result.problems
  const status = valid ? 0 : 1
  if (options.json) return { status, stdout: problemsAsJson(file, valid, problems), stderr: '' }
  const text = explainProblems(problems)
  const count = valid && problems.length === 0 ? '' : countProblems(problems)
  const summary = `${file ?? 'no file, defaults only'}: ${[...(valid ? ['ok'] : []), ...(count ? [count] : [])].join(', ')}\n`
  if (!valid) return { status, stdout: '', stderr: text + summary }
  return options.print
    ? { status, stdout: printConfiguration(result.configuration), stderr: text }
    : { status, stdout: text + summary, stderr: '' }
}

/** The configuration, and the files of rules that it names. */
async function load(file: string | undefined): Promise<LoadResult> {
  const loaded = await loadConfiguration({ file })
  if (loaded.kind === 'invalid') return loaded
  const prepared = await prepareContent(loaded.configuration.content)
  if (prepared.kind === 'invalid') return prepared
  prepared.release()
  return { ...loaded, warnings: [...loaded.warnings, ...prepared.warnings] }
}
