/**
 * An engine thread from birth to end: opens its gateway, answers the main thread, drains.
 *
 * Promises: whatever it cannot handle ends this thread alone; the main thread starts another one on the same shards. A
 * reason that is not a bug is told as a sentence. No message is about a single mail.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { AdmissionMemory } from '#admission/admission.ts'
import type { Configuration } from '#config/schema.ts'
import { answerQueueCall, mergeQueueAnswers, type QueueCall } from '#control/queue-calls.ts'
import { startBeating } from '#engine/heartbeat.ts'
import type { FromThread, ThreadAnswer, ThreadRequest, ThreadSetup, ToThread } from '#engine/messages.ts'
import { trackingFilesPerThread } from '#engine/queue-access.ts'
import { shardDirectory } from '#engine/shards.ts'
import { systemClock } from '#mail/clock.ts'
import { type Gateway, openGateway } from '#mailstream/gateway.ts'
import { drainRole, hurryRole, reloadRole } from '#mailstream/stage.ts'
import { attachCounters } from '#observe/counters.ts'
import { createLog } from '#observe/log.ts'
import { openTracking } from '#observe/tracking.ts'

const gaugeInterval = 1_000

if (isMainThread || parentPort === null) throw new Error('This file is the entry of a worker thread.')
const port = parentPort
const setup = workerData as ThreadSetup<AdmissionMemory>
const { thread, threads, hostname, directories } = setup
const configuration = withHostname(setup.configuration)

const tell = (message: FromThread) => port.postMessage(message)
const stopBeating = startBeating(setup.heartbeats, thread)
const log = createLog({ level: configuration.log.level, thread })
const counters = attachCounters(setup.counters, thread)
const tracking = openTracking({
  directory: directories.tracking,
  thread,
  fileSize: configuration.tracking.fileSize,
  files: trackingFilesPerThread(configuration.tracking.files, threads),
  clock: systemClock,
  onTrouble: ({ error, lost }) => log.error({ err: error, lost }, 'Tracking lines were lost; mail was not.'),
})

function track(event: Parameters<typeof tracking.track>[0]): void {
  tracking.track(event)
  counters.count(event)
}

/** The name that everything in this thread goes by, whether the file says it or the machine does. */
function withHostname(wanted: Configuration): Configuration {
  return { ...wanted, hostname: wanted.hostname ?? hostname }
}

function showGauges(): void {
  counters.queue(gateway.spool.totals())
  counters.storage(gateway.spool.storage())
  counters.trackingLost(tracking.lost())
}

async function answer(request: ThreadRequest): Promise<ThreadAnswer> {
  if (request.ask === 'queue') return { ask: 'queue', answer: await answerQueue(request.call) }
  const changed = withHostname(request.configuration)
  await reloadRole(gateway.role, { ...request, configuration: changed })
  log.level = changed.log.level
  return { ask: 'reload' }
}

async function answerQueue(call: QueueCall) {
  const answers = await Promise.all(gateway.spool.shards.map(shard => answerQueueCall(shard, call, track)))
  return mergeQueueAnswers(call, answers)
}

/** Before anything is opened, so that its memory is near. A thread that cannot be bound serves all the same. */
async function takePlace(): Promise<void> {
  if (setup.cpus === undefined) return
  // Loads native code, which a thread without a place of its own need not.
  const { pinThread } = await import('#scanner/affinity.ts')
  const trouble = pinThread(setup.cpus)
  if (trouble !== undefined)
    log.warn({ cpus: setup.cpus, cause: trouble }, 'The thread was not bound to its CPUs and runs anywhere.')
}

let draining = false

async function drain(milliseconds: number): Promise<void> {
  if (draining) return hurryRole(gateway.role)
  draining = true
  await drainRole(gateway.role, milliseconds)
  clearInterval(gauges)
  await tracking.close()
  stopBeating()
  tell({ kind: 'drained' })
  // The last handle that keeps this thread alive.
  port.close()
}

/** Ends this thread in the way that a bug would; only an engine that was started for tests asks for it. */
function fail(how: 'throw' | 'hang' | 'exit'): void {
  if (how === 'exit') process.exit(7)
  if (how === 'throw') throw new Error('Failed on demand.')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
}

function receive(message: ToThread): void {
  switch (message.kind) {
    case 'request':
      answer(message.request).then(
        result => tell({ kind: 'answer', number: message.number, answer: result }),
        error => tell({ kind: 'failed', number: message.number, sentence: (error as Error).message }),
      )
      return
    case 'drain':
      // A rejection here ends the thread, as any that nobody handles.
      void drain(message.milliseconds)
      return
    case 'fail':
      fail(message.how)
  }
}

async function open(): Promise<Gateway> {
  try {
    return await openGateway({
      configuration,
      thread,
      threads,
      shards: setup.shards.map(shard => ({ shard, directory: shardDirectory(directories.spool, shard) })),
      admission: setup.admission,
      bulk: setup.bulk,
      tls: setup.tls,
      content: setup.content,
      track,
      log,
    })
  } catch (error) {
    if (!isExpected(error)) throw error
    tell({ kind: 'refused', sentence: (error as Error).message })
    await tracking.close()
    process.exit(1)
  }
}

const expected = new Set(['SpoolUnusable', 'ListenRefused', 'CredentialsUnusable', 'RulesUnusable'])

const isExpected = (error: unknown): boolean => error instanceof Error && expected.has(error.name)

await takePlace()
const gateway = await open()
const gauges = setInterval(showGauges, gaugeInterval)
showGauges()
port.on('message', receive)
tell({ kind: 'ready' })
