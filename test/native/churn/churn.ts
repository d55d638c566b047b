/**
 * Workers that come and go: each loads the addon, shares one database with the others and scans; some leave by themselves,
 * some are terminated in the middle of a message. The thread that starts them never loads the addon, so that it is unloaded
 * whenever the last worker is gone.
 *
 * Leaves out: what the scans find (`contract/`).
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { message } from '../../scanner/messages.ts'
import type { ChurnOrder } from './worker.ts'

export interface ChurnReport {
  readonly workers: number
  /** Memory of the process in MB: after the warm-up, and at the end. */
  readonly before: number
  readonly after: number
}

const script = new URL('./worker.ts', import.meta.url)
const megabytes = () => process.memoryUsage.rss() / 1_048_576

/** Events of the same turn are not missed: both are waited for from the start. */
function start(order: ChurnOrder) {
  const worker = new Worker(script, { workerData: order })
  return { worker, message: once(worker, 'message'), exit: once(worker, 'exit') }
}

/** Starts `together` workers and ends them all, every second one by force. */
async function round(order: Omit<ChurnOrder, 'scans' | 'tidy'>, together: number): Promise<void> {
  const workers = Array.from({ length: together }, (_, index) =>
    start({ ...order, scans: index % 2 === 0 ? 200 : Number.POSITIVE_INFINITY, tidy: index % 4 < 2 }),
  )
  await Promise.all(
    workers.map(async ({ worker, message, exit }, index) => {
      await message
      if (index % 2 === 1) await worker.terminate()
      await exit
    }),
  )
}

const warmUp = 5

/** Rounds of `together` workers each, after a warm-up, for as long as `goOn` says. */
export async function churn(goOn: (rounds: number) => boolean, together: number): Promise<ChurnReport> {
  const messages = fc.sample(message, { numRuns: 50, seed: 1 }).map(octets => new Uint8Array(octets))
  const compiler = start({ messages: [], scans: 0, tidy: false })
  const [image] = await compiler.message
  await compiler.exit
  for (let count = 0; count < warmUp; count++) await round({ image, messages }, together)
  const before = megabytes()
  let rounds = 0
  for (; goOn(rounds); rounds++) await round({ image, messages }, together)
  return { workers: (rounds + warmUp) * together, before, after: megabytes() }
}
