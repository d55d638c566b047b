/**
 * Is a thread alive? It counts up in shared memory once a second; the supervisor looks whether it still does.
 *
 * Promises: no message between threads; time in which the whole process stood still (a suspended machine, a debugger)
 * is not held against anybody, since the supervisor counts its own looks and not the clock.
 */
export const beatInterval = 1_000

export const createHeartbeats = (threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(threads * Int32Array.BYTES_PER_ELEMENT)

/** For the thread: beats until stopped. */
export function startBeating(memory: SharedArrayBuffer, thread: number): () => void {
  const beats = new Int32Array(memory)
  const beat = () => Atomics.add(beats, thread, 1)
  beat()
  const timer = setInterval(beat, beatInterval).unref()
  return () => clearInterval(timer)
}

/** For the supervisor. */
export interface Pulse {
  /** To be called once per `beatInterval`; the looks in a row, this one included, at which nothing had moved. */
  look(thread: number): number
  /** A new thread starts with a clean record. */
  reset(thread: number): void
}

export function createPulse(memory: SharedArrayBuffer): Pulse {
  const beats = new Int32Array(memory)
  const last = Int32Array.from(beats)
  const missed = new Int32Array(beats.length)
  return {
    look: thread => {
      const now = Atomics.load(beats, thread)
      missed[thread] = now === last[thread] ? missed[thread]! + 1 : 0
      last[thread] = now
      return missed[thread]!
    },
    reset: thread => {
      missed[thread] = 0
    },
  }
}
