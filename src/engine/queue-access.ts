/**
 * The queue of a data directory, whether or not an engine runs on it.
 *
 * Promises: with an engine, the engine answers; without, the spool is opened here under the lock that an engine would
 * hold, so that there is never more than one who knows the state of the queue. What is answered is the same.
 */
import { availableParallelism } from 'node:os'
import type { Configuration } from '#config/schema.ts'
import { decodeAnswer, type EngineStatus } from '#control/protocol.ts'
import { answerQueueCall, mergeQueueAnswers, type QueueAnswer, type QueueCall } from '#control/queue-calls.ts'
import { askEngine } from '#control/socket.ts'
import { type DataDirectory, isDirectoryRefused, openDataDirectory } from '#engine/data-directory.ts'
import { shardDirectory, shardsOnDisk } from '#engine/shards.ts'
import { systemClock } from '#mail/clock.ts'
import { openTracking, type Tracking } from '#observe/tracking.ts'
import { openSpool, type Spool } from '#spool/spool.ts'

export interface QueueAccess {
  /** The engine that answers; undefined when none runs. */
  readonly engine: EngineStatus | undefined
  /** Rejects with a sentence for the operator. */
  ask(call: QueueCall): Promise<QueueAnswer>
  close(): Promise<void>
}

/** Rejects with a sentence when neither an engine answers nor the spool can be opened. */
export async function openQueueAccess(
  dataDirectory: string,
  configuration: Configuration,
): Promise<QueueAccess> {
  return (await reachEngine(dataDirectory)) ?? (await openShards(dataDirectory, configuration))
}

async function reachEngine(dataDirectory: string): Promise<QueueAccess | undefined> {
  const engine = (await askEngine(dataDirectory, { ask: 'status' })) as EngineStatus | undefined
  if (engine === undefined) return undefined
  return {
    engine,
    ask: async call => {
      const result = await askEngine(dataDirectory, { ask: 'queue', call })
      if (result === undefined) throw new Error('The engine ended in the meantime. Ask again.')
      return decodeAnswer(result)
    },
    close: async () => undefined,
  }
}

interface Shard {
  readonly spool: Spool
  readonly tracking: Tracking
}

async function openShards(dataDirectory: string, configuration: Configuration): Promise<QueueAccess> {
  const directory = openDataDirectory(dataDirectory)
  if (isDirectoryRefused(directory)) {
    // Whoever holds the lock does not answer: an engine on its way up or down, or another command like this one.
    if (directory.taken)
      throw new Error(`${directory.sentence.split(';')[0]}, which does not answer yet. Ask again.`)
    throw new Error(directory.sentence)
  }
  const shards: Shard[] = []
  const close = async () => {
    for (const { spool, tracking } of shards) {
      await spool.close()
      await tracking.close()
    }
    directory.release()
  }
  try {
    for (const shard of await shardsOnDisk(directory.spool))
      shards.push(await openShard(directory, shard, configuration))
  } catch (error) {
    await close()
    throw error
  }
  return {
    engine: undefined,
    ask: async call =>
      mergeQueueAnswers(
        call,
        await Promise.all(shards.map(({ spool, tracking }) => answerQueueCall(spool, call, tracking.track))),
      ),
    close,
  }
}

async function openShard(
  directory: DataDirectory,
  shard: number,
  configuration: Configuration,
): Promise<Shard> {
  const { segmentSize, inlineSize, memory, minimumFree } = configuration.spool
  const spool = await openSpool({
    directory: shardDirectory(directory.spool, shard),
    thread: shard,
    clock: systemClock,
    segmentSize,
    inlineSize,
    memory,
    minimumFree,
  })
  const { fileSize, files } = configuration.tracking
  const tracking = openTracking({
    directory: directory.tracking,
    thread: shard,
    fileSize,
    files: trackingFilesPerThread(files, configuration.threads),
    clock: systemClock,
  })
  return { spool, tracking }
}

/** The configured number of files is that of all threads together. */
export const trackingFilesPerThread = (files: number, threads: number): number =>
  Math.max(1, Math.floor(files / (threads || availableParallelism())))
