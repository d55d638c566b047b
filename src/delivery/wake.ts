/**
 * One timer that fires at the earliest of the times it was asked for. Waking too early is harmless, too late is not.
 */
export class Wake {
  readonly #callback: () => void
  #timer: NodeJS.Timeout | undefined
  #at = 0

  constructor(callback: () => void) {
    this.#callback = callback
  }

  within(milliseconds: number): void {
    const at = performance.now() + milliseconds
    if (this.#timer !== undefined && this.#at <= at) return
    clearTimeout(this.#timer)
    this.#at = at
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#callback()
    }, milliseconds)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
