/**
 * How far a long command is: one line on standard error that is written over, some times a second.
 *
 * Promises: nothing is written where standard error is no terminal; the line is gone when `clear` was called.
 */
const width = 30

export interface Progress {
  show(done: number): void
  /** Before something else is written to the terminal, and at the end. */
  clear(): void
}

export function createProgress(what: string, all: number): Progress {
  if (process.stderr.isTTY !== true || all < 2) return { show() {}, clear() {} }
  let next = performance.now() + 300
  return {
    show(done) {
      if (performance.now() < next) return
      next = performance.now() + 100
      const full = Math.round((done / all) * width)
      process.stderr.write(
        `\r[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done} of ${all} ${what}\x1b[K`,
      )
    },
    clear: () => void process.stderr.write('\r\x1b[K'),
  }
}
