/**
 * On which CPUs the calling thread may run.
 *
 * Promises: concerns the calling thread alone; threads that it starts later begin with the same CPUs. Never an exception: where
 * the native core is absent or the system refuses, a sentence says so, and the thread runs where the system puts it.
 * Trap: `availableParallelism()` counts the CPUs of the calling thread; ask before.
 */
import { getSystemErrorMessage } from 'node:util'
import { loadNative } from '#scanner/native.ts'

/** Undefined when it worked, else why not: a sentence without its full stop. */
export function pinThread(cpus: readonly number[]): string | undefined {
  const native = loadNative()
  if (!('core' in native)) return native.reason
  const error = native.core.pinTo(cpus)
  // libuv's numbers of errors are those of the system, negative.
  return error === 0
    ? undefined
    : `the system refuses CPU ${cpus.join(', ')}: ${getSystemErrorMessage(-error)}`
}
