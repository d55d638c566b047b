/**
 * When to try again. Pure; milliseconds throughout.
 */

/** ±10 %, so that mail which was deferred together does not come back together. */
const jitter = (span: number, random: () => number): number => Math.round(span * (0.9 + 0.2 * random()))

const atStep = (schedule: readonly number[], step: number): number =>
  schedule[Math.min(step, schedule.length - 1)]!

/** The last try is at the end of the message's life, not hours before it. */
export function nextAttemptAt(
  schedule: readonly number[],
  attempts: number,
  now: number,
  expiresAt: number,
  random: () => number,
): number {
  const next = now + jitter(atStep(schedule, attempts), random)
  return now < expiresAt && next > expiresAt ? expiresAt : next
}

const longestPause = 15 * 60_000

/** How long a next hop that cannot be reached is left alone after so many probes in a row. */
export const pauseAfter = (schedule: readonly number[], failures: number, random: () => number): number =>
  jitter(Math.min(atStep(schedule, failures - 1), longestPause), random)
