/** How long after the start of its process Sluice accepts the first mail. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sendOne } from '../slow/mailer.ts'
import type { Sluice } from '../sluice.ts'

const secondsAtMost = 120
/** A client that is not answered comes again. */
const secondsPerTry = 10

/** Seconds from `sluice.startedAt` to the 250 behind a message. A client tries again every few milliseconds. */
export async function firstAccept(sluice: Sluice): Promise<number> {
  const elapsed = () => (performance.now() - sluice.startedAt) / 1_000
  while (elapsed() < secondsAtMost) {
    if (await sendOne(sluice.port, '127.0.0.1', secondsPerTry)) return elapsed()
    await sleep(5)
  }
  throw new Error(`no mail was accepted within ${secondsAtMost} s:\n${sluice.output()}`)
}
