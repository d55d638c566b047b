/**
 * One engine thread, as the supervisor holds it: started, asked, drained, ended.
 *
 * Promises: `ended` always resolves, with the reason, whatever the thread does; a request that the thread can no longer
 * answer rejects. Leaves out when to start the next one (`supervisor.ts`).
 */
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { withCompileCache } from '#engine/compile-cache.ts'
import type { FromThread, ThreadAnswer, ThreadRequest, ThreadSetup, ToThread } from '#engine/messages.ts'

export interface EngineThread {
  /** Rejects when the thread ends before it is ready. */
  readonly ready: Promise<void>
  readonly ended: Promise<ThreadEnd>
  ask(request: ThreadRequest): Promise<ThreadAnswer>
  drain(milliseconds: number): void
  fail(how: 'throw' | 'hang' | 'exit'): void
  terminate(why: string): void
}

export interface ThreadEnd {
  /** `drained`: as asked. `refused`: it said why it cannot start. `died`: it should not have. */
  readonly kind: 'drained' | 'refused' | 'died'
  readonly why: string
}

/**
 * The young generation is what a busy thread keeps in memory for speed. 8 MB cost no more processor time than 32 and
 * 40 MB less memory with two threads and 100 sessions; 3 cost a quarter more time (relay of 4 KB mails, two cores).
 * A thread that outgrows the old generation ends and is replaced; the process lives.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1_024 }

/**
 * Content of mail lies outside V8's heap. V8 runs full collections for the sake of that memory alone, many a second under
 * load; with this it weighs both together. Around a tenth less CPU with 64 KB mails, in three noisy pairs of runs.
 */
const weighMemoryTogether = '--external-memory-accounted-in-global-limit'

const silentEnd = 'it ended without a word'

export function startThread(setup: ThreadSetup): EngineThread {
  // Of the whole process; a heap takes it when it is made.
  setFlagsFromString(weighMemoryTogether)
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: setup,
    env: withCompileCache(process.env) as NodeJS.ProcessEnv,
    name: `engine ${setup.thread}`,
    resourceLimits,
  })
  const pending = new Map<number, PromiseWithResolvers<ThreadAnswer>>()
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<ThreadEnd>()
  let end: ThreadEnd = { kind: 'died', why: silentEnd }
  let next = 0
  // Whoever waits for it is told; nobody has to.
  ready.promise.catch(() => undefined)

  worker.on('message', (message: FromThread) => {
    if (message.kind === 'ready') ready.resolve()
    else if (message.kind === 'refused') end = { kind: 'refused', why: message.sentence }
    else if (message.kind === 'drained') end = { kind: 'drained', why: 'it was drained' }
    else {
      const request = pending.get(message.number)
      pending.delete(message.number)
      if (message.kind === 'answer') request?.resolve(message.answer)
      else request?.reject(new Error(message.sentence))
    }
  })
  worker.on('error', error => {
    end = { kind: 'died', why: (error instanceof Error && error.stack) || String(error) }
  })
  worker.on('exit', code => {
    if (end.why === silentEnd && code !== 0) end = { kind: 'died', why: `it ended with code ${code}` }
    const error = new Error(`Engine thread ${setup.thread} ended: ${end.why}`)
    ready.reject(error)
    for (const request of pending.values()) request.reject(error)
    pending.clear()
    ended.resolve(end)
  })

  const post = (message: ToThread) => worker.postMessage(message)
  return {
    ready: ready.promise,
    ended: ended.promise,
    ask: request => {
      const answer = Promise.withResolvers<ThreadAnswer>()
      pending.set(++next, answer)
      post({ kind: 'request', number: next, request })
      return answer.promise
    },
    drain: milliseconds => post({ kind: 'drain', milliseconds }),
    fail: how => post({ kind: 'fail', how }),
    terminate: why => {
      end = { kind: 'died', why }
      void worker.terminate()
    },
  }
}
