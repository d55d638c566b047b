/**
 * A process that keeps a spool busy until it is killed. Arguments: directory, `on` or `off`, seed.
 *
 * Prints a line per fact, each with one write to standard output, so that what the parent reads had happened:
 * `accepted ID SIZE`, `finishing ID` (settled: may be gone from here on).
 */
import { writeSync } from 'node:fs'
import { systemClock } from '#mail/clock.ts'
import { createMessageIdSource } from '#mail/message-id.ts'
import { Receipt } from '#mail/receipt.ts'
import { openSpool } from '#spool/spool.ts'
import { contentOf, deferred, delivered, envelopeFor } from '../spool/fixture.ts'
import { chances } from './memory-disk.ts'

const [directory = '', sync = 'on', seed = '1'] = process.argv.slice(2)
const chance = chances(Number(seed))
const say = (line: string): void => void writeSync(1, `${line}\n`)

const spool = await openSpool({
  directory,
  thread: 0,
  clock: systemClock,
  segmentSize: 2 ** 18,
  inlineSize: 2 ** 14,
  memory: 2 ** 18,
  minimumFree: 0,
  // Every third process has segments that grow.
  ...(Number(seed) % 3 === 0 && { growFrom: 0 }),
  sync: sync === 'off' ? 'off' : 'on',
})
say('open')
const nextId = createMessageIdSource(0, systemClock, spool.newestId)

async function write(): Promise<void> {
  while (true) {
    const id = nextId()
    const size = chance() < 0.05 ? 40_000 : Math.floor(chance() * 8_000)
    const content = contentOf(id, size)
    const writer = spool.open(id)
    for (let at = 0; at < size; at += 16_384) await writer.write(content.subarray(at, at + 16_384))
    const outcome = await spool.accept(
      { ...envelopeFor(id, `ann@domain${size % 7}.example`), receivedAt: Date.now() },
      writer,
    )
    if (outcome instanceof Receipt) say(`accepted ${id} ${size}`)
    else say(`refused ${id}`)
  }
}

async function deliver(): Promise<void> {
  const now = Date.now()
  for (const domain of spool.dueDomains(now)) {
    const job = await spool.take(domain, now)
    if (job === undefined) continue
    const luck = chance()
    if (luck < 0.5) {
      say(`finishing ${job.id}`)
      spool.settle(job, delivered(job))
    } else spool.settle(job, deferred(job, now + 10 ** 7))
  }
}

spool.onDue(() => void deliver())
for (let writer = 0; writer < 8; writer++) void write()
