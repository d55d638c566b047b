/**
 * What became of the recipients of one job so far, as it stands in the head of a state record: always the whole, so the
 * latest record of a job is the only one that counts.
 *
 * Form: `{"t":[texts],"r":[[recipient, outcome, text], …]}`, numbers of recipients as in the envelope, outcome
 * `d`elivered, `f`ailed or `w`aiting; a text that many recipients share stands there once.
 */

import type { Envelope, Recipient } from '#mail/envelope.ts'
import type { RecipientOutcome } from '#mail/queue.ts'
import { isIn, type PlannedJob } from '#spool/jobs.ts'

export interface RecipientState {
  readonly state: 'waiting' | 'delivered' | 'failed'
  readonly lastReply?: string
}

/** Keyed by the number of the recipient in the envelope; who is missing waits and was never tried. */
export type JobState = ReadonlyMap<number, RecipientState>

const outcomes = new Map([
  ['d', 'delivered'],
  ['f', 'failed'],
  ['w', 'waiting'],
] as const)
const letterOf = { delivered: 'd', failed: 'f', waiting: 'w' } as const
/** Longest reply that is kept, in characters. */
const textLimit = 512

export const untouched: JobState = new Map()

export function encodeState(state: JobState): string {
  if (state.size === 0) return ''
  const texts = new Map<string, number>()
  const rows: [number, string, number][] = []
  for (const [recipient, { state: outcome, lastReply = '' }] of state) {
    const text = lastReply.slice(0, textLimit)
    let number = texts.get(text)
    if (number === undefined) {
      number = texts.size
      texts.set(text, number)
    }
    rows.push([recipient, letterOf[outcome], number])
  }
  return JSON.stringify({ t: [...texts.keys()], r: rows })
}

/** Any text may come in: what cannot be read is left out, so that its recipients wait rather than vanish. */
export function decodeState(text: string): JobState {
  const state = new Map<number, RecipientState>()
  if (text === '') return state
  let value: { t?: unknown; r?: unknown }
  try {
    value = JSON.parse(text)
  } catch {
    return state
  }
  const texts = Array.isArray(value?.t) ? value.t : []
  for (const row of Array.isArray(value?.r) ? value.r : []) {
    if (!Array.isArray(row)) continue
    const outcome = outcomes.get(row[1])
    const reply = texts[row[2]]
    if (Number.isInteger(row[0]) && outcome !== undefined)
      state.set(row[0], {
        state: outcome,
        ...(typeof reply === 'string' && reply !== '' && { lastReply: reply }),
      })
  }
  return state
}

/** The recipients of this job that still wait. */
export function waitingRecipients(
  envelope: Envelope,
  job: PlannedJob,
  state: JobState,
): readonly Recipient[] {
  return envelope.recipients.filter(
    (recipient, number) => isIn(job, recipient) && (state.get(number)?.state ?? 'waiting') === 'waiting',
  )
}

/** The state after an attempt. Outcomes of recipients that did not wait are ignored: what is done stays done. */
export function stateAfter(
  envelope: Envelope,
  job: PlannedJob,
  before: JobState,
  results: readonly RecipientOutcome[],
): { readonly state: JobState; readonly waiting: number } {
  const byAddress = new Map(results.map(outcome => [outcome.recipient as string, outcome]))
  const state = new Map(before)
  let waiting = 0
  envelope.recipients.forEach((recipient, number) => {
    if (!isIn(job, recipient) || (before.get(number)?.state ?? 'waiting') !== 'waiting') return
    const outcome = byAddress.get(recipient.address)
    if (outcome !== undefined)
      state.set(number, {
        state: outcome.outcome === 'deferred' ? 'waiting' : outcome.outcome,
        lastReply: outcome.text,
      })
    if (state.get(number)?.state !== 'delivered' && state.get(number)?.state !== 'failed') waiting++
  })
  return { state, waiting }
}

/** The state after an operator took the job out of the queue: whoever waits in it waits in vain. */
export const stateOfRemoval = (envelope: Envelope, job: PlannedJob, before: JobState): JobState =>
  stateAfter(
    envelope,
    job,
    before,
    envelope.recipients.map(({ address }) => ({
      recipient: address,
      outcome: 'failed',
      text: 'removed by an operator',
    })),
  ).state
