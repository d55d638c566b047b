/**
 * The jobs of a message: its recipients in one domain who are treated alike, in the order of the first of each.
 *
 * Promises: the same envelope always gives the same jobs in the same order, for the log names them by number; an envelope
 * without treatments gives one job for each domain, as ever.
 */
import { domainOf } from '#mail/address.ts'
import type { Envelope, Recipient } from '#mail/envelope.ts'

export interface QueuedJob {
  readonly domain: string
  /** Waits for an operator from the beginning. */
  readonly held: boolean
}

export interface PlannedJob extends QueuedJob {
  /** Number of the treatment in the envelope. */
  readonly treatment: number | undefined
}

/** Empty for a message that was discarded for all of its recipients: of those none has a job. */
export function jobsOf(envelope: Envelope): readonly PlannedJob[] {
  const { recipients } = envelope
  if (recipients.length === 1) return jobsFor(envelope, recipients[0]!)
  const jobs = new Map<string, PlannedJob>()
  for (const recipient of recipients) {
    const { treatment, address } = recipient
    const key = treatment === undefined ? domainOf(address) : `${domainOf(address)} ${treatment}`
    if (!jobs.has(key)) for (const job of jobsFor(envelope, recipient)) jobs.set(key, job)
  }
  return [...jobs.values()]
}

function jobsFor({ treatments }: Envelope, { address, treatment }: Recipient): readonly PlannedJob[] {
  const kind = treatment === undefined ? undefined : treatments?.[treatment]?.kind
  return kind === 'discard' ? [] : [{ domain: domainOf(address), held: kind === 'hold', treatment }]
}

export const isIn = ({ domain, treatment }: PlannedJob, recipient: Recipient): boolean =>
  recipient.treatment === treatment && domainOf(recipient.address) === domain

/**
 * True when whoever knows of domains alone would do wrong: deliver what is held or discarded, or take the number of one job for
 * that of another. What is only marked goes out unmarked there, and that loses nothing.
 */
export function needsTreatments(
  { recipients, treatments = [] }: Envelope,
  jobs: readonly QueuedJob[],
): boolean {
  if (treatments.length === 0) return false
  if (treatments.some(({ kind }) => kind === 'hold' || kind === 'discard')) return true
  return jobs.length !== new Set(recipients.map(({ address }) => domainOf(address))).size
}
