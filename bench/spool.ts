/**
 * What the spool alone can do: durable messages per second, and the restart with a deep queue.
 *
 *     node bench/spool.ts accept [threads] [octets] [seconds]
 *     node bench/spool.ts recovery [messages]
 *
 * `accept`: 64 writers share the threads; each writes a message, waits for its receipt, and writes the next. Every message
 * is taken and settled as delivered as well, with `--queue` it stays. Prints one line of JSON.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Address } from '#mail/address.ts'
import { systemClock } from '#mail/clock.ts'
import type { Envelope } from '#mail/envelope.ts'
import { createMessageIdSource, type MessageId } from '#mail/message-id.ts'
import { isRefusal } from '#mail/refusal.ts'
import { openSpool, type Spool } from '#spool/spool.ts'

interface Work {
  readonly kind: 'accept' | 'fill' | 'open'
  readonly directory: string
  readonly thread: number
  readonly writers: number
  readonly octets: number
  /** Milliseconds, or messages to fill in. */
  readonly amount: number
  readonly keep: boolean
}

const writers = 64

const open = (
  directory: string,
  thread: number,
  onCommit?: (ms: number, messages: number) => void,
): Promise<Spool> =>
  openSpool({
    directory,
    thread,
    clock: systemClock,
    segmentSize: 64 * 2 ** 20,
    inlineSize: 2 ** 20,
    memory: 32 * 2 ** 20,
    minimumFree: 2 ** 20,
    ...(onCommit && { onCommit }),
    onAlarm: alarm => console.error(alarm),
  })

const envelope = (id: MessageId, number: number): Envelope => ({
  id,
  reversePath: `sender${number % 100}@client.example` as Address,
  recipients: [{ address: `recipient${number}@domain${number % 1000}.example` as Address }],
  body: '8BITMIME',
  smtputf8: false,
  requireTls: false,
  origin: {
    zone: 'outside',
    listener: '192.0.2.25:25',
    clientAddress: '198.51.100.7',
    clientPort: 51_234,
    helo: 'mail.client.example',
    protocol: 'ESMTPS',
    tls: { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
    session: '6dqdpn8000000',
  },
  receivedAt: Date.now(),
})

async function work(work: Work): Promise<Record<string, number>> {
  const opening = performance.now()
  let [commits, commitTime] = [0, 0]
  const spool = await open(work.directory, work.thread, milliseconds => {
    commits++
    commitTime += milliseconds
  })
  const opened = performance.now() - opening
  const nextId = createMessageIdSource(work.thread, systemClock, spool.newestId)
  const content = Buffer.alloc(work.octets, 'All work and no play makes Jack a dull boy.\r\n')
  let [count, number] = [0, 0]
  const one = async (): Promise<void> => {
    const id = nextId()
    const writer = spool.open(id)
    for (let at = 0; at < content.length; at += 65_536) {
      const wait = writer.write(Buffer.from(content.subarray(at, at + 65_536)))
      if (wait !== undefined) await wait
    }
    const outcome = await spool.accept(envelope(id, number++), writer)
    if (isRefusal(outcome)) throw new Error(outcome.detail)
    count++
  }
  if (work.kind === 'open') {
    await one()
    const first = performance.now() - opening
    await spool.close()
    return { opened, first, messages: spool.recovery.messages, scanned: spool.recovery.scanned }
  }
  if (!work.keep)
    spool.onDue(() => {
      const now = Date.now()
      for (const domain of spool.dueDomains(now)) {
        const job = spool.take(domain, now)
        const settle = (taken: Awaited<typeof job>): void => {
          if (taken === undefined) return
          const text = '250 ok'
          spool.settle(taken, {
            outcomes: taken.recipients.map(({ address }) => ({
              recipient: address,
              outcome: 'delivered',
              text,
            })),
            countsAsAttempt: true,
          })
        }
        if (job instanceof Promise) void job.then(settle)
        else settle(job)
      }
    })
  const started = performance.now()
  const until = (): boolean =>
    work.kind === 'fill' ? number < work.amount : performance.now() - started < work.amount
  await Promise.all(
    Array.from({ length: work.writers }, async () => {
      while (until()) await one()
    }),
  )
  const seconds = (performance.now() - started) / 1000
  await spool.close()
  return { count, seconds, commits, commitTime }
}

const inThread = (data: Work): Promise<Record<string, number>> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: data })
    worker.once('message', resolve)
    worker.once('error', reject)
  })

async function accept(threads: number, octets: number, seconds: number, keep: boolean): Promise<object> {
  const directory = mkdtempSync(join(process.env.BENCH_DIRECTORY ?? tmpdir(), 'sluice-bench-'))
  const cpu = process.cpuUsage()
  try {
    const results = await Promise.all(
      Array.from({ length: threads }, (_, thread) =>
        inThread({
          kind: 'accept',
          directory: join(directory, String(thread)),
          thread,
          writers: writers / threads,
          octets,
          amount: seconds * 1000,
          keep,
        }),
      ),
    )
    const { user, system } = process.cpuUsage(cpu)
    const count = results.reduce((sum, result) => sum + result.count!, 0)
    const commits = results.reduce((sum, result) => sum + result.commits!, 0)
    return {
      threads,
      octets,
      messagesPerSecond: Math.round(
        results.reduce((sum, result) => sum + result.count! / result.seconds!, 0),
      ),
      messagesPerCommit: Number((count / commits).toFixed(1)),
      millisecondsPerCommit: Number(
        (results.reduce((sum, result) => sum + result.commitTime!, 0) / commits).toFixed(3),
      ),
      cpuSecondsPer1000: Number(((user + system) / 1e6 / (count / 1000)).toFixed(4)),
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Resident memory of this process now and at its peak, MiB. */
function memory(): { now: number; peak: number } {
  const status = readFileSync('/proc/self/status', 'latin1')
  const read = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)![1]) / 1024
  return { now: Math.round(read('VmRSS')), peak: Math.round(read('VmHWM')) }
}

async function recovery(messages: number, octets: number): Promise<object> {
  const directory = mkdtempSync(join(process.env.BENCH_DIRECTORY ?? tmpdir(), 'sluice-bench-'))
  const shards = [0, 1]
  const each = (kind: 'fill' | 'open'): Promise<Record<string, number>[]> =>
    Promise.all(
      shards.map(thread =>
        inThread({
          kind,
          directory: join(directory, String(thread)),
          thread,
          writers: 256,
          octets,
          amount: messages / shards.length,
          keep: true,
        }),
      ),
    )
  try {
    if (process.argv.includes('--child')) return {}
    await each('fill')
    const child = await import('node:child_process')
    const output = child.execFileSync(process.execPath, [import.meta.filename, 'reopen', directory], {
      encoding: 'utf8',
    })
    return JSON.parse(output)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function reopen(directory: string): Promise<object> {
  const before = memory()
  const results = await Promise.all(
    [0, 1].map(thread =>
      inThread({
        kind: 'open',
        directory: join(directory, String(thread)),
        thread,
        writers: 1,
        octets: 4096,
        amount: 0,
        keep: true,
      }),
    ),
  )
  const after = memory()
  return {
    messages: results.reduce((sum, result) => sum + result.messages!, 0),
    millisecondsToOpen: Math.round(Math.max(...results.map(result => result.opened!))),
    millisecondsToFirstReceipt: Math.round(Math.max(...results.map(result => result.first!))),
    memoryMiB: { before: before.now, peak: after.peak },
  }
}

if (isMainThread) {
  const [, , what = 'accept', ...rest] = process.argv
  const numbers = rest.filter(text => !text.startsWith('--')).map(Number)
  const keep = rest.includes('--queue')
  if (what === 'accept') {
    const threads = numbers[0] === undefined ? [1, 2] : [numbers[0]]
    for (const count of threads)
      console.log(JSON.stringify(await accept(count, numbers[1] ?? 4096, numbers[2] ?? 3, keep)))
  } else if (what === 'recovery')
    console.log(JSON.stringify(await recovery(numbers[0] ?? 1_000_000, numbers[1] ?? 1024)))
  else if (what === 'reopen') console.log(JSON.stringify(await reopen(rest[0]!)))
  else console.error('bench/spool.ts accept [threads] [octets] [seconds] | recovery [messages] [octets]')
} else parentPort!.postMessage(await work(workerData as Work))
