/**
 * A tracking event as one sentence for a human. `sluice trace` prints them one below the other.
 *
 * Promises: one line per event, whatever a stranger wrote into it: control and format characters show as `?`.
 */
import { notScannedReasons } from '#mail/content.ts'
import { reasons } from '#mail/reason.ts'
import { sentenceOfVerdict, shownScore, strongestSymbols } from '#mail/verdict.ts'
import type { TracedEvent } from '#observe/trace.ts'

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** `12:01:03.250 accepted 06h0r… from <a@b> to <c@d>, 4,096 octets, on disk in 3 ms`; local time. */
export function sentenceOf(event: TracedEvent): string {
  return `${clockOf(event.t)} ${wordsOf(event)}`.replace(unprintable, '?')
}

/** `2026-07-25`, local time, for the line above the events of a day. */
export function dayOf(event: TracedEvent): string {
  const day = new Date(event.t)
  return `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`
}

function wordsOf(event: TracedEvent): string {
  switch (event.event) {
    case 'connected':
      return `connected from ${event.client}:${event.port} to ${event.listener}, zone ${event.zone}, session ${event.session}`
    case 'refused':
      return refusal(event)
    case 'authenticated':
      return `signed in as ${event.user}`
    case 'scanned':
      return scan(event)
    case 'not-scanned':
      return `not scanned ${event.id}: ${notScannedReasons[event.reason] ?? event.reason}`
    case 'judged':
      return judged(event)
    case 'accepted':
      return `accepted ${event.id} from <${event.from}> to ${list(event.to)}, ${number(event.size)} octets, on disk in ${number(event.commit)} ms`
    case 'disconnected':
      return `disconnected after ${number(event.seconds)} s, ${count(event.messages, 'message')} accepted`
    case 'attempt':
      return attempt(event)
    case 'notified':
      return `told <${event.to}> with ${event.notification}: ${event.id} ${notification[event.kind]}`
    case 'dropped':
      return `nobody is told that ${event.id} failed for ${list(event.to)}: ${why[event.why]}`
    case 'done':
      return `done ${event.id} after ${number(event.seconds)} s`
    case 'operator':
      return `${operator[event.action]} ${event.id} by ${event.by}`
    default:
      return String((event as { event: unknown }).event)
  }
}

const notification = { failed: 'failed', delayed: 'is delayed', success: 'was delivered' } as const
const why = {
  'null-sender': 'it has no sender, as notifications have none',
  'notify-never': 'its sender asked for silence',
} as const
const operator = { hold: 'held', release: 'released', retry: 'retry of', remove: 'removed' } as const

type Event<Name extends TracedEvent['event']> = Extract<TracedEvent, { event: Name }>

function refusal(event: Event<'refused'>): string {
  const what = event.id === undefined ? '' : ` ${event.id}`
  const from = event.from === undefined ? '' : ` from <${event.from}>`
  const to = event.to === undefined ? '' : ` to <${event.to}>`
  const meaning = reasons[event.reason] ?? ''
  const detail = event.detail === undefined || event.detail === '' ? '' : ` (${event.detail})`
  return `refused${what} at ${event.stage}${from}${to}: ${event.reason}: ${meaning}${detail} Told: ${event.reply.trim()}`
}

/** `scanned 06h0r… in 48 µs: 5 parts, flags base64-character, boundary-near; rules advance-fee (2.5)` */
function scan(event: Event<'scanned'>): string {
  const { id, microseconds, parts, flags, rules, moreRules, undecided, opinion } = event
  const raised = flags.length === 0 ? '' : `, flags ${flags.join(', ')}`
  const hits = rules.map(({ rule, score }) => `${rule} (${score})`)
  if (moreRules > 0) hits.push(`${number(moreRules)} more`)
  const open = undecided.map(({ rule, reason }) => `${rule} (${doubt[reason]})`)
  return [
    `scanned ${id} in ${number(microseconds)} µs: ${count(parts, 'part')}${raised}`,
    ...(hits.length === 0 ? [] : [`rules ${hits.join(', ')}`]),
    ...(open.length === 0 ? [] : [`undecided ${open.join(', ')}`]),
    ...(opinion === undefined
      ? []
      : [[`score ${shownScore(opinion.score)}`, ...strongestSymbols(opinion)].join(', ')]),
  ].join('; ')
}

/** `judged 06h0r…: hold: the score is in that band (0.9731, from 0.9) for <jo@example.org>` */
function judged({ id, score, verdicts }: Event<'judged'>): string {
  const rows = verdicts.map(({ redirectedTo, to, ...verdict }) => {
    const where = redirectedTo === undefined ? '' : ` to <${redirectedTo}>`
    return `${sentenceOfVerdict(verdict, score)}${where} for ${list(to)}`
  })
  return `judged ${id}: ${rows.join('; ')}`
}

const doubt = { time: 'no time', cut: 'text too long' } as const

function attempt(event: Event<'attempt'>): string {
  const tls = event.tls === undefined ? '' : ` over ${event.tls}`
  const outcomes = event.outcomes.map(({ to, outcome, reply }) => `${outcome} <${to}>: ${reply.trim()}`)
  const again = event.nextAttemptAt === undefined ? '' : `; again at ${clockOf(event.nextAttemptAt)}`
  return `tried ${event.id} at ${event.nextHop}${tls} for ${event.domain}, ${number(event.milliseconds)} ms: ${outcomes.join('; ')}${again}`
}

const shown = 3

function list(addresses: readonly string[]): string {
  const named = addresses.slice(0, shown).map(address => `<${address}>`)
  const rest = addresses.length - shown
  return rest > 0 ? `${named.join(', ')} and ${number(rest)} more` : named.join(', ')
}

const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 })
const count = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? '' : 's'}`
const pad = (value: number, length = 2): string => String(value).padStart(length, '0')

function clockOf(t: number): string {
  const time = new Date(t)
  return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`
}
