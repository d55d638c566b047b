/**
 * The group commit: the only place where mail becomes durable, and the only maker of Receipts.
 *
 * Everything that was appended since the last commit goes out as one write to a file opened with O_DSYNC: one system
 * call, which returns when the data is on the medium. While it is on its way the next batch gathers. Only then are
 * the entries told, in the order of the log, and only then is a Receipt made.
 *
 * A commit begins when somebody waits for it; ends of deliveries alone wait up to `stateDelay` for company. That wait
 * is the duplicate window: a power cut between the 250 of the next hop and the commit delivers the message again.
 *
 * When the disk refuses: the messages of the batch are refused, the segment is closed at the last octet that is known to
 * be on disk (after a failed sync the page cache proves nothing), what must be written all the same goes to the head of the
 * next batch, and a new segment is tried about once a second until it works.
 */
import type { Envelope } from '#mail/envelope.ts'
import { wordsOfMessageId } from '#mail/message-id.ts'
import { issueReceipt, type Receipt } from '#mail/receipt.ts'
import type { Refusal } from '#mail/refusal.ts'
import { Batch, type Entry } from '#spool/batch.ts'
import { encodeState, type JobState } from '#spool/job-state.ts'
import { jobsOf, needsTreatments } from '#spool/jobs.ts'
import { field } from '#spool/message-table.ts'
import type { QueueState } from '#spool/queue-state.ts'
import { flag, recordTypes, versions } from '#spool/record.ts'
import type { Segment } from '#spool/segment.ts'
import { tellMessage } from '#spool/segment-index.ts'
import type { Segments } from '#spool/segments.ts'
import type { StorageHealth } from '#spool/storage-health.ts'

/** Milliseconds that a state waits for a commit at most, while the disk keeps up. */
const stateDelay = 50

export interface Content {
  readonly size: number
  readonly crc: number
  /** Undefined when the content is in a file of its own, synced with its name. */
  readonly chunks: readonly Uint8Array[] | undefined
}

export interface JournalOptions {
  readonly segments: Segments
  readonly queue: QueueState
  readonly health: StorageHealth
  readonly batchSize: number
  readonly onCommit: (milliseconds: number, messages: number) => void
  /** A message is in the queue, `row` is its first; `chunks` is its content when it is small. */
  readonly onMessage: (row: number, envelope: Envelope, chunks: readonly Uint8Array[] | undefined) => void
  /** After each commit, when everybody was told. */
  readonly afterCommit: () => void
}

const nothing = (): void => {}

export class Journal {
  readonly #options: JournalOptions
  /** The last one gathers, those before it are full. */
  #batches: Batch[] = [new Batch()]
  #spare: Batch | undefined
  #running: Promise<void> | undefined
  #scheduled = false
  #closed = false
  #timer: NodeJS.Timeout | undefined
  #flying: Batch | undefined

  constructor(options: JournalOptions) {
    this.#options = options
  }

  #gathering(octets: number): Batch {
    const last = this.#batches.at(-1)!
    if (last.empty || last.room + octets <= this.#options.batchSize) return last
    const next = this.#spare ?? new Batch()
    this.#spare = undefined
    this.#batches.push(next)
    return next
  }

  /** A new message. Resolves when it is on disk, or when it is sure that it will not be. Never rejects. */
  message(envelope: Envelope, content: Content): Promise<Receipt | Refusal> {
    const [idHigh, idLow] = wordsOfMessageId(envelope.id)
    return new Promise(resolve => {
      const batch = this.#gathering(content.chunks === undefined ? 0 : content.size)
      const flags = content.chunks === undefined ? flag.large : 0
      const { queue, health, onMessage } = this.#options
      const jobs = jobsOf(envelope)
      batch.add(
        recordTypes.message,
        flags,
        idHigh,
        idLow,
        content.size,
        content.crc,
        envelope.receivedAt,
        JSON.stringify(envelope),
        content.chunks,
        content.chunks === undefined ? 0 : content.size,
        {
          committed: (segment, offset, length) => {
            const { size, chunks } = content
            const due = envelope.receivedAt
            const at = segment.sequence
            for (const replay of [segment.summary!, queue])
              tellMessage(replay, false, idHigh, idLow, at, offset, length, size, flags, due, jobs)
            if (jobs.length > 0) onMessage(queue.table.find(idHigh, idLow), envelope, chunks)
            // The one line that makes a Receipt: the write above it has returned.
            resolve(issueReceipt(envelope.id))
          },
          refused: error => resolve(health.failed(error)),
        },
        needsTreatments(envelope, jobs) ? versions.treatments : versions.plain,
      )
      batch.messages++
      this.#want(batch)
    })
  }

  /**
   * The state of a job as the row says it, with what became of its recipients. `committed` runs when it is on disk.
   * `urgent`: somebody waits.
   */
  state(row: number, state: JobState, committed: () => void, urgent: boolean): void {
    const { queue } = this.#options
    const { table } = queue
    const idHigh = table.get(row, field.idHigh)
    const idLow = table.get(row, field.idLow)
    const job = table.get(row, field.job)
    const flags = queue.durableFlags(row)
    const attempts = table.get(row, field.attempts)
    const due = table.due(row)
    const batch = this.#gathering(0)
    batch.add(recordTypes.state, flags, idHigh, idLow, attempts, job, due, encodeState(state), undefined, 0, {
      committed: (segment, offset, length) => {
        segment.summary!.state(idHigh, idLow, job, segment.sequence, offset, length, flags, attempts, due)
        const current = queue.jobRow(idHigh, idLow, job)
        if (current >= 0) queue.placeState(current, segment.sequence, offset, length)
        committed()
      },
    })
    if (urgent) this.#want(batch)
    else this.#wantSoon()
  }

  /** The end of a message. Its rows go when it is on disk. */
  finished(row: number, committed: () => void, urgent: boolean): void {
    const { table } = this.#options.queue
    const batch = this.#gathering(0)
    batch.addFinished(
      table.get(row, field.sequence),
      table.get(row, field.idHigh),
      table.get(row, field.idLow),
      committed,
    )
    if (urgent) this.#want(batch)
    else this.#wantSoon()
  }

  /** Ends of messages that stand in a segment about to be freed. */
  finishedAgain(home: number, idHigh: number, idLow: number): void {
    this.#gathering(0).addFinished(home, idHigh, idLow, nothing)
  }

  /** A record as it is on disk, to be written at the head of the log. */
  again(record: Uint8Array, entry: Entry): void {
    this.#gathering(record.length).addVerbatim(record, entry)
  }

  /**
   * Resolves when everything appended until now is on disk; waits as long as the disk does not recover. Rejects when the
   * spool is closed before.
   */
  flush(): Promise<void> {
    const last = this.#batches.findLast(batch => !batch.empty) ?? this.#flying
    if (last === undefined) return Promise.resolve()
    if (this.#closed) return Promise.reject(closedError())
    return new Promise((resolve, reject) => {
      last.watchers.push({ resolve, reject })
      if (last !== this.#flying) this.#want(last)
    })
  }

  #want(batch: Batch): void {
    batch.urgent = true
    if (this.#running !== undefined || this.#scheduled || this.#options.health.failing) return
    this.#scheduled = true
    // Whatever else this turn of the event loop brings goes along.
    setImmediate(() => {
      this.#scheduled = false
      this.#start()
    })
  }

  #wantSoon(): void {
    if (this.#options.health.failing) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      for (const batch of this.#batches) batch.urgent = true
      this.#start()
    }, stateDelay)
  }

  #start(): void {
    // Failing: the retry starts it again.
    if (this.#options.health.failing || this.#closed) return
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      if (this.#batches.some(batch => batch.urgent && !batch.empty)) this.#start()
    })
  }

  async #run(): Promise<void> {
    while (this.#batches.some(batch => batch.urgent && !batch.empty)) {
      const batch = this.#batches.shift()!
      if (this.#batches.length === 0) {
        this.#batches.push(this.#spare ?? new Batch())
        this.#spare = undefined
      }
      this.#flying = batch
      if (!(await this.#commit(batch))) return
    }
  }

  async #commit(batch: Batch): Promise<boolean> {
    const { segments, health, queue, onCommit, afterCommit } = this.#options
    const started = performance.now()
    let segment: Segment
    let start: number
    try {
      segment = await segments.room(batch.room)
      const blocks = batch.seal(segment.life, segment.sequence, (words, place) => {
        for (let index = 0; index < words.length; index += 3) {
          const [home, idHigh, idLow] = [words[index]!, words[index + 1]!, words[index + 2]!]
          place.summary!.finished(place.sequence, home, idHigh, idLow)
          queue.finished(place.sequence, home, idHigh, idLow)
        }
      })
      start = await segments.append(segment, blocks)
    } catch (error) {
      this.#flying = undefined
      this.#fail(batch, error)
      return false
    }
    // From here on nobody may wait for this batch: whom it has is told now.
    this.#flying = undefined
    health.succeeded()
    onCommit(performance.now() - started, batch.messages)
    batch.settle(segment, start)
    this.#spare ??= batch.reuse()
    afterCommit()
    return true
  }

  #fail(batch: Batch, error: unknown): void {
    const { segments, health } = this.#options
    health.failed(error)
    // After a failed sync the kernel may call the lost pages clean: nothing behind the last good octet counts.
    segments.seal()
    const again = new Batch()
    batch.fail(error, again)
    for (const later of this.#batches) later.fail(error, again)
    again.urgent = true
    this.#batches = [again]
  }

  /** Writing failed before: tries a new segment, and what must be written. */
  retry(): void {
    if (this.#running !== undefined) return
    this.#running = this.#options.segments
      .room(0)
      .then(
        () => this.#options.health.succeeded(),
        error => void this.#options.health.failed(error),
      )
      .finally(() => {
        this.#running = undefined
        for (const batch of this.#batches) batch.urgent = true
        this.#start()
      })
  }

  /** Commits what is there and stops. What the disk refuses is given up. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const batch of this.#batches) batch.urgent = true
    this.#start()
    while (this.#running !== undefined) await this.#running
    this.#closed = true
    const error = closedError()
    for (const batch of this.#batches) for (const watcher of batch.watchers.splice(0)) watcher.reject(error)
  }
}

const closedError = (): Error => new Error('the spool was closed before the disk had it')
