/**
 * Names for sessions: what ties the lines of one connection together in tracking and in Received.
 *
 * Promises: unique across threads and restarts (40 random bits per source), safe in a log line and a header.
 */
import { randomBytes } from 'node:crypto'

export function createSessionIdSource(): () => string {
  const prefix = randomBytes(5).toString('hex')
  let count = 0
  return () => `${prefix}${(++count).toString(36)}`
}
