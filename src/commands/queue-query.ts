/**
 * From options and arguments of `sluice queue` to a query of the queue, strictly: a filter that is misread would let
 * `remove` take too much.
 */
import { type Command, InvalidArgumentError } from 'commander'
import { isMessageId } from '#mail/message-id.ts'
import type { QueueEntry, QueueQuery } from '#mail/queue.ts'

export interface QueryOptions {
  readonly sender?: string
  readonly recipient?: string
  readonly domain?: string
  readonly state?: QueueEntry['state']
  readonly olderThan?: number
  readonly newerThan?: number
  readonly all?: true
}

const units = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/** `30s`, `5m`, `2h`, `1d` → milliseconds. */
export function parseAge(text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const factor = units.get(unit)
  if (count === undefined || factor === undefined)
    throw new InvalidArgumentError('An age is a number with s, m, h or d, such as 30m.')
  return Number(count) * factor
}

const states: readonly string[] = ['waiting', 'delivering', 'held']

function parseState(text: string): string {
  if (!states.includes(text)) throw new InvalidArgumentError(`A state is one of ${states.join(', ')}.`)
  return text
}

export const withQueryOptions = (command: Command): Command =>
  command
    .option('--sender <text>', 'the sender contains this')
    .option('--recipient <text>', 'a recipient contains this')
    .option('--domain <text>', 'the domain of a recipient contains this')
    .option('--state <state>', `${states.join(', ')}`, parseState)
    .option('--older-than <age>', 'received longer ago than 30s, 5m, 2h, 1d', parseAge)
    .option('--newer-than <age>', 'received since then', parseAge)

/** All that is given must match. */
export function queryOf(ids: readonly string[], options: QueryOptions, command: Command): QueueQuery {
  const wrong = ids.find(id => !isMessageId(id))
  if (wrong !== undefined)
    command.error(
      `error: ${JSON.stringify(wrong)} is not the id of a message; they look like 06h8zq3n0r001`,
      {
        exitCode: 2,
      },
    )
  const { sender, recipient, domain, state, olderThan, newerThan } = options
  return {
    ...(ids.length > 0 && { ids }),
    ...(sender !== undefined && { sender }),
    ...(recipient !== undefined && { recipient }),
    ...(domain !== undefined && { domain }),
    ...(state !== undefined && { state }),
    ...(olderThan !== undefined && { olderThan }),
    ...(newerThan !== undefined && { newerThan }),
  }
}

export const isUnrestricted = (query: QueueQuery): boolean => Object.keys(query).length === 0
