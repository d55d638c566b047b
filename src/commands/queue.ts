/**
 * `sluice queue`: look at what waits, hold it, release it, try it at once, remove it. By id or by query.
 *
 * Promises: works with and without a running engine, and says the same either way; nothing is changed without an id, a
 * filter or --all; removal of more than one message by a filter wants a yes.
 */
import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { type DataOptions, dataAndConfiguration } from '#commands/data-option.ts'
import { isUnrestricted, type QueryOptions, queryOf, withQueryOptions } from '#commands/queue-query.ts'
import { messagePage, queueSummary, queueTable } from '#commands/queue-tables.ts'
import { listLimit, showLimit } from '#control/protocol.ts'
import type { QueueAction, QueueAnswer, QueueCall } from '#control/queue-calls.ts'
import { openQueueAccess, type QueueAccess } from '#engine/queue-access.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { QueueQuery } from '#mail/queue.ts'

interface Options extends DataOptions, QueryOptions {
  readonly json?: true
  readonly limit?: string
  readonly yes?: true
  readonly octets?: string
}

const exit = { nothing: 3 } as const
const shownOctets = 16_384

export function queueCommand(): Command {
  const queue = new Command('queue').description(
    'Look at the queue and change it, with or without a running gateway.',
  )
  const sub = (name: string, description: string) =>
    queue
      .command(name)
      .description(description)
      .option('--json', 'JSON instead of a table')
      .option('--data <directory>', 'data directory of the gateway')
      .option('-c, --config <file>', 'configuration file that names the data directory')
      .allowExcessArguments(false)
  withQueryOptions(sub('list', 'List messages, oldest first.').argument('[id...]', 'only these'))
    .option('--limit <count>', `at most so many (up to ${listLimit})`, '100')
    .action(list)
  sub('show', 'Show one message: envelope, recipients with their last reply, content.')
    .argument('<id>')
    .option('--octets <count>', `octets of content (up to ${showLimit})`, String(shownOctets))
    .action(show)
  for (const [action, description] of actions)
    withQueryOptions(sub(action, description).argument('[id...]', 'these messages'))
      .option('--all', 'every message that the filters leave')
      .option('--yes', 'do not ask')
      .action((ids: string[], options: Options, command: Command) => change(action, ids, options, command))
  queue.addHelpText(
    'after',
    '\nExit status: 0 when something was found or changed, 3 when nothing was, 1 for an error, 2 for a wrong command line.',
  )
  return queue
}

const actions: readonly (readonly [QueueAction, string])[] = [
  ['hold', 'Keep messages in the queue until they are released.'],
  ['release', 'Let held messages go on.'],
  ['retry', 'Try messages now instead of at their next time.'],
  ['remove', 'Remove messages for good. Nobody is notified.'],
]

async function withQueue(options: Options, use: (access: QueueAccess) => Promise<void>): Promise<void> {
  const { data, configuration } = await dataAndConfiguration(options)
  const access = await openQueueAccess(data, configuration)
  try {
    await use(access)
  } finally {
    await access.close()
  }
}

type AnswerTo<Call extends QueueCall['call']> = Extract<QueueAnswer, { call: Call }>

const ask = async <Call extends QueueCall>(access: QueueAccess, call: Call) =>
  (await access.ask(call)) as AnswerTo<Call['call']>

function countOf(text: string | undefined, most: number, option: string, command: Command): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1 || count > most)
    command.error(`error: ${option} is a number from 1 to ${most}`, { exitCode: 2 })
  return count
}

const write = (text: string): void => void process.stdout.write(text)
const writeJson = (value: unknown): void => write(`${JSON.stringify(value)}\n`)

async function list(ids: string[], options: Options, command: Command): Promise<void> {
  const query = queryOf(ids, options, command)
  const limit = countOf(options.limit, listLimit, '--limit', command)
  await withQueue(options, async access => {
    const { entries, more } = await ask(access, { call: 'list', query: { ...query, limit } })
    const { totals } = await ask(access, { call: 'totals' })
    if (!isUnrestricted(query) && entries.length === 0) process.exitCode = exit.nothing
    if (options.json) return writeJson({ running: access.engine !== undefined, totals, entries, more })
    const now = Date.now()
    if (entries.length > 0) write(queueTable(entries, now))
    if (entries.length === 0 && totals.messages > 0) write('Nothing in the queue matches.\n')
    if (more) write(`Only the first ${limit} are shown; --limit shows more.\n`)
    write(queueSummary(totals, now))
    if (access.engine === undefined) write('No gateway runs on this data directory.\n')
  })
}

async function show(id: string, options: Options, command: Command): Promise<void> {
  queryOf([id], {}, command)
  const octets = countOf(options.octets, showLimit, '--octets', command)
  await withQueue(options, async access => {
    const { details } = await ask(access, { call: 'show', id: id as MessageId, octets })
    if (details === undefined) {
      process.stderr.write(`${id} is not in the queue; "sluice trace ${id}" tells what became of it.\n`)
      process.exitCode = exit.nothing
      return
    }
    if (!options.json) return write(messagePage(details, Date.now()))
    const { content, ...rest } = details
    writeJson({ ...rest, content: content === undefined ? null : Buffer.from(content).toString('base64') })
  })
}

async function change(action: QueueAction, ids: string[], options: Options, command: Command): Promise<void> {
  const query = queryOf(ids, options, command)
  if (isUnrestricted(query) && !options.all)
    command.error(`error: name the messages to ${action} by id or by a filter, or say --all`, { exitCode: 2 })
  await withQueue(options, async access => {
    if (!(await isMeant(access, action, query, options))) {
      process.stderr.write('Nothing was changed.\n')
      process.exitCode = 1
      return
    }
    const by = `${process.env.SUDO_USER ?? process.env.USER ?? 'uid'} (${process.getuid?.()})`
    const { ids: changed } = await ask(access, { call: 'change', action, query, by })
    if (changed.length === 0) process.exitCode = exit.nothing
    if (options.json) return writeJson({ action, ids: changed })
    const noun = changed.length === 1 ? 'message' : 'messages'
    write(`${past[action]} ${changed.length} ${noun}.\n`)
    if (changed.length <= 20) for (const id of changed) write(`  ${id}\n`)
  })
}

const past = { hold: 'Held', release: 'Released', retry: 'Will try at once:', remove: 'Removed' } as const

/** Only a removal cannot be taken back. Who named every id, or said --yes, has thought about it. */
async function isMeant(
  access: QueueAccess,
  action: QueueAction,
  query: QueueQuery,
  { yes }: Options,
): Promise<boolean> {
  if (action !== 'remove' || yes || query.ids !== undefined) return true
  const { entries, more } = await ask(access, { call: 'list', query: { ...query, limit: listLimit } })
  if (entries.length < 2) return true
  const count = more ? `more than ${listLimit}` : String(entries.length)
  if (!process.stdin.isTTY) {
    process.stderr.write(`${count} messages match; say --yes to remove them.\n`)
    return false
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`Remove ${count} messages for good? [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}
