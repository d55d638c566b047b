/**
 * `sluice check`: is this configuration one that `sluice run` would take?
 *
 * Ends with 0 when it is (warnings or not), with 1 when it is not, with 2 for a wrong command line. What was asked for
 * goes to standard output; with --print the problems go to standard error.
 */
import { Command } from 'commander'
import { countProblems, explainProblems, problemsAsJson } from '#config/explain.ts'
import { jsonSchema } from '#config/json-schema.ts'
import { findConfigurationFile, type LoadResult, loadConfiguration } from '#config/load.ts'
import { manual } from '#config/manual.ts'
import { printConfiguration } from '#config/print.ts'

interface Options {
  readonly config?: string
  readonly json?: true
  readonly schema?: true
  readonly print?: true
  readonly manual?: true
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
    .action(async (options: Options, command: Command) => {
      const outputs = (['json', 'print', 'schema', 'manual'] as const).filter(name => options[name])
      if (outputs.length > 1)
        command.error(`error: --${outputs[0]} and --${outputs[1]} exclude each other`, { exitCode: 2 })
      if (options.schema) return write(`${JSON.stringify(jsonSchema, null, 2)}\n`)
      if (options.manual) return write(manual())
      await check(options)
    })

const write = (text: string): void => void process.stdout.write(text)

async function check({ config, json, print }: Options): Promise<void> {
  const file = config ?? findConfigurationFile()
  const result = await loadConfiguration({ file })
  const problems = result.kind === 'ok' ? result.warnings : result.problems
  if (result.kind === 'invalid') process.exitCode = 1
  if (json) return write(problemsAsJson(file, result.kind === 'ok', problems))
  if (print && result.kind === 'ok') {
    process.stderr.write(explainProblems(problems))
    return write(printConfiguration(result.configuration))
  }
  const out = result.kind === 'ok' ? process.stdout : process.stderr
  out.write(explainProblems(problems) + summary(file, result))
}

function summary(file: string | undefined, result: LoadResult): string {
  const what = file ?? 'no file, defaults only'
  if (result.kind === 'invalid') return `${what}: ${countProblems(result.problems)}\n`
  return `${what}: ok${result.warnings.length > 0 ? `, ${countProblems(result.warnings)}` : ''}\n`
}
