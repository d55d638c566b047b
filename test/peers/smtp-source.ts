/**
 * Postfix's load generator. One run sends `messages` mails over `sessions` parallel connections that stay open, waits
 * for every reply and fails with what it printed when a single one was refused.
 */
import { run } from './process.ts'

export interface Load {
  readonly port: number
  readonly messages: number
  readonly sessions: number
  /** Octets of body. */
  readonly size: number
  readonly from?: string
  readonly to?: string
  readonly seconds?: number
}

/** Resolves with the seconds that the run took, process start included (about 2 ms). */
export async function sendLoad(load: Load): Promise<number> {
  const start = performance.now()
  const { code, errors, output } = await run(
    'smtp-source',
    [
      ...['-d', '-s', String(load.sessions), '-l', String(load.size), '-m', String(load.messages)],
      ...['-f', load.from ?? 'sender@client.test', '-t', load.to ?? 'recipient@example.test'],
      ...['-M', 'client.test', `inet:127.0.0.1:${load.port}`],
    ],
    { seconds: load.seconds ?? 300 },
  )
  const seconds = (performance.now() - start) / 1_000
  if (code !== 0) throw new Error(`smtp-source ended with ${code}: ${errors}${output}`)
  return seconds
}
