/**
 * What the main thread and an engine thread say to each other. None of it is about a single mail on its way.
 */

import type { Configuration } from '#config/schema.ts'
import type { ContentRules } from '#content/rules.ts'
import type { BulkMemory } from '#content/spam/bulk/memory.ts'
import type { QueueAnswer, QueueCall } from '#control/queue-calls.ts'
import type { Settings } from '#mailstream/stage.ts'
import type { TlsMaterial } from '#network/tls.ts'
import type { CountersMemory } from '#observe/counters.ts'

/** Everything a thread is born with. Survives structured clone; the shared memories stay shared. */
export interface ThreadSetup<AdmissionMemory = unknown> {
  readonly thread: number
  /** Spool shards of this thread; new mail goes to the first. */
  readonly shards: readonly number[]
  readonly threads: number
  /** Ports are resolved: none is 0. */
  readonly configuration: Configuration
  readonly tls: TlsMaterial
  readonly content: ContentRules
  readonly hostname: string
  readonly directories: {
    readonly spool: string
    readonly tracking: string
    readonly capture: string
  }
  readonly admission: AdmissionMemory
  readonly bulk: BulkMemory
  readonly counters: CountersMemory
  readonly heartbeats: SharedArrayBuffer
  /** Where it may run; absent: wherever the system puts it. */
  readonly cpus?: readonly number[]
}

export type ThreadRequest =
  | ({ readonly ask: 'reload' } & Settings)
  | { readonly ask: 'queue'; readonly call: QueueCall }

export type ToThread =
  | { readonly kind: 'request'; readonly number: number; readonly request: ThreadRequest }
  /** Finish what is under way, at most so many milliseconds. A second one with 0 ends the patience. */
  | { readonly kind: 'drain'; readonly milliseconds: number }
  /** Only sent in an engine that was started for tests. */
  | { readonly kind: 'fail'; readonly how: 'throw' | 'hang' | 'exit' }

export type FromThread =
  /** Spool recovered, listeners open. */
  | { readonly kind: 'ready' }
  /** It cannot start, and the sentence says why: no bug, and trying again at once is of no use. */
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: ThreadAnswer }
  | { readonly kind: 'failed'; readonly number: number; readonly sentence: string }
  /** Nothing is open any more; the thread ends now. */
  | { readonly kind: 'drained' }

export type ThreadAnswer =
  | { readonly ask: 'reload' }
  | { readonly ask: 'queue'; readonly answer: QueueAnswer }
