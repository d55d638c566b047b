/**
 * The queue as delivery sees it: due jobs by domain, leases, settlements.
 *
 * Promises: a job is leased to one taker at a time, and waits again only when its settlement is on disk, so an attempt
 * never starts from what was true before the last one. Jobs of the null settlement (handed back untried) cost no write.
 */
import type { Clock } from '#mail/clock.ts'
import type { Envelope, Recipient } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { DeliveryQueue, Job, Settlement } from '#mail/queue.ts'
import type { Treatment } from '#mail/treatment.ts'
import type { Journal } from '#spool/commit.ts'
import type { Fresh } from '#spool/fresh.ts'
import { type JobState, stateAfter, untouched, waitingRecipients } from '#spool/job-state.ts'
import { jobsOf, type PlannedJob } from '#spool/jobs.ts'
import { field, mark } from '#spool/message-table.ts'
import type { QueueState } from '#spool/queue-state.ts'
import type { Reading } from '#spool/reading.ts'
import { flag } from '#spool/record.ts'

/** Milliseconds until a job is tried again whose record could not be read. */
const unreadableDelay = 60_000
/** Longest time that a timer of Node can wait. */
const longestTimer = 2 ** 31 - 1

/** Of a row that its envelope knows nothing of: nobody waits in it, and the record is set aside. */
const noJob: PlannedJob = { domain: '', held: false, treatment: undefined }

type ContentSource = () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>

class SpoolJob implements Job {
  readonly id: MessageId
  readonly number: number
  readonly plan: PlannedJob
  readonly attempts: number
  readonly envelope: Envelope
  readonly recipients: readonly Recipient[]
  readonly size: number
  readonly delayNotified: boolean
  readonly content: ContentSource
  readonly row: number
  readonly state: JobState
  /** For a job that is handed back untried: what need not be read again. */
  readonly chunks: readonly Uint8Array[] | undefined
  settled = false

  constructor(
    queue: QueueState,
    row: number,
    plan: PlannedJob,
    envelope: Envelope,
    state: JobState,
    content: ContentSource,
    chunks?: readonly Uint8Array[],
  ) {
    const { table } = queue
    this.id = queue.id(row)
    this.number = table.get(row, field.job)
    this.plan = plan
    this.attempts = table.get(row, field.attempts)
    this.envelope = envelope
    this.recipients =
      envelope.recipients.length === 1 ? envelope.recipients : waitingRecipients(envelope, plan, state)
    this.size = table.get(row, field.size)
    this.delayNotified = table.has(row, flag.delayNotified)
    this.content = content
    this.row = row
    this.state = state
    this.chunks = chunks
  }

  get domain(): string {
    return this.plan.domain
  }

  get treatment(): Treatment | undefined {
    return this.plan.treatment === undefined ? undefined : this.envelope.treatments?.[this.plan.treatment]
  }
}

export interface DeliveryOptions {
  readonly queue: QueueState
  readonly journal: Journal
  readonly reading: Reading
  readonly fresh: Fresh
  readonly clock: Clock
  /** The record of this message cannot be used: it is set aside and leaves the queue. */
  readonly onCorrupt: (row: number) => void
  readonly onTrouble: (error: unknown) => void
}

export class Delivery implements DeliveryQueue {
  readonly #options: DeliveryOptions
  readonly #listeners: (() => void)[] = []
  #called = false
  #timer: NodeJS.Timeout | undefined
  #timerAt = 0

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  onDue(listener: () => void): void {
    this.#listeners.push(listener)
    this.due()
  }

  /** Something may have become due: tells the listeners at the end of this turn, and minds the next due time. */
  due(): void {
    if (this.#called || this.#listeners.length === 0) return
    this.#called = true
    setImmediate(() => {
      this.#called = false
      this.#arm()
      const next = this.nextDueAt()
      if (next !== undefined && next <= this.#options.clock.now())
        for (const listener of this.#listeners) listener()
    })
  }

  #arm(): void {
    const now = this.#options.clock.now()
    const next = this.nextDueAt()
    if (next === undefined || next <= now) return
    if (this.#timer !== undefined && this.#timerAt <= next) return
    clearTimeout(this.#timer)
    this.#timerAt = next
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        this.due()
      },
      Math.min(next - now, longestTimer),
    )
    this.#timer.unref()
  }

  dueDomains(now: number): Iterable<string> {
    return this.#options.queue.lanes.due(now)
  }

  nextDueAt(): number | undefined {
    return this.#options.queue.lanes.next()
  }

  postpone(domain: string, until: number): void {
    this.#options.queue.lanes.postpone(domain, until)
    this.due()
  }

  take(domain: string, now: number): Promise<Job | undefined> | Job | undefined {
    const { queue, fresh } = this.#options
    const { table } = queue
    const row = queue.lanes.pop(domain, now)
    if (row === undefined) return undefined
    queue.lease(row)
    const message = table.get(row, field.stateSequence) === 0 ? fresh.take(row) : undefined
    if (message === undefined || message.chunks === undefined) return this.#read(row, domain, now)
    const { envelope, chunks } = message
    return new SpoolJob(queue, row, this.#plan(row, envelope), envelope, untouched, () => chunks, chunks)
  }

  /** With the exact domain: several may share a lane. */
  #plan(row: number, envelope: Envelope): PlannedJob {
    return jobsOf(envelope)[this.#options.queue.table.get(row, field.job)] ?? noJob
  }

  async #read(row: number, domain: string, now: number): Promise<Job | undefined> {
    const { queue, reading, onCorrupt, onTrouble } = this.#options
    try {
      const stored = await reading.message(row)
      if (stored !== undefined) {
        const state = await reading.state(row)
        const plan = this.#plan(row, stored.envelope)
        const job = new SpoolJob(queue, row, plan, stored.envelope, state, stored.content)
        if (job.recipients.length > 0 && !queue.table.has(row, mark.removed)) return job
      }
      if (!queue.table.has(row, mark.removed)) onCorrupt(row)
      queue.unlease(row)
    } catch (error) {
      // The disk, not the message: it stays, and so does the lane's turn for the others.
      onTrouble(error)
      queue.table.setDue(row, now + unreadableDelay)
      queue.unlease(row)
    }
    return this.take(domain, now)
  }

  settle(job: Job, settlement: Settlement): boolean {
    if (!(job instanceof SpoolJob)) throw new TypeError('the job is not of this spool')
    if (job.settled) throw new Error(`job ${job.id} was settled twice`)
    job.settled = true
    const { queue, journal } = this.#options
    const { table } = queue
    const { row } = job
    if (table.has(row, mark.removed)) {
      queue.unlease(row)
      return true
    }
    const untried =
      !settlement.countsAsAttempt &&
      settlement.outcomes.length === 0 &&
      settlement.delayNotified === undefined
    if (untried) {
      this.#handBack(job, settlement)
      return false
    }
    const { state, waiting } = stateAfter(job.envelope, job.plan, job.state, settlement.outcomes)
    const flags =
      (queue.durableFlags(row) & flag.held) |
      (waiting === 0 ? flag.done : 0) |
      ((settlement.delayNotified ?? job.delayNotified) ? flag.delayNotified : 0)
    const attempts = job.attempts + (settlement.countsAsAttempt && waiting > 0 ? 1 : 0)
    queue.setState(row, flags, attempts, settlement.nextAttemptAt ?? this.#options.clock.now())
    const first = table.find(table.get(row, field.idHigh), table.get(row, field.idLow))
    if (queue.isDone(first)) {
      // The rows leave with the commit, and with the last lease: this one must be over by then.
      journal.finished(first, () => {}, false)
      queue.unlease(row)
      return true
    }
    journal.state(
      row,
      state,
      () => {
        queue.unlease(row)
        this.due()
      },
      false,
    )
    return false
  }

  #handBack(job: SpoolJob, settlement: Settlement): void {
    const { queue, fresh, clock } = this.#options
    const { row } = job
    if (job.chunks !== undefined) fresh.keep(row, job.envelope, job.chunks)
    queue.table.setDue(row, settlement.nextAttemptAt ?? clock.now())
    queue.unlease(row)
    this.due()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#listeners.length = 0
  }
}
