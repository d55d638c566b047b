/**
 * Time that only moves forward, and a bell to be rung once: what deadlines are measured with, given so that a test can
 * turn the hands.
 *
 * Promises: setting the system clock moves no deadline.
 */
export interface Timers {
  /** Milliseconds since some fixed moment. */
  monotonic(): number
  /** Calls `action` once, after at least so many milliseconds, unless it was cancelled. Never keeps the process alive. */
  after(milliseconds: number, action: () => void): Cancel
}

/** Later or repeated calls do nothing. */
export type Cancel = () => void

export const systemTimers: Timers = {
  monotonic: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
