/**
 * The queue in the eyes of a human: tables and pages for a terminal.
 *
 * Promises: what came from outside cannot move the cursor or begin a line of its own.
 */
import { printable } from '#commands/printable.ts'
import type { QueueDetails } from '#control/queue-calls.ts'
import type { QueueEntry, QueueTotals } from '#mail/queue.ts'

const headings = ['ID', 'STATE', 'AGE', 'SIZE', 'TRIES', 'NEXT', 'SENDER', 'RECIPIENTS'] as const
const rightAligned = new Set(['AGE', 'SIZE', 'TRIES', 'NEXT'])

export function queueTable(entries: readonly QueueEntry[], now: number): string {
  const rows = [[...headings], ...entries.map(entry => rowOf(entry, now))]
  const widths = headings.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(row => {
      const cells = row.map((cell, column) =>
        rightAligned.has(headings[column]!) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      return `${cells.join('  ').trimEnd()}\n`
    })
    .join('')
}

function rowOf(entry: QueueEntry, now: number): string[] {
  const waiting = entry.recipients.filter(({ state }) => state === 'waiting' || state === 'held')
  const [first] = waiting
  const others = waiting.length - 1
  return [
    entry.id,
    entry.state,
    span(now - entry.receivedAt),
    octets(entry.size),
    String(entry.attempts),
    entry.state === 'waiting' ? span(entry.nextAttemptAt - now) : '-',
    `<${printable(entry.sender)}>`,
    first === undefined ? '-' : `<${printable(first.address)}>${others > 0 ? ` and ${others} more` : ''}`,
  ]
}

export function queueSummary(
  { messages, held, delivering, octets: size, oldest }: QueueTotals,
  now: number,
): string {
  if (messages === 0) return 'The queue is empty.\n'
  const age = oldest === undefined ? '' : `, the oldest ${span(now - oldest)} old`
  const noun = messages === 1 ? 'message' : 'messages'
  return `${messages.toLocaleString('en-US')} ${noun} (${held} held, ${delivering} being delivered), ${octets(size)}${age}.\n`
}

export function messagePage({ entry, envelope, content, complete }: QueueDetails, now: number): string {
  const { origin } = envelope
  const facts: [string, string][] = [
    ['id', entry.id],
    ['state', entry.state],
    ['sender', `<${entry.sender}>`],
    ['received', `${new Date(entry.receivedAt).toISOString()}, ${span(now - entry.receivedAt)} ago`],
    [
      'from',
      `${origin.clientAddress} (${origin.helo}), zone ${origin.zone}, ${origin.protocol}, session ${origin.session}`,
    ],
    ['size', `${entry.size.toLocaleString('en-US')} octets`],
    ['attempts', String(entry.attempts)],
    ['next try', entry.state === 'waiting' ? `in ${span(entry.nextAttemptAt - now)}` : '-'],
    ...entry.recipients.map((recipient): [string, string] => [
      'recipient',
      [`<${recipient.address}> ${recipient.state}`, ...whyOf(recipient)].join(': '),
    ]),
  ]
  const head = facts.map(([name, value]) => `${name.padEnd(10)} ${printable(value)}\n`).join('')
  if (content === undefined) return `${head}\nThe content on disk is corrupt.\n`
  const text = Buffer.from(content).toString('utf8').split(/\r?\n/).map(printable).join('\n')
  return `${head}\n${text}${complete ? '' : '\n(… cut here; --json has more)\n'}`
}

/** A verdict begins with its name, which the state says already. */
const whyOf = ({ lastReply, why }: QueueEntry['recipients'][number]): string[] =>
  [lastReply, why?.replace(/^\w+: /, '')].filter(text => text !== undefined)

/** `45s`, `12m`, `3h05m`, `2d04h`; what is past is `now`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000))
  if (seconds === 0) return 'now'
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  const pad = (value: number) => String(value).padStart(2, '0')
  return hours < 24 ? `${hours}h${pad(minutes % 60)}m` : `${Math.floor(hours / 24)}d${pad(hours % 24)}h`
}

/** `812 B`, `4.0 KiB`, `1.2 MiB`. */
export function octets(count: number): string {
  if (count < 1_024) return `${count} B`
  const steps = ['KiB', 'MiB', 'GiB', 'TiB']
  let value = count / 1_024
  let step = 0
  while (value >= 1_024 && step < steps.length - 1) {
    value /= 1_024
    step++
  }
  return `${value.toFixed(1)} ${steps[step]}`
}
