/**
 * A spool: one shard of the queue, owned by one engine thread. See README.md beside this file.
 *
 * Promises: a Receipt means that the message is on disk, and it stays in the queue until it was settled or removed, whatever
 * crashes; damage is a value; a full or broken disk refuses mail and loses none; memory is bounded by the options plus
 * some 80 octets per waiting job.
 * Leaves out: when to try again and where to, which is for delivery.
 */
import { join } from 'node:path'
import type { Clock } from '#mail/clock.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { ContentWriter, Intake } from '#mail/intake.ts'
import { type MessageId, messageIdOfWords } from '#mail/message-id.ts'
import type { DeliveryQueue, Job, QueueAdministration, QueueQuery, Settlement } from '#mail/queue.ts'
import type { Receipt } from '#mail/receipt.ts'
import { isRefusal, type Refusal, refuse } from '#mail/refusal.ts'
import { storageFailed } from '#mail/replies.ts'
import { Administration } from '#spool/administration.ts'
import { blockSize } from '#spool/block.ts'
import { type Content, Journal } from '#spool/commit.ts'
import { Compaction } from '#spool/compaction.ts'
import { Delivery } from '#spool/delivery.ts'
import { errorCode, errorText, type SpoolFiles, systemFiles, withoutSync } from '#spool/files.ts'
import { Fresh } from '#spool/fresh.ts'
import { jobsOf } from '#spool/jobs.ts'
import { Lanes } from '#spool/lanes.ts'
import { lockDirectory, SpoolUnusable } from '#spool/lock.ts'
import { field, MessageTable } from '#spool/message-table.ts'
import { QueueState } from '#spool/queue-state.ts'
import { Reading } from '#spool/reading.ts'
import { flag } from '#spool/record.ts'
import { copyOut, Recovery, type RecoveryReport } from '#spool/recovery.ts'
import { segmentName } from '#spool/segment.ts'
import { Segments } from '#spool/segments.ts'
import { type SpoolAlarm, StorageHealth } from '#spool/storage-health.ts'
import { Reception, SpoolWriter } from '#spool/writer.ts'

export type { RecoveryReport, SpoolAlarm }
export { SpoolUnusable }

export interface SpoolOptions {
  /** Directory of this shard alone, made when missing: `data/spool/<thread>`. */
  readonly directory: string
  readonly thread: number
  readonly clock: Clock
  /** Octets of a segment file. */
  readonly segmentSize: number
  /** Octets of an average commit from which new segments grow; see segments.ts. */
  readonly growFrom?: number
  /** Larger content gets a file of its own; octets. At most a quarter of a segment. */
  readonly inlineSize: number
  /** Octets of content that may be in memory: in reception, and kept for the first attempt. */
  readonly memory: number
  /** Mail is refused while the file system has fewer octets free. */
  readonly minimumFree: number
  /** After each commit: how long the disk took, and how many messages it was for. */
  readonly onCommit?: (milliseconds: number, messages: number) => void
  readonly onAlarm?: (alarm: SpoolAlarm) => void
  /** The disk; tests give their own. */
  readonly io?: SpoolFiles
  /** `off` acknowledges what is not on disk: the control of the crash tests. */
  readonly sync?: 'on' | 'off'
}

export type Spool = Intake &
  DeliveryQueue &
  QueueAdministration & {
    /** The newest id that the spool knows: ids of this thread go on behind it. */
    readonly newestId: MessageId | undefined
    readonly recovery: RecoveryReport
    /** Commits what is settled, writes indexes, lets go of the directory. Messages in reception are not accepted any more. */
    close(): Promise<void>
  }

/**
 * Opens a shard and recovers its queue. Rejects with `SpoolUnusable` alone: the directory cannot be read or written, or
 * another process has it. A full disk does not count: the queue can still be delivered.
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const io = options.io ?? systemFiles
  const files = options.sync === 'off' ? withoutSync(io) : io
  let unlock = async (): Promise<void> => {}
  try {
    unlock = await lockDirectory(files, options.directory)
    return await compose(options, files, unlock)
  } catch (error) {
    await unlock()
    if (error instanceof SpoolUnusable) throw error
    throw new SpoolUnusable(`the spool ${options.directory} cannot be used: ${errorText(error)}`, {
      cause: error,
    })
  }
}

const nothing: Content = { size: 0, crc: 0, chunks: [] }

/** Errors of a disk that cannot be written today: the queue is opened all the same, to deliver what can be read. */
const writable = new Set(['ENOSPC', 'EDQUOT', 'EIO'])

async function compose(
  options: SpoolOptions,
  files: SpoolFiles,
  unlock: () => Promise<void>,
): Promise<Spool> {
  const { directory, clock, minimumFree } = options
  const onAlarm = options.onAlarm ?? (() => {})
  const onTrouble = (error: unknown): void =>
    onAlarm({
      name: 'spool-trouble',
      sentence: 'The spool could not do some of its housekeeping; mail is not affected.',
      detail: errorText(error),
    })
  const segmentSize = Math.max(options.segmentSize, 16 * blockSize)
  const table = new MessageTable()
  const segments: Segments = new Segments({
    files,
    directory,
    segmentSize,
    growFrom: options.growFrom ?? 2 ** 17,
    newest: () => [queue.newestHigh, queue.newestLow],
    onTrouble,
  })
  const queue: QueueState = new QueueState(table, new Lanes(table), segments.all)
  const recovery = await new Recovery({ files, directory, segments, queue }).run()
  for (const alarm of alarmsOf(recovery)) onAlarm(alarm)

  const health = new StorageHealth({ files, directory, minimumFree, clock, onAlarm })
  const large = join(directory, 'large')
  const reading = new Reading(files, segments, table, large)
  const fresh = new Fresh(options.memory)
  const reception = new Reception({
    files,
    directory: large,
    inlineSize: Math.min(options.inlineSize, Math.floor(segmentSize / 4)),
    memory: options.memory,
  })
  const journal: Journal = new Journal({
    segments,
    queue,
    health,
    batchSize: Math.min(2 ** 22, Math.floor(segmentSize / 2)),
    onCommit: options.onCommit ?? (() => {}),
    onMessage: (row, envelope, chunks) => {
      // Who waits for a destination that is down waits on disk: memory is for those who leave at once.
      const waits =
        table.has(row, flag.held) || queue.lanes.isPostponed(table.get(row, field.lane), clock.now())
      if (!waits) fresh.keep(row, envelope, chunks)
      delivery.due()
    },
    afterCommit: () => compaction.consider(),
  })
  const onCorrupt = (row: number): void => {
    onAlarm({
      name: 'corrupt-record',
      sentence: 'The record of a message is damaged. It left the queue and was kept under corrupt/.',
      detail: queue.id(row),
    })
    setAside(files, segments, directory, queue, row).catch(onTrouble)
    queue.stop(row)
    journal.finished(row, () => {}, false)
  }
  const delivery: Delivery = new Delivery({ queue, journal, reading, fresh, clock, onCorrupt, onTrouble })
  const administration = new Administration({ queue, journal, reading, clock, onDue: () => delivery.due() })
  const compaction: Compaction = new Compaction({
    segments,
    queue,
    journal,
    reading,
    segmentSize,
    onCorrupt,
    onTrouble,
  })
  health.retry = () => journal.retry()
  queue.onEnd = row => {
    for (let job = row; job >= 0; job = table.next(job)) fresh.forget(job)
    // Only now: the end of the message is on disk. A crash before this leaves an orphan, which the next start removes.
    if (table.has(row, flag.large)) files.remove(join(large, queue.id(row))).catch(onTrouble)
  }

  // Old segments without mail become spares before a new one is needed.
  await compaction.run(false).catch(onTrouble)
  try {
    await segments.room(0)
  } catch (error) {
    if (!writable.has(errorCode(error))) throw error
    health.failed(error)
  }
  await health.check()

  const id = messageIdOfWords(queue.newestHigh, queue.newestLow)
  let closed = false
  return {
    recovery,
    newestId: queue.newestHigh === 0 && queue.newestLow === 0 ? undefined : id,
    open: (id: MessageId): ContentWriter => new SpoolWriter(id, reception),
    accept: async (envelope: Envelope, content: ContentWriter): Promise<Receipt | Refusal> => {
      if (!(content instanceof SpoolWriter) || !content.belongsTo(reception) || content.id !== envelope.id) {
        content.abandon()
        return refuse('storage-failed', storageFailed, 'the content is not of this spool, or was used before')
      }
      const refusal = closed
        ? refuse('shutting-down', storageFailed, 'the spool is closed')
        : health.refusal()
      if (refusal !== undefined) {
        content.abandon()
        return refusal
      }
      try {
        if (jobsOf(envelope).length === 0) {
          // Nothing of it goes out: that it was taken and what became of it is all there is to keep.
          content.abandon()
          return await journal.message(envelope, nothing)
        }
        const small = content.finishSmall()
        const outcome = await journal.message(envelope, small ?? (await content.finish()))
        content.release(!isRefusal(outcome))
        return outcome
      } catch (error) {
        content.release(false)
        return health.failed(error)
      }
    },
    onDue: (listener: () => void) => delivery.onDue(listener),
    dueDomains: (now: number) => delivery.dueDomains(now),
    take: (domain: string, now: number) => delivery.take(domain, now),
    postpone: (domain: string, until: number) => delivery.postpone(domain, until),
    settle: (job: Job, settlement: Settlement) => delivery.settle(job, settlement),
    nextDueAt: () => delivery.nextDueAt(),
    list: (query: QueueQuery) => administration.list(query),
    show: (id: MessageId) => administration.show(id),
    hold: (query: QueueQuery) => administration.hold(query),
    release: (query: QueueQuery) => administration.release(query),
    retry: (query: QueueQuery) => administration.retry(query),
    remove: (query: QueueQuery) => administration.remove(query),
    totals: () => administration.totals(),
    close: async () => {
      if (closed) return
      closed = true
      delivery.close()
      health.close()
      await journal.close()
      await compaction.close()
      await segments.close()
      await unlock()
    },
  }
}

/** Keeps the bytes of a damaged record for whoever can make sense of them. */
async function setAside(
  files: SpoolFiles,
  segments: Segments,
  directory: string,
  queue: QueueState,
  row: number,
): Promise<void> {
  const { table } = queue
  const sequence = table.get(row, field.sequence)
  const start = table.get(row, field.offset)
  const end = start + table.get(row, field.length)
  const name = segmentName(sequence)
  const descriptor = await files.open(segments.path(name), 'read', false)
  try {
    await copyOut(files, descriptor, start, end, join(directory, 'corrupt', `${name}.${start}-${end}`))
  } finally {
    await files.close(descriptor)
  }
}

function* alarmsOf(report: RecoveryReport): Generator<SpoolAlarm, void> {
  for (const { file, start, end, kept, reason } of report.corrupt)
    yield {
      name: 'corrupt-record',
      sentence: 'A part of the spool is damaged. Everything else was recovered.',
      detail: `${file} ${start}-${end}: ${reason}; kept as ${kept || 'nothing'}`,
    }
  for (const id of report.missingContent)
    yield {
      name: 'corrupt-content',
      sentence: 'The file with the content of a message is missing.',
      detail: id,
    }
}
