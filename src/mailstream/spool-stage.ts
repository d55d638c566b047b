/**
 * The spool shards of one engine thread as a stage: the first takes new mail, all of them are delivered.
 */
import type { Configuration } from '#config/schema.ts'
import type { Clock } from '#mail/clock.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { QueueTotals } from '#mail/queue.ts'
import type { Stage } from '#mailstream/stage.ts'
import type { Log } from '#observe/log.ts'
import type { StorageState } from '#observe/storage.ts'
import { openSpool, type Spool, type SpoolAlarm } from '#spool/spool.ts'

export interface SpoolStage extends Stage {
  readonly name: 'spool'
  /** Where new mail goes, notifications included. */
  readonly intake: Spool
  readonly shards: readonly Spool[]
  /** Newest id over all shards: ids of this thread go on behind it. */
  readonly newestId: MessageId | undefined
  totals(): QueueTotals
  /** Whether the disk lets new mail in. */
  storage(): StorageState
}

export interface SpoolStageOptions {
  /** Directory of each shard and its number; the first is for new mail. */
  readonly shards: readonly { readonly shard: number; readonly directory: string }[]
  readonly configuration: Configuration
  readonly clock: Clock
  readonly log: Log
}

/** Rejects with `SpoolUnusable`; what was opened is closed again. */
export async function openSpoolStage(options: SpoolStageOptions): Promise<SpoolStage> {
  const opened: Spool[] = []
  let storage: StorageState = 'well'
  try {
    for (const [index, { shard, directory }] of options.shards.entries()) {
      const onAlarm = (alarm: SpoolAlarm) => {
        report(alarm, shard, options.log)
        // Only the first takes new mail.
        if (index === 0) storage = storageAfter.get(alarm.name) ?? storage
      }
      opened.push(await openShard(shard, directory, options, onAlarm))
    }
  } catch (error) {
    for (const spool of opened) await spool.close()
    throw error
  }
  const [intake] = opened
  if (intake === undefined) throw new Error('A thread needs a spool shard.')
  return {
    name: 'spool',
    intake,
    shards: opened,
    newestId: opened.map(spool => spool.newestId).reduce(newer, undefined),
    totals: () => opened.map(spool => spool.totals()).reduce(add),
    storage: () => storage,
    drain: async () => {
      for (const spool of opened) await spool.close()
    },
  }
}

const storageAfter: ReadonlyMap<SpoolAlarm['name'], StorageState> = new Map([
  ['storage-full', 'full'],
  ['storage-failed', 'failed'],
  ['storage-recovered', 'well'],
])

/** Good news is none of the things that somebody is called for at night. */
function report({ name, sentence, detail }: SpoolAlarm, shard: number, log: Log): void {
  log[name === 'storage-recovered' ? 'warn' : 'error']({ alarm: name, shard, detail }, sentence)
}

function openShard(
  shard: number,
  directory: string,
  { configuration, clock }: SpoolStageOptions,
  onAlarm: (alarm: SpoolAlarm) => void,
): Promise<Spool> {
  const { segmentSize, inlineSize, memory, minimumFree } = configuration.spool
  return openSpool({
    directory,
    thread: shard,
    clock,
    segmentSize,
    inlineSize,
    memory,
    minimumFree,
    onAlarm,
  })
}

const newer = (left: MessageId | undefined, right: MessageId | undefined): MessageId | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left

const add = (left: QueueTotals, right: QueueTotals): QueueTotals => ({
  messages: left.messages + right.messages,
  held: left.held + right.held,
  delivering: left.delivering + right.delivering,
  octets: left.octets + right.octets,
  oldest:
    left.oldest === undefined || right.oldest === undefined
      ? (left.oldest ?? right.oldest)
      : Math.min(left.oldest, right.oldest),
})
