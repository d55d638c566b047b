/**
 * `sluice update [FILE|URL]`: installs a signed bundle of rules, which a running gateway takes over at once.
 *
 * Ends with 0 when it is in force or nothing is new, with 1 and the reason when it is refused; then what was in force before
 * still is. `--status` ends with 1 when what is in force has expired or cannot be used, or the last update failed.
 */
import { join } from 'node:path'
import { Command } from 'commander'
import { type DataOptions, dataAndConfiguration } from '#commands/data-option.ts'
import { printable } from '#commands/printable.ts'
import { statusOf } from '#commands/update-status.ts'
import { version } from '#commands/version.ts'
import { wrongWith } from '#content/bundle/check.ts'
import { readSource } from '#content/bundle/fetch.ts'
import type { TakeOver } from '#content/bundle/install.ts'
import { rollBack, type UpdateOptions, type UpdateOutcome, update } from '#content/bundle/update.ts'
import { askEngine } from '#control/socket.ts'
import { trustedKeys } from '#engine/bundle-choice.ts'
import { takenOver } from '#engine/updates.ts'

interface Options extends DataOptions {
  readonly force?: true
  readonly status?: true
  readonly rollback?: true
  readonly json?: true
}

export const updateCommand = (): Command =>
  new Command('update')
    .description('Install a signed bundle of rules; a running gateway takes it over at once.')
    .argument('[source]', 'a file, or the URL of a mirror (default: updates.url of the configuration)')
    .option('--force', 'also one that is older, expired or of another series; never one that is not signed')
    .option('--status', 'say what is in force, until when, and what came of the last update')
    .option('--rollback', 'put the bundle before the present one in force again')
    .option('--json', 'one line of JSON')
    .option('--data <directory>', 'data directory (default: that of the configuration)')
    .option('-c, --config <file>', 'configuration file')
    .allowExcessArguments(false)
    .action(async (source: string | undefined, options: Options, command: Command) => {
      const wishes = [source, options.status, options.rollback].filter(wish => wish !== undefined)
      if (wishes.length > 1)
        command.error('error: a source, --status and --rollback exclude each other', { exitCode: 2 })
      const { status, text } = await run(source, options)
      if (status === 0 || options.json || options.status) process.stdout.write(text)
      else process.stderr.write(text)
      process.exitCode = status
    })

interface Told {
  readonly status: 0 | 1
  readonly text: string
}

async function run(source: string | undefined, options: Options): Promise<Told> {
  const { data, configuration } = await dataAndConfiguration(options)
  const directory = join(data, 'bundles')
  const keys = trustedKeys(configuration)
  if (options.status) return statusOf(data, directory, keys, options.json === true)
  const common: UpdateOptions = {
    directory,
    keys,
    version: version(),
    now: Date.now(),
    check: content => wrongWith(content, { cache: join(data, 'patterns') }),
    takeOver: () => askToTakeOver(data),
  }
  if (options.rollback) return told(await rollBack(common), options)
  const from = source ?? configuration.updates.url
  if (from === undefined) throw new Error('Name a file or a URL, or set updates.url in the configuration.')
  const wish = { source: readSource(from), force: options.force === true, patient: false }
  return told(await update(common, wish), options)
}

async function askToTakeOver(data: string): Promise<TakeOver> {
  const result = await askEngine(data, { ask: 'take-bundle' })
  return result === undefined ? { kind: 'absent' } : takenOver(result as Parameters<typeof takenOver>[0])
}

function told(outcome: UpdateOutcome, { json }: Options): Told {
  const status = outcome.kind === 'refused' ? 1 : 0
  return { status, text: json ? `${JSON.stringify(asJson(outcome))}\n` : `${printable(asText(outcome))}\n` }
}

function asJson(outcome: UpdateOutcome) {
  if (outcome.kind !== 'switched') return outcome
  const { name, sequence, expires } = outcome.manifest
  return {
    kind: 'installed',
    name,
    sequence,
    expires: new Date(expires).toISOString(),
    running: outcome.running,
  }
}

function asText(outcome: UpdateOutcome): string {
  if (outcome.kind === 'refused') return `The update is refused: ${outcome.sentence}.`
  if (outcome.kind === 'unchanged') return `Nothing is new: ${outcome.sentence}.`
  const { name, sequence } = outcome.manifest
  const who = outcome.running ? 'the running gateway uses it' : 'no gateway runs on this data directory'
  return `Bundle ${sequence} of ${name} is in force; ${who}.`
}
