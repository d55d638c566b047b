/**
 * The queue as the operator sees it: list, show, hold, release, retry, remove.
 *
 * Promises: every change is on disk when its promise resolves. A look costs disk only for messages that pass the filters which
 * the table in memory can decide; it pauses regularly, so mail flows on while a million messages are searched.
 * - Hold and remove also work while a message is being delivered: the attempt under way may still succeed, but nothing is
 *   tried again. A held message that was delivered meanwhile is gone, as it should be.
 * - `list` stops at `limit` messages (1,000 unless asked), in the order of the table, which is nearly that of age.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '#mail/clock.ts'
import type { Envelope } from '#mail/envelope.ts'
import { isMessageId, type MessageId, timeOfMessageId, wordsOfMessageId } from '#mail/message-id.ts'
import type { QueueAdministration, QueueEntry, QueueQuery, QueueTotals } from '#mail/queue.ts'
import { CorruptContent } from '#mail/queue.ts'
import type { Journal } from '#spool/commit.ts'
import { type JobState, stateOfRemoval } from '#spool/job-state.ts'
import { jobsOf } from '#spool/jobs.ts'
import { field, mark } from '#spool/message-table.ts'
import type { QueueState } from '#spool/queue-state.ts'
import type { Reading, StoredMessage } from '#spool/reading.ts'
import { discarded, type RecipientEntry, recipientsOf } from '#spool/recipient-entry.ts'
import { flag } from '#spool/record.ts'

const defaultLimit = 1_000
/** Rows that are looked at between two turns of the event loop. */
const pause = 5_000
/** Changes that wait for one commit. */
const stride = 1_000
/** How long the age of the oldest message is believed; milliseconds. */
const oldestFor = 1_000

export interface AdministrationOptions {
  readonly queue: QueueState
  readonly journal: Journal
  readonly reading: Reading
  readonly clock: Clock
  /** Something may have become due. */
  readonly onDue: () => void
}

interface Found {
  readonly first: number
  readonly id: MessageId
}

export class Administration implements QueueAdministration {
  readonly #options: AdministrationOptions
  #oldest: { readonly at: number; readonly value: number | undefined } | undefined

  constructor(options: AdministrationOptions) {
    this.#options = options
  }

  async list(query: QueueQuery): Promise<readonly QueueEntry[]> {
    const entries: QueueEntry[] = []
    for await (const found of this.#find({ ...query, limit: query.limit ?? defaultLimit })) {
      const stored = await this.#stored(found)
      if (stored !== undefined) entries.push(stored.entry)
    }
    return entries.sort((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1))
  }

  async show(
    id: MessageId,
  ): Promise<{ entry: QueueEntry; envelope: Envelope; content: Uint8Array | undefined } | undefined> {
    if (!isMessageId(id)) return undefined
    const first = this.#options.queue.table.find(...wordsOfMessageId(id))
    const stored = first < 0 ? undefined : await this.#stored({ first, id })
    if (stored === undefined) return undefined
    const chunks: Uint8Array[] = []
    try {
      for await (const chunk of stored.message.content()) chunks.push(chunk)
    } catch (error) {
      if (!(error instanceof CorruptContent)) throw error
      return { entry: stored.entry, envelope: stored.message.envelope, content: undefined }
    }
    return { entry: stored.entry, envelope: stored.message.envelope, content: Buffer.concat(chunks) }
  }

  hold(query: QueueQuery): Promise<readonly MessageId[]> {
    return this.#change(query, row => this.#setHeld(row, true))
  }

  release(query: QueueQuery): Promise<readonly MessageId[]> {
    return this.#change(query, row => this.#setHeld(row, false))
  }

  retry(query: QueueQuery): Promise<readonly MessageId[]> {
    const { queue, clock } = this.#options
    return this.#change(query, row => {
      const { table } = queue
      if (table.has(row, flag.held | flag.done | mark.leased)) return false
      // A destination that was called down gets its chance, too.
      queue.lanes.postpone(queue.lanes.nameOf(table.get(row, field.lane)), 0)
      table.setDue(row, clock.now())
      return true
    })
  }

  async remove(query: QueueQuery): Promise<readonly MessageId[]> {
    const { queue, journal } = this.#options
    const removed: MessageId[] = []
    for await (const { first, id } of this.#find(query)) {
      if (query.state === 'held' && !queue.waitsForOperator(first)) {
        if (await this.#removeHeld(first)) removed.push(id)
        continue
      }
      if (!queue.reserve(first)) continue
      // The mark `busy` goes with the rows.
      journal.finished(first, () => {}, true)
      removed.push(id)
      if (removed.length % stride === 0) await journal.flush()
    }
    await journal.flush()
    return removed
  }

  /** Ends what is held of a message of which somebody else still waits for his copy. */
  async #removeHeld(first: number): Promise<boolean> {
    const { queue, journal } = this.#options
    const { table } = queue
    if (!queue.reserve(first)) return false
    let written = 0
    try {
      for (const [row, state] of await this.#removedStates(first)) {
        // One that is being delivered all the same is settled by delivery.
        if (!table.has(row, flag.held) || table.has(row, flag.done | mark.leased)) continue
        written++
        queue.setState(row, flag.done, table.get(row, field.attempts), table.due(row))
        journal.state(row, state, () => --written === 0 && queue.ready(first), true)
      }
    } finally {
      if (written === 0) queue.ready(first)
    }
    // The others may have got theirs while this was read.
    if (written > 0 && queue.isDone(first)) journal.finished(first, () => {}, true)
    return written > 0
  }

  /** The state of each job if it were removed now. Empty when the record cannot be read. */
  async #removedStates(first: number): Promise<ReadonlyMap<number, JobState>> {
    const { queue, reading } = this.#options
    const { table } = queue
    const states = new Map<number, JobState>()
    const message = await reading.message(first)
    if (message === undefined) return states
    const jobs = jobsOf(message.envelope)
    for (let row = first; row >= 0; row = table.next(row)) {
      const job = jobs[table.get(row, field.job)]
      if (job !== undefined) states.set(row, stateOfRemoval(message.envelope, job, await reading.state(row)))
    }
    return states
  }

  totals(): QueueTotals {
    const { queue } = this.#options
    return {
      messages: queue.table.messages,
      held: queue.held,
      delivering: queue.leased,
      octets: queue.octets,
      oldest: this.#oldestTime(),
    }
  }

  #oldestTime(): number | undefined {
    const { queue, clock } = this.#options
    const { table } = queue
    const now = clock.now()
    if (this.#oldest !== undefined && Math.abs(now - this.#oldest.at) < oldestFor) return this.#oldest.value
    let [high, low] = [Number.POSITIVE_INFINITY, 0]
    for (let row = 0; row < table.extent; row++) {
      if (!table.isFirst(row)) continue
      const rowHigh = table.get(row, field.idHigh)
      const rowLow = table.get(row, field.idLow)
      if (rowHigh < high || (rowHigh === high && rowLow < low)) [high, low] = [rowHigh, rowLow]
    }
    const value = high === Number.POSITIVE_INFINITY ? undefined : high * 2 ** 10 + (low >>> 22)
    this.#oldest = { at: now, value }
    return value
  }

  #setHeld(row: number, held: boolean): boolean {
    const { queue } = this.#options
    const { table } = queue
    if (table.has(row, flag.done) || table.has(row, flag.held) === held) return false
    const flags = queue.durableFlags(row)
    queue.setState(
      row,
      held ? flags | flag.held : flags & ~flag.held,
      table.get(row, field.attempts),
      table.due(row),
    )
    return true
  }

  /** Applies a change to each job of each message that matches, and writes the states that it changed. */
  async #change(query: QueueQuery, apply: (row: number) => boolean): Promise<readonly MessageId[]> {
    const { queue, journal, reading, onDue } = this.#options
    const { table } = queue
    const changed: MessageId[] = []
    for await (const { first, id } of this.#find(query)) {
      if (!queue.reserve(first)) continue
      let written = 0
      try {
        // States are read first: between a change in memory and its record nothing may come in between.
        const states = new Map<number, JobState>()
        for (let row = first; row >= 0; row = table.next(row)) states.set(row, await reading.state(row))
        for (const [row, state] of states)
          if (apply(row)) {
            written++
            journal.state(row, state, () => --written === 0 && queue.ready(first), true)
          }
      } catch (error) {
        if (written === 0) queue.ready(first)
        throw error
      }
      if (written === 0) queue.ready(first)
      else changed.push(id)
      if (changed.length % stride === 0) await journal.flush()
    }
    await journal.flush()
    onDue()
    return changed
  }

  async *#find(query: QueueQuery): AsyncGenerator<Found, void> {
    let left = query.limit ?? Number.POSITIVE_INFINITY
    for await (const found of this.#candidates(query)) {
      if (left <= 0) return
      if (!(await this.#matchesEnvelope(found, query))) continue
      left--
      yield found
    }
  }

  /** Messages that pass every filter which needs no disk. */
  async *#candidates(query: QueueQuery): AsyncGenerator<Found, void> {
    const { queue } = this.#options
    const { table } = queue
    if (query.ids !== undefined) {
      for (const text of new Set(query.ids)) {
        const id = text.toLowerCase()
        const first = isMessageId(id) ? table.find(...wordsOfMessageId(id)) : -1
        if (first >= 0 && this.#passes(first, query)) yield { first, id: id as MessageId }
      }
      return
    }
    for (let row = 0; row < table.extent; row++) {
      if (row % pause === pause - 1) await nextTurn()
      if (table.isFirst(row) && this.#passes(row, query)) yield { first: row, id: queue.id(row) }
    }
  }

  #passes(first: number, query: QueueQuery): boolean {
    const { queue, clock } = this.#options
    const { table } = queue
    if (table.has(first, mark.removed)) return false
    if (query.state !== undefined && this.#state(first) !== query.state) return false
    const received = table.get(first, field.idHigh) * 2 ** 10 + (table.get(first, field.idLow) >>> 22)
    const age = clock.now() - received
    if (query.olderThan !== undefined && age <= query.olderThan) return false
    if (query.newerThan !== undefined && age >= query.newerThan) return false
    return query.domain === undefined || this.#hasDomain(first, query.domain.toLowerCase())
  }

  #hasDomain(first: number, part: string): boolean {
    const { queue } = this.#options
    for (let row = first; row >= 0; row = queue.table.next(row)) {
      const name = queue.lanes.nameOf(queue.table.get(row, field.lane))
      // A shared lane does not tell: the envelope does.
      if (name.includes(part) || name.startsWith('shared/')) return true
    }
    return false
  }

  async #matchesEnvelope(found: Found, query: QueueQuery): Promise<boolean> {
    const { sender, recipient, domain } = query
    const { queue, reading } = this.#options
    const { table } = queue
    const shared =
      domain !== undefined && queue.lanes.nameOf(table.get(found.first, field.lane)).startsWith('shared/')
    if (sender === undefined && recipient === undefined && !shared) return true
    const message = await reading.message(found.first)
    if (message === undefined || table.find(...wordsOfMessageId(found.id)) !== found.first) return false
    const { envelope } = message
    const has = (text: string, part: string | undefined): boolean =>
      part === undefined || text.toLowerCase().includes(part.toLowerCase())
    return (
      has(envelope.reversePath, sender) &&
      envelope.recipients.some(({ address }) => has(address, recipient)) &&
      envelope.recipients.some(({ address }) => has(address.slice(address.lastIndexOf('@') + 1), domain))
    )
  }

  #state(first: number): QueueEntry['state'] {
    const { queue } = this.#options
    if (queue.isHeld(first)) return 'held'
    return queue.isLeased(first) ? 'delivering' : 'waiting'
  }

  async #stored({ first, id }: Found): Promise<{ entry: QueueEntry; message: StoredMessage } | undefined> {
    const { queue, reading } = this.#options
    const { table } = queue
    const message = await reading.message(first)
    if (message === undefined) return undefined
    const states = new Map<number, JobState>()
    for (let row = first; row >= 0; row = table.next(row)) states.set(row, await reading.state(row))
    // It may have gone while it was read.
    if (table.find(...wordsOfMessageId(id)) !== first) return undefined
    const recipients = new Map<number, RecipientEntry>()
    let next = Number.POSITIVE_INFINITY
    let attempts = 0
    for (const [row, state] of states) {
      const held = table.has(row, flag.held)
      for (const [number, each] of recipientsOf(message.envelope, table.get(row, field.job), held, state))
        recipients.set(number, each)
      if (!table.has(row, flag.done)) next = Math.min(next, table.due(row))
      attempts = Math.max(attempts, table.get(row, field.attempts))
    }
    const { envelope } = message
    const entry: QueueEntry = {
      id,
      sender: envelope.reversePath,
      recipients: envelope.recipients.map(
        (recipient, number) => recipients.get(number) ?? discarded(envelope, recipient),
      ),
      size: table.get(first, field.size),
      receivedAt: envelope.receivedAt ?? timeOfMessageId(id),
      nextAttemptAt: Number.isFinite(next) ? next : envelope.receivedAt,
      attempts,
      state: this.#state(first),
    }
    return { entry, message }
  }
}
