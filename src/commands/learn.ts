/**
 * `sluice learn`: what users say of messages, and what the site learns from it.
 *
 * Promises: a report is on disk before the command ends; what was learned, what waits, and what was rejected is told with the
 * reason; nothing changes for the engine before it opens the model again.
 */
import { join } from 'node:path'
import { Command } from 'commander'
import { type DataOptions, dataAndConfiguration } from '#commands/data-option.ts'
import { learnedAsJson, learnedAsText } from '#commands/learn-report.ts'
import { mailsIn, sourceOf } from '#commands/scan-mails.ts'
import { administrator, type Report, reporterOf } from '#content/spam/learning/report.ts'
import { createReader, openSiteLearning, type SiteLearning } from '#content/spam/learning/site.ts'
import { systemClock } from '#mail/clock.ts'
import { chooseEngine } from '#scanner/engine.ts'

interface Options extends DataOptions {
  readonly ham?: true
  readonly spam?: true
  readonly as?: string
  readonly status?: true
  readonly rebuild?: true
  readonly rollback?: true
  readonly model: string
  readonly json?: true
}

const shippedModel = join(import.meta.dirname, '../../appliance/models/default.model')

export const learnCommand = (): Command =>
  new Command('learn')
    .description(
      'Report messages as ham or spam, and correct the model of the anti-spam filter by all reports.',
    )
    .argument('[file...]', 'messages, one a file; mbox files; folders with everything below them')
    .option('--ham', 'they are wanted')
    .option('--spam', 'they are unwanted')
    .option('--as <address>', 'who reports them; without it the administrator')
    .option('--status', 'what was reported, and what would be learned from it')
    .option('--rebuild', 'write the model that all reports together give')
    .option('--rollback', 'take back the model before; again: undo that')
    .option('--model <file>', 'the model to correct, instead of the one that ships', shippedModel)
    .option('--data <directory>', 'the data directory')
    .option('--config <file>', 'the configuration that names it')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExit status: 0 when done; 1 for an error, 2 for a wrong command line.')
    .action(async (files: readonly string[], options: Options, command: Command) => {
      const wrong = misuse(files, options)
      if (wrong !== undefined) command.error(`error: ${wrong}`, { exitCode: 2 })
      const { data } = await dataAndConfiguration(options)
      await act(openSiteLearning({ data, model: options.model }, systemClock), files, options)
    })

function misuse(
  files: readonly string[],
  { ham, spam, as, status, rebuild, rollback }: Options,
): string | undefined {
  const asked = [ham, spam, status, rebuild, rollback].filter(each => each === true).length
  if (asked !== 1) return 'name one of --ham, --spam, --status, --rebuild and --rollback'
  const reporting = ham === true || spam === true
  if (reporting && files.length === 0) return 'name messages to report'
  if (!reporting && files.length > 0) return 'files are for --ham and --spam'
  if (!reporting && as !== undefined) return '--as is for --ham and --spam'
  if (as !== undefined && (as === administrator || reporterOf(as) === undefined))
    return `${JSON.stringify(as)} is no address`
  return undefined
}

async function act(site: SiteLearning, files: readonly string[], options: Options): Promise<void> {
  if (options.rollback) return rollBack(site, options)
  if (options.status || options.rebuild) {
    const told = await (options.rebuild ? site.rebuild() : site.status())
    if ('refusal' in told) throw new Error(told.refusal)
    process.stdout.write(options.json ? learnedAsJson(told) : learnedAsText(told))
    return
  }
  await report(site, files, options)
}

const rolledBack = {
  previous: 'The model before is back as site.model.',
  shipped: 'There was none before: site.model is away, and the shipped model serves.',
  nothing: 'There is nothing to take back.',
} as const

async function rollBack(site: SiteLearning, { json }: Options): Promise<void> {
  const restored = await site.rollBack()
  process.stdout.write(json ? `${JSON.stringify({ restored })}\n` : `${rolledBack[restored]}\n`)
}

/** A message that cannot be read is told, and the others are reported. */
async function report(site: SiteLearning, named: readonly string[], options: Options): Promise<void> {
  const choice = chooseEngine()
  if (choice.kind === 'refused') throw new Error(`${choice.reason}.`)
  const read = createReader(choice)
  const reporter = reporterOf(options.as ?? administrator)!
  const reports: Report[] = []
  for (const file of (await sourceOf(named, complain)).files)
    try {
      for (const { octets } of await mailsIn(file, false))
        reports.push(read(octets, reporter, options.spam === true, systemClock.now()))
    } catch (error) {
      complain(file, (error as Error).message)
    }
  const kept = reports.length === 0 ? ({ kind: 'kept', reports: 0 } as const) : await site.report(reports)
  if (kept.kind === 'refused') throw new Error(`Nothing was reported: ${kept.reason}.`)
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ reported: kept.reports })}\n`
      : `Reported ${kept.reports} as ${options.spam ? 'spam' : 'ham'}. They count at the next: sluice learn --rebuild\n`,
  )
}

function complain(file: string, reason: string): void {
  process.stderr.write(`sluice: ${file}: ${reason}\n`)
  process.exitCode = 1
}
