/**
 * What all engine threads share: the memory of admission and of recent mail, the figures, and the certificate on disk.
 */
import { type AdmissionMemory, createAdmissionMemory, releaseThread } from '#admission/admission.ts'
import type { Configuration } from '#config/schema.ts'
import { type BulkMemory, createBulkMemory } from '#content/spam/bulk/memory.ts'
import { type CountersMemory, createCountersMemory } from '#observe/counters.ts'
import { flagNames } from '#scanner/flag.ts'

export interface SharedMemory {
  readonly forThreads: {
    readonly admission: AdmissionMemory
    readonly bulk: BulkMemory
    readonly counters: CountersMemory
  }
  /** Gives back what a thread that is gone held. */
  releaseThread(thread: number): void
}

export function createSharedMemory(configuration: Configuration, threads: number): SharedMemory {
  const admission = createAdmissionMemory(configuration, threads)
  const counters = createCountersMemory(threads, flagNames)
  return {
    forThreads: { admission, bulk: createBulkMemory(), counters },
    releaseThread: thread => releaseThread(admission, thread),
  }
}
