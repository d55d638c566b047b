/**
 * The main thread of the engine: starts the engine threads, keeps them alive, drains them.
 *
 * Promises: serving begins when every thread has recovered its spool and listens; a thread that dies, hangs or outgrows
 * its memory is replaced on the same spool shards while the others go on; threads that die again and again are retried
 * ever more slowly, and reported. Leaves out the configuration (`running-configuration.ts`), sockets for operators and
 * signals (`engine.ts`).
 */

import { type EngineThread, startThread, type ThreadEnd } from '#engine/engine-thread.ts'
import { beatInterval, createHeartbeats, createPulse } from '#engine/heartbeat.ts'
import type { ThreadAnswer, ThreadRequest, ThreadSetup } from '#engine/messages.ts'
import type { Settings } from '#mailstream/stage.ts'
import type { Log } from '#observe/log.ts'

export type SlotState = 'starting' | 'serving' | 'absent' | 'draining' | 'ended'

export interface SlotStatus {
  readonly thread: number
  readonly state: SlotState
  readonly restarts: number
}

export interface Supervisor {
  /** Resolves when all threads serve; rejects with the sentence of the first that cannot. */
  start(): Promise<void>
  status(): readonly SlotStatus[]
  /** True while every thread that runs was seen alive lately. */
  allBeat(): boolean
  /** Asks all threads that serve. Rejects when one of them does. */
  askAll(request: ThreadRequest): Promise<readonly ThreadAnswer[]>
  /** What replacements will be started with. */
  use(settings: Settings): void
  /** Resolves when all threads have ended. A second call with 0 ends the patience. */
  drain(milliseconds: number): Promise<void>
  fail(thread: number, how: 'throw' | 'hang' | 'exit'): void
}

export interface SupervisorOptions {
  readonly setupOf: (thread: number) => Omit<ThreadSetup, 'heartbeats' | keyof Settings>
  readonly settings: Settings
  readonly threads: number
  readonly log: Log
  /** A thread is gone and nothing of it runs any more: give back what it held in shared memory. */
  readonly onGone: (thread: number) => void
  readonly onChange: () => void
  /** Milliseconds without a sign of life after which a thread is replaced. */
  readonly unresponsiveAfter?: number
}

interface Slot {
  readonly thread: number
  state: SlotState
  restarts: number
  /** Ends in a row, each sooner than `soundAfter`. */
  failures: number
  servingSince: number
  current: EngineThread
  /** What `current` was started with. */
  settings: Settings
  retry: NodeJS.Timeout | undefined
}

const firstPause = 200
const longestPause = 60_000
const soundAfter = 60_000
const lateAfter = 5 // Looks without a beat after which systemd is no longer told that all is well.
/** Looks that a thread has for its start at least: reading the code of a busy machine from disk takes its time. */
const startLooks = 60
/** Beyond the deadline of a drain, for the spool to close. */
const drainGrace = 5_000

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { log, threads, onGone, onChange } = options
  const heartbeats = createHeartbeats(threads)
  const pulse = createPulse(heartbeats)
  const looksAllowed = Math.ceil((options.unresponsiveAfter ?? 30_000) / beatInterval)
  const slots: Slot[] = []
  const missed = new Map<number, number>()
  let { settings } = options
  let draining = false

  const launch = (thread: number): EngineThread => {
    pulse.reset(thread)
    return startThread({ ...options.setupOf(thread), ...settings, heartbeats })
  }

  const change = (slot: Slot, state: SlotState) => {
    slot.state = state
    onChange()
  }

  /** Lives as long as the slot: each turn is the life of one thread. */
  const watch = async (slot: Slot): Promise<void> => {
    const { current } = slot
    current.ready.then(
      () => {
        slot.servingSince = performance.now()
        if (slot.state === 'starting') change(slot, 'serving')
        if (slot.settings !== settings) void catchUp(slot)
      },
      () => undefined,
    )
    const end = await current.ended
    const sound = slot.state === 'serving' && performance.now() - slot.servingSince > soundAfter
    onGone(slot.thread)
    if (draining) return change(slot, 'ended')
    slot.failures = sound ? 0 : slot.failures + 1
    const pause = Math.min(firstPause * 2 ** slot.failures, longestPause)
    report(slot, end, pause)
    change(slot, 'absent')
    slot.retry = setTimeout(() => {
      slot.restarts++
      slot.current = launch(slot.thread)
      slot.settings = settings
      change(slot, 'starting')
      void watch(slot)
    }, pause)
  }

  /** A reload came while the thread was starting. */
  const catchUp = async (slot: Slot) => {
    slot.settings = settings
    await slot.current.ask({ ask: 'reload', ...settings }).catch(error => {
      log.error(
        { engine: slot.thread, cause: String(error) },
        'The thread did not take the new configuration.',
      )
    })
  }

  const report = (slot: Slot, end: ThreadEnd, pause: number) => {
    const again = slot.failures > 3 ? ` It has ended ${slot.failures} times in a row.` : ''
    log.error(
      { engine: slot.thread, cause: end.why, pause },
      `Engine thread ${slot.thread} ended and is replaced in ${pause} ms; the others go on.${again}`,
    )
  }

  const look = () => {
    for (const slot of slots) {
      if (slot.state === 'absent' || slot.state === 'ended') continue
      const looks = pulse.look(slot.thread)
      missed.set(slot.thread, looks)
      if (looks >= (slot.state === 'starting' ? Math.max(looksAllowed, startLooks) : looksAllowed)) {
        pulse.reset(slot.thread)
        slot.current.terminate(`it gave no sign of life for ${(looks * beatInterval) / 1_000} s`)
      }
    }
  }
  const looking = setInterval(look, beatInterval)

  const start = async () => {
    for (let thread = 0; thread < threads; thread++)
      slots.push({
        thread,
        state: 'starting',
        restarts: 0,
        failures: 0,
        servingSince: 0,
        current: launch(thread),
        settings,
        retry: undefined,
      })
    try {
      await Promise.all(slots.map(firstStart))
    } catch (error) {
      await drain(0)
      throw error
    }
    for (const slot of slots) void watch(slot)
    await Promise.all(slots.map(slot => slot.current.ready))
  }

  const drain = async (milliseconds: number): Promise<void> => {
    draining = true
    for (const slot of slots) {
      clearTimeout(slot.retry)
      if (slot.state === 'absent' || slot.state === 'ended') continue
      change(slot, 'draining')
      slot.current.drain(milliseconds)
    }
    const late = setTimeout(() => {
      for (const slot of slots)
        if (slot.state === 'draining') slot.current.terminate('it did not drain in time')
    }, milliseconds + drainGrace)
    await Promise.all(slots.map(slot => (slot.state === 'absent' ? undefined : slot.current.ended)))
    clearTimeout(late)
    clearInterval(looking)
  }

  return {
    start,
    drain,
    status: () => slots.map(({ thread, state, restarts }) => ({ thread, state, restarts })),
    allBeat: () => slots.every(slot => slot.state === 'absent' || (missed.get(slot.thread) ?? 0) < lateAfter),
    askAll: request =>
      Promise.all(slots.filter(slot => slot.state === 'serving').map(slot => slot.current.ask(request))),
    use: next => {
      settings = next
    },
    fail: (thread, how) => slots[thread]?.current.fail(how),
  }
}

/** At the first start a thread that cannot is a reason not to start at all: the operator is there and reads it. */
async function firstStart(slot: Slot): Promise<void> {
  const end = await Promise.race([slot.current.ready.then(() => undefined), slot.current.ended])
  if (end === undefined) return
  throw new Error(end.kind === 'refused' ? end.why : `Engine thread ${slot.thread} did not start: ${end.why}`)
}
