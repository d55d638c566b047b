/**
 * Queue and intake in memory: a double of our own seam, so that delivery is tested without a disk. It keeps the
 * contract of `src/mail/queue.ts`: leases, oldest due job first, domains by turns.
 */
import { EventEmitter, once } from 'node:events'
import type { Address } from '#mail/address.ts'
import type { Clock } from '#mail/clock.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { ContentWriter, Intake } from '#mail/intake.ts'
import type { MessageId } from '#mail/message-id.ts'
import { createMessageIdSource } from '#mail/message-id.ts'
import type { DeliveryQueue, Job, Settlement } from '#mail/queue.ts'
import { issueReceipt } from '#mail/receipt.ts'
import { isIn, jobsOf } from '#spool/jobs.ts'

interface Waiting {
  job: Job
  dueAt: number
  leased: boolean
}

export interface TestClock extends Clock {
  advance(milliseconds: number): void
}

/** Stands still until it is told. */
export function createTestClock(start = Date.UTC(2026, 0, 1)): TestClock {
  let now = start
  return {
    now: () => now,
    advance(milliseconds) {
      now += milliseconds
    },
  }
}

export class MemoryQueue implements DeliveryQueue, Intake {
  readonly settlements: { readonly job: Job; readonly settlement: Settlement }[] = []
  /** Messages that delivery itself handed in: notifications. */
  readonly received: { readonly envelope: Envelope; readonly content: Buffer }[] = []
  readonly nextId: () => MessageId
  /** Set to a refusal to see what a full disk does. */
  refusal: Awaited<ReturnType<Intake['accept']>> | undefined
  readonly #clock: Clock
  readonly #events = new EventEmitter()
  /** As the spool does with very many domains: all jobs under one name. */
  readonly #shared: boolean
  readonly #postponed = new Map<string, number>()
  readonly #waiting = new Map<string, Waiting[]>()
  #listener: () => void = () => undefined

  constructor(clock: Clock, shared = false) {
    this.#shared = shared
    this.#clock = clock
    this.nextId = createMessageIdSource(0, clock)
  }

  /** Queues a message for all its recipients. */
  add(envelope: Envelope, content: string | Buffer | readonly (string | Buffer)[], attempts = 0): void {
    const chunks = (Array.isArray(content) ? content : [content]).map(chunk => Buffer.from(chunk))
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    for (const [number, planned] of jobsOf(envelope).entries()) {
      const { domain, treatment } = planned
      const recipients = envelope.recipients.filter(recipient => isIn(planned, recipient))
      const job: Job = {
        id: envelope.id,
        number,
        treatment: treatment === undefined ? undefined : envelope.treatments?.[treatment],
        domain,
        attempts,
        envelope,
        recipients,
        size,
        delayNotified: false,
        content: () => chunks,
      }
      this.#put({ job, dueAt: envelope.receivedAt, leased: false })
    }
    this.wake()
  }

  wake(): void {
    setImmediate(() => this.#listener())
  }

  onDue(listener: () => void): void {
    this.#listener = listener
  }

  *dueDomains(now: number): Iterable<string> {
    for (const [domain, jobs] of this.#waiting)
      if (jobs.some(waiting => !waiting.leased && this.#dueAt(waiting) <= now)) yield domain
  }

  take(domain: string, now: number): Job | undefined {
    const jobs = this.#waiting.get(domain) ?? []
    const due = jobs
      .filter(waiting => !waiting.leased && this.#dueAt(waiting) <= now)
      .sort((a, b) => a.dueAt - b.dueAt)[0]
    if (due === undefined) return undefined
    due.leased = true
    return due.job
  }

  postpone(domain: string, until: number): void {
    this.#postponed.set(domain, until)
  }

  /** What `sluice queue retry` does. */
  retry(domain: string): void {
    this.#postponed.delete(domain)
    for (const waiting of this.#waiting.get(domain) ?? []) waiting.dueAt = this.#clock.now()
    this.wake()
  }

  #dueAt({ job, dueAt }: Waiting): number {
    return Math.max(dueAt, this.#postponed.get(this.#nameOf(job)) ?? 0)
  }

  settle(job: Job, settlement: Settlement): boolean {
    const jobs = this.#waiting.get(this.#nameOf(job)) ?? []
    const at = jobs.findIndex(waiting => waiting.job === job && waiting.leased)
    if (at === -1) throw new Error('settled twice')
    jobs.splice(at, 1)
    if (jobs.length === 0) this.#waiting.delete(this.#nameOf(job))
    const deferred = new Set(
      settlement.outcomes.filter(({ outcome }) => outcome === 'deferred').map(({ recipient }) => recipient),
    )
    const untried = settlement.outcomes.length === 0
    const recipients = job.recipients.filter(({ address }) => untried || deferred.has(address))
    if (recipients.length > 0)
      this.#put({
        job: {
          ...job,
          recipients,
          attempts: job.attempts + (settlement.countsAsAttempt ? 1 : 0),
          delayNotified: job.delayNotified || settlement.delayNotified === true,
        },
        dueAt: settlement.nextAttemptAt!,
        leased: false,
      })
    this.settlements.push({ job, settlement })
    this.#events.emit('settled')
    return ![...this.#waiting.values()].flat().some(waiting => waiting.job.id === job.id)
  }

  nextDueAt(): number | undefined {
    const times = [...this.#waiting.values()]
      .flat()
      .flatMap(waiting => (waiting.leased ? [] : [this.#dueAt(waiting)]))
    return times.length === 0 ? undefined : Math.min(...times)
  }

  get waiting(): readonly Job[] {
    return [...this.#waiting.values()].flat().map(({ job }) => job)
  }

  /** Resolves when so many settlements, those of jobs that were handed back too, were made in all. */
  async settled(count: number): Promise<void> {
    while (this.settlements.length < count) await once(this.#events, 'settled')
  }

  open(id: MessageId): ContentWriter {
    const chunks: Uint8Array[] = []
    return {
      id,
      get size() {
        return Buffer.concat(chunks).length
      },
      write(chunk) {
        chunks.push(chunk)
        return undefined
      },
      abandon: () => undefined,
      ...{ chunks },
    }
  }

  accept(envelope: Envelope, content: ContentWriter): ReturnType<Intake['accept']> {
    if (this.refusal !== undefined) return Promise.resolve(this.refusal)
    const { chunks } = content as ContentWriter & { readonly chunks: readonly Uint8Array[] }
    this.received.push({ envelope, content: Buffer.concat(chunks) })
    return Promise.resolve(issueReceipt(envelope.id))
  }

  #nameOf({ domain }: Job): string {
    return this.#shared ? 'shared/1' : domain
  }

  #put(waiting: Waiting): void {
    const name = this.#nameOf(waiting.job)
    const jobs = this.#waiting.get(name)
    if (jobs === undefined) this.#waiting.set(name, [waiting])
    else jobs.push(waiting)
  }

  /** An envelope as a session would make it. */
  envelope(to: readonly string[], change: Partial<Envelope> = {}): Envelope {
    return {
      id: this.nextId(),
      reversePath: 'sender@example.org' as Address,
      recipients: to.map(address => ({ address: address as Address })),
      body: '7BIT',
      smtputf8: false,
      requireTls: false,
      origin: {
        zone: 'outside',
        listener: '127.0.0.1:25',
        clientAddress: '192.0.2.1',
        clientPort: 1024,
        helo: 'client.example.org',
        protocol: 'ESMTP',
        session: 'test',
      },
      receivedAt: this.#clock.now(),
      ...change,
    }
  }
}
