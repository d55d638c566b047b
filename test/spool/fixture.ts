/** Spools, envelopes and contents for the tests of the spool. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Address } from '#mail/address.ts'
import type { Envelope } from '#mail/envelope.ts'
import { createMessageIdSource, type MessageId } from '#mail/message-id.ts'
import type { Job } from '#mail/queue.ts'
import type { Receipt } from '#mail/receipt.ts'
import type { Refusal } from '#mail/refusal.ts'
import type { Treatment } from '#mail/treatment.ts'
import { openSpool, type Spool, type SpoolOptions } from '#spool/spool.ts'

export const startTime = Date.UTC(2026, 0, 1)

/** A clock that moves when it is told to. */
export function testClock(start = startTime): { now: () => number; advance: (milliseconds: number) => void } {
  let time = start
  return {
    now: () => time,
    advance: milliseconds => {
      time += milliseconds
    },
  }
}

export const nextId = createMessageIdSource(0, testClock())

export function envelopeFor(id: MessageId, ...recipients: string[]): Envelope {
  return {
    id,
    reversePath: 'jo@sender.example' as Address,
    recipients: (recipients.length > 0 ? recipients : ['ann@one.example']).map(address => ({
      address: address as Address,
    })),
    body: '8BITMIME',
    smtputf8: false,
    requireTls: false,
    origin: {
      zone: 'outside',
      listener: '127.0.0.1:25',
      clientAddress: '192.0.2.1',
      clientPort: 50_000,
      helo: 'client.example',
      protocol: 'ESMTP',
      session: 'test',
    },
    receivedAt: startTime,
  }
}

/** Content that tells its id on every line, so that no two are alike. */
export function contentOf(id: MessageId, octets = 300): Buffer {
  const line = `Subject: ${id}\r\n`
  return Buffer.from(line.repeat(Math.ceil(octets / line.length)).slice(0, octets))
}

export function temporaryDirectory(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-spool-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export const defaults = {
  thread: 0,
  segmentSize: 2 ** 20,
  inlineSize: 2 ** 16,
  memory: 2 ** 22,
  minimumFree: 0,
} as const

export const open = (directory: string, more: Partial<SpoolOptions> = {}): Promise<Spool> =>
  openSpool({ directory, clock: testClock(), ...defaults, ...more })

export async function accept(
  spool: Spool,
  envelope: Envelope,
  content: Uint8Array = contentOf(envelope.id),
  chunkSize = 10_000,
): Promise<Receipt | Refusal> {
  const writer = spool.open(envelope.id)
  for (let at = 0; at < content.length; at += chunkSize)
    await writer.write(Buffer.from(content.subarray(at, at + chunkSize)))
  return spool.accept(envelope, writer)
}

export async function contentOfJob(job: Job): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of job.content()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** One for each domain; what is treated differently within a domain tells its number. */
export const keyOf = ({ id, domain, number, treatment }: Job): string =>
  treatment === undefined ? `${id} ${domain}` : `${id} ${domain} ${number}`

/** The envelope with a treatment for each of its recipients; undefined: as it is. */
export function treatedAs(envelope: Envelope, ...kinds: (Treatment['kind'] | undefined)[]): Envelope {
  const treatments = [...new Set(kinds)].filter(kind => kind !== undefined).map(treatmentOf)
  const recipients = envelope.recipients.map((recipient, index) => {
    const treatment = treatments.findIndex(({ kind }) => kind === kinds[index])
    return treatment < 0 ? recipient : { ...recipient, treatment }
  })
  return { ...envelope, recipients, treatments }
}

function treatmentOf(kind: Treatment['kind']): Treatment {
  if (kind === 'hold' || kind === 'discard') return { kind, why: `why ${kind}` }
  const mark = { fields: ['X-Sluice-Spam-Flag: YES'], subject: '[SPAM]' }
  return kind === 'tag' ? { kind, mark } : { kind, mark, from: [] }
}

/** Takes every due job, and gives it back untried. */
export async function everything(spool: Spool, now = startTime + 1): Promise<Map<string, Job>> {
  const jobs = new Map<string, Job>()
  for (const domain of [...spool.dueDomains(now)])
    for (let job = await spool.take(domain, now); job !== undefined; job = await spool.take(domain, now))
      jobs.set(keyOf(job), job)
  return jobs
}

export const delivered = (job: Job) => ({
  outcomes: job.recipients.map(({ address }) => ({
    recipient: address,
    outcome: 'delivered' as const,
    text: '250 ok',
  })),
  countsAsAttempt: true,
})

export const deferred = (job: Job, nextAttemptAt: number) => ({
  outcomes: job.recipients.map(({ address }) => ({
    recipient: address,
    outcome: 'deferred' as const,
    text: '451 later',
  })),
  nextAttemptAt,
  countsAsAttempt: true,
})
