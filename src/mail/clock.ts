/** Time as a value that a test can give. Milliseconds since 1970; `now` may step back when the system clock is set. */
export interface Clock {
  readonly now: () => number
}

export const systemClock: Clock = { now: Date.now }
