/**
 * `sluice trace`: what happened to a message, an address or a client.
 */
import { join } from 'node:path'
import { Command } from 'commander'
import { type DataOptions, dataAndConfiguration } from '#commands/data-option.ts'
import { dayOf, sentenceOf } from '#observe/story.ts'
import { type TracedEvent, traceOf } from '#observe/trace.ts'

interface Options extends DataOptions {
  readonly json?: true
}

export const traceCommand = (): Command =>
  new Command('trace')
    .description('Tell the story of a message, an address or a client: every event, refusals included.')
    .argument('<what>', 'message id, session, mail address, @domain, or IP address of a client')
    .option('--json', 'one JSON object per event')
    .option('--data <directory>', 'data directory of the gateway')
    .option('-c, --config <file>', 'configuration file that names the data directory')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nExit status: 0 when something was found, 3 when nothing was, 1 for an error, 2 for a wrong command line.',
    )
    .action(trace)

async function trace(what: string, options: Options): Promise<void> {
  const directory = join((await dataAndConfiguration(options)).data, 'tracking')
  const { events, more } = await traceOf(directory, what).catch(error => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error(
      `There is no tracking in ${directory}: no gateway has run there yet, or --data names another place.`,
    )
  })
  if (events.length === 0) {
    process.stderr.write(`Nothing is known of ${JSON.stringify(what)} in ${directory}.\n`)
    process.exitCode = 3
    return
  }
  process.stdout.write(
    options.json ? events.map(event => `${JSON.stringify(event)}\n`).join('') : tell(events),
  )
  if (more) process.stderr.write('There is more; ask for a message id to see all of it.\n')
}

function tell(events: readonly TracedEvent[]): string {
  let day = ''
  return events
    .map(event => {
      const today = dayOf(event)
      const heading = today === day ? '' : `${today}\n`
      day = today
      return `${heading}  ${sentenceOf(event)}\n`
    })
    .join('')
}
