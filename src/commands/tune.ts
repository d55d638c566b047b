/**
 * `sluice tune`: what this machine has, what was chosen for it and why, and what would be better, with the command that sets
 * it. Changes nothing.
 */
import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { type DataOptions, dataAndConfiguration } from '#commands/data-option.ts'
import type { Finding } from '#engine/tuning/finding.ts'
import { inspectMachine } from '#engine/tuning/tuning.ts'

interface Options extends DataOptions {
  readonly json?: true
}

export const tuneCommand = (): Command =>
  new Command('tune')
    .description('Say what this machine has, what was chosen for it and why, and what would be better.')
    .option('--json', 'one JSON object')
    .option('--data <directory>', 'data directory of the gateway')
    .option('-c, --config <file>', 'configuration file')
    .allowExcessArguments(false)
    .addHelpText('after', '\nChanges nothing. Exit status: 0, whatever there is to be said; 1 for an error.')
    .action(tune)

async function tune(options: Options): Promise<void> {
  const { data, configuration } = await dataAndConfiguration(options)
  const threads = configuration.threads || availableParallelism()
  const report = inspectMachine({ data, configuration, threads })
  if (options.json) {
    process.stdout.write(`${JSON.stringify(report)}\n`)
    return
  }
  process.stdout.write(tell(report.findings))
}

/** Names of files, devices and models come from outside. */
const printable = (text: string) => text.replace(/[\0-\x1f\x7f-\x9f]/g, '?')

export function tell(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  let area = ''
  const lines: string[] = []
  for (const finding of findings) {
    if (finding.area !== area) lines.push(...(area === '' ? [] : ['']), finding.area)
    area = finding.area
    const mark = finding.advice === undefined ? ' ' : '!'
    lines.push(`${mark} ${finding.name.padEnd(width)}  ${finding.value}`)
    if (finding.advice === undefined) continue
    lines.push(`    ${finding.advice.sentence}`)
    if (finding.advice.command !== undefined) lines.push(`    # ${finding.advice.command}`)
  }
  const advice = findings.filter(finding => finding.advice !== undefined).length
  const summary =
    advice === 0
      ? 'All of it is as it should be.'
      : `${advice} of ${findings.length} could be better: the lines with an exclamation mark.`
  return [...lines.map(printable), '', summary, ''].join('\n')
}
