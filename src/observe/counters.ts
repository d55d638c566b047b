/**
 * Figures of all engine threads in one piece of shared memory, counted from the tracking events: one place decides what
 * an event means, and a figure can never disagree with the story.
 *
 * Promises: counting costs a few additions and no message between threads. Each thread writes a column of its own and
 * the main thread reads them all; an aligned 64-bit word is read whole on x86-64, so no lock is needed.
 * Leaves out: names and help texts for Prometheus (`exposition.ts`).
 */
import type { QueueTotals } from '#mail/queue.ts'
import { type Reason, reasons } from '#mail/reason.ts'
import type { VerdictKind } from '#mail/verdict.ts'
import type { TrackingEvent } from '#observe/event.ts'
import type { StorageState } from '#observe/storage.ts'

/** What a thread counts up for ever. */
export const totalNames = [
  'sessionsOutside',
  'sessionsInside',
  'authentications',
  'scans',
  'scanRuleHits',
  'scanUndecided',
  'notScannedFailed',
  'notScannedTooMany',
  'verdictsPass',
  'verdictsTag',
  'verdictsRedirect',
  'verdictsHold',
  'verdictsRefuse',
  'verdictsDiscard',
  'verdictsDefer',
  'acceptedMessages',
  'acceptedRecipients',
  'acceptedOctets',
  'attempts',
  'recipientsDelivered',
  'recipientsDeferred',
  'recipientsFailed',
  'notifiedFailed',
  'notifiedDelayed',
  'notifiedSuccess',
  'dropped',
  'done',
  'operatorActions',
  'trackingLost',
] as const

/**
 * What a thread sets; worth nothing once the thread is gone. `queueOldest` is a time, 0 when the queue is empty; `storageFull` and
 * `storageFailed` are 1 while this thread refuses mail for that reason.
 */
export const gaugeNames = [
  'sessionsOpen',
  'queueMessages',
  'queueHeld',
  'queueDelivering',
  'queueOctets',
  'queueOldest',
  'storageFull',
  'storageFailed',
] as const

export const histogramNames = ['commit', 'attempt', 'scan'] as const

/** Upper bounds in milliseconds; one more bucket takes the rest. */
export const buckets = [
  0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 30_000,
] as const

export type TotalName = (typeof totalNames)[number]
export type GaugeName = (typeof gaugeNames)[number]
export type HistogramName = (typeof histogramNames)[number]

const reasonNames = Object.keys(reasons) as Reason[]
const histogramLength = buckets.length + 2 // The bucket above all bounds, and the sum.

const totalsAt = 0
const gaugesAt = totalsAt + totalNames.length
const refusalsAt = gaugesAt + gaugeNames.length
const histogramsAt = refusalsAt + reasonNames.length
const flagsAt = histogramsAt + histogramNames.length * histogramLength

const slotOfTotal = (name: TotalName): number => totalsAt + totalNames.indexOf(name)
const slotOfGauge = (name: GaugeName): number => gaugesAt + gaugeNames.indexOf(name)
const slotOfReason = new Map(reasonNames.map((name, index) => [name, refusalsAt + index]))
const slotOfHistogram = (name: HistogramName): number =>
  histogramsAt + histogramNames.indexOf(name) * histogramLength

/** Shared by structured clone: hand it to workers as it is. */
export interface CountersMemory {
  readonly threads: number
  /** What a scan may raise; each is counted. */
  readonly flags: readonly string[]
  readonly buffer: SharedArrayBuffer
}

const columnLength = (flags: readonly string[]): number => flagsAt + flags.length

export const createCountersMemory = (threads: number, flags: readonly string[] = []): CountersMemory => ({
  threads,
  flags,
  buffer: new SharedArrayBuffer(threads * columnLength(flags) * Float64Array.BYTES_PER_ELEMENT),
})

function columnOf({ buffer, flags }: CountersMemory, thread: number): Float64Array {
  const length = columnLength(flags)
  return new Float64Array(buffer, thread * length * Float64Array.BYTES_PER_ELEMENT, length)
}

const slotsOfFlags = (flags: readonly string[]): ReadonlyMap<string, number> =>
  new Map(flags.map((name, index) => [name, flagsAt + index]))

export interface ThreadCounters {
  count(event: TrackingEvent): void
  queue(totals: QueueTotals): void
  storage(state: StorageState): void
  trackingLost(lines: number): void
}

const slots = {
  sessionsOutside: slotOfTotal('sessionsOutside'),
  sessionsInside: slotOfTotal('sessionsInside'),
  sessionsOpen: slotOfGauge('sessionsOpen'),
  authentications: slotOfTotal('authentications'),
  scans: slotOfTotal('scans'),
  scanRuleHits: slotOfTotal('scanRuleHits'),
  scanUndecided: slotOfTotal('scanUndecided'),
  notScannedFailed: slotOfTotal('notScannedFailed'),
  notScannedTooMany: slotOfTotal('notScannedTooMany'),
  acceptedMessages: slotOfTotal('acceptedMessages'),
  acceptedRecipients: slotOfTotal('acceptedRecipients'),
  acceptedOctets: slotOfTotal('acceptedOctets'),
  attempts: slotOfTotal('attempts'),
  dropped: slotOfTotal('dropped'),
  done: slotOfTotal('done'),
  operatorActions: slotOfTotal('operatorActions'),
  trackingLost: slotOfTotal('trackingLost'),
  delivered: slotOfTotal('recipientsDelivered'),
  deferred: slotOfTotal('recipientsDeferred'),
  failed: slotOfTotal('recipientsFailed'),
  commit: slotOfHistogram('commit'),
  attempt: slotOfHistogram('attempt'),
  scan: slotOfHistogram('scan'),
} as const

const slotOfVerdict = {
  pass: slotOfTotal('verdictsPass'),
  tag: slotOfTotal('verdictsTag'),
  redirect: slotOfTotal('verdictsRedirect'),
  hold: slotOfTotal('verdictsHold'),
  refuse: slotOfTotal('verdictsRefuse'),
  discard: slotOfTotal('verdictsDiscard'),
  defer: slotOfTotal('verdictsDefer'),
} as const satisfies Record<VerdictKind, number>

const slotOfNotification = {
  failed: slotOfTotal('notifiedFailed'),
  delayed: slotOfTotal('notifiedDelayed'),
  success: slotOfTotal('notifiedSuccess'),
} as const

export function attachCounters(memory: CountersMemory, thread: number): ThreadCounters {
  const column = columnOf(memory, thread)
  const slotOfFlag = slotsOfFlags(memory.flags)
  const add = (slot: number, amount: number) => {
    column[slot] = column[slot]! + amount
  }
  const observe = (slot: number, milliseconds: number) => {
    let bucket = 0
    while (bucket < buckets.length && milliseconds > buckets[bucket]!) bucket++
    add(slot + bucket, 1)
    add(slot + histogramLength - 1, milliseconds)
  }
  return {
    count: event => {
      countEvent(event, add, observe)
      if (event.event !== 'scanned') return
      for (const flag of event.flags) {
        const slot = slotOfFlag.get(flag)
        if (slot !== undefined) add(slot, 1)
      }
    },
    queue: totals => {
      column[slotOfGauge('queueMessages')] = totals.messages
      column[slotOfGauge('queueHeld')] = totals.held
      column[slotOfGauge('queueDelivering')] = totals.delivering
      column[slotOfGauge('queueOctets')] = totals.octets
      column[slotOfGauge('queueOldest')] = totals.oldest ?? 0
    },
    storage: state => {
      column[slotOfGauge('storageFull')] = state === 'full' ? 1 : 0
      column[slotOfGauge('storageFailed')] = state === 'failed' ? 1 : 0
    },
    trackingLost: lines => {
      column[slots.trackingLost] = lines
    },
  }
}

/** Hot path: called per event, no allocation. */
function countEvent(
  event: TrackingEvent,
  add: (slot: number, amount: number) => void,
  observe: (slot: number, milliseconds: number) => void,
): void {
  switch (event.event) {
    case 'connected':
      add(event.zone === 'inside' ? slots.sessionsInside : slots.sessionsOutside, 1)
      add(slots.sessionsOpen, 1)
      break
    case 'disconnected':
      add(slots.sessionsOpen, -1)
      break
    case 'refused':
      add(slotOfReason.get(event.reason)!, 1)
      break
    case 'authenticated':
      add(slots.authentications, 1)
      break
    case 'scanned':
      add(slots.scans, 1)
      add(slots.scanRuleHits, event.rules.length + event.moreRules)
      if (event.undecided.length > 0) add(slots.scanUndecided, 1)
      observe(slots.scan, event.microseconds / 1_000)
      break
    case 'not-scanned':
      add(event.reason === 'scanner-failed' ? slots.notScannedFailed : slots.notScannedTooMany, 1)
      break
    case 'judged':
      for (const { kind, to } of event.verdicts) add(slotOfVerdict[kind], to.length)
      break
    case 'accepted':
      add(slots.acceptedMessages, 1)
      add(slots.acceptedRecipients, event.to.length)
      add(slots.acceptedOctets, event.size)
      observe(slots.commit, event.commit)
      break
    case 'attempt':
      add(slots.attempts, 1)
      for (const { outcome } of event.outcomes) add(slots[outcome], 1)
      observe(slots.attempt, event.milliseconds)
      break
    case 'notified':
      add(slotOfNotification[event.kind], 1)
      break
    case 'dropped':
      add(slots.dropped, event.to.length)
      break
    case 'done':
      add(slots.done, 1)
      break
    case 'operator':
      add(slots.operatorActions, 1)
  }
}

export interface HistogramReading {
  /** One count per bound of `buckets` and one for all above, not cumulative. */
  readonly counts: readonly number[]
  /** Milliseconds. */
  readonly sum: number
}

export interface CountersReading {
  total(name: TotalName): number
  gauge(name: GaugeName): number
  refusals(reason: Reason): number
  /** Messages that raised it. */
  flags(): ReadonlyMap<string, number>
  histogram(name: HistogramName): HistogramReading
  /** Receipt time of the oldest queued message over all threads; undefined when nothing is queued. */
  oldest(): number | undefined
}

/** Sums over all threads, read when asked. */
export function readCounters(memory: CountersMemory): CountersReading {
  const columns = Array.from({ length: memory.threads }, (_, thread) => columnOf(memory, thread))
  const sum = (slot: number) => columns.reduce((total, column) => total + column[slot]!, 0)
  return {
    total: name => sum(slotOfTotal(name)),
    gauge: name => sum(slotOfGauge(name)),
    refusals: reason => sum(slotOfReason.get(reason)!),
    flags: () => new Map([...slotsOfFlags(memory.flags)].map(([name, slot]) => [name, sum(slot)])),
    histogram: name => {
      const slot = slotOfHistogram(name)
      const counts = Array.from({ length: buckets.length + 1 }, (_, index) => sum(slot + index))
      return { counts, sum: sum(slot + histogramLength - 1) }
    },
    oldest: () => {
      const times = columns.map(column => column[slotOfGauge('queueOldest')]!).filter(time => time > 0)
      return times.length === 0 ? undefined : Math.min(...times)
    },
  }
}

/** After a thread is gone: its sessions are, too, and its queue figures are nobody's. Only while it does not run. */
export function clearGauges(memory: CountersMemory, thread: number): void {
  columnOf(memory, thread).fill(0, gaugesAt, gaugesAt + gaugeNames.length)
}
