/**
 * Fills a data directory with queued messages, in one of two ways.
 *
 * `smtp`: a running Sluice accepts them all, as it would in an outage of its next hop.
 * `spool`: the shards of the spool are written through the door that sessions use: the same files, sooner, and with the recipients
 * spread over `domains` domains.
 */
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { schema } from '../../src/config/schema.ts'
import type { Address } from '../../src/mail/address.ts'
import { systemClock } from '../../src/mail/clock.ts'
import type { Envelope } from '../../src/mail/envelope.ts'
import { createMessageIdSource, type MessageId } from '../../src/mail/message-id.ts'
import { isRefusal } from '../../src/mail/refusal.ts'
import { openSpool, type Spool } from '../../src/spool/spool.ts'
import { freePort } from '../../test/peers/ready.ts'
import { sendLoad } from '../../test/peers/smtp-source.ts'
import { scope } from '../measure/scope.ts'
import { queueHolds, startSluice } from '../sluice.ts'

export interface Fill {
  readonly through: 'smtp' | 'spool'
  readonly messages: number
  readonly sessions: number
  /** Octets of body. */
  readonly size: number
  readonly domains: number
}

export function fill(data: string, options: Fill): Promise<void> {
  return options.through === 'smtp' ? throughSmtp(data, options) : throughSpool(data, options)
}

function throughSmtp(data: string, options: Fill): Promise<void> {
  return scope(async owner => {
    const nextHop = `127.0.0.1:${await freePort()}`
    const sluice = await startSluice(owner, {
      data,
      nextHop,
      configuration: { content: { scan: false }, delivery: { retry: ['1h'] } },
    })
    await sendLoad({ ...options, port: sluice.port, seconds: 3_600 })
    await queueHolds(sluice, options.messages)
  })
}

/** Messages under way at once in each shard: enough to fill every group commit. */
const writersPerShard = 64

async function throughSpool(data: string, options: Fill): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 })
  const shards = availableParallelism()
  const share = (shard: number) => Math.floor((options.messages + shard) / shards)
  await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      fillShard(join(data, 'spool', String(shard)), shard, share(shard), options),
    ),
  )
}

async function fillShard(directory: string, thread: number, messages: number, options: Fill): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { segmentSize, inlineSize, memory, minimumFree } = schema.parse({}).spool
  const clock = systemClock
  const spool = await openSpool({ directory, thread, clock, segmentSize, inlineSize, memory, minimumFree })
  const nextId = createMessageIdSource(thread, clock, spool.newestId)
  const content = Buffer.from(
    `Received: from client.test ([127.0.0.1])\r\n by sluice.test; ${new Date().toUTCString()}\r\n` +
      `From: <sender@client.test>\r\nSubject: waiting\r\n\r\n${`${'X'.repeat(78)}\r\n`.repeat(Math.ceil(options.size / 80))}`,
  )
  let left = messages
  const writer = async () => {
    while (left-- > 0) await store(spool, envelopeOf(nextId(), left % options.domains), content)
  }
  await Promise.all(Array.from({ length: writersPerShard }, writer))
  await spool.close()
}

async function store(spool: Spool, envelope: Envelope, content: Buffer): Promise<void> {
  const writer = spool.open(envelope.id)
  await writer.write(content)
  const result = await spool.accept(envelope, writer)
  if (isRefusal(result)) throw new Error(`the spool refused a message: ${result.reason} ${result.detail}`)
}

const envelopeOf = (id: MessageId, domain: number): Envelope => ({
  id,
  reversePath: 'sender@client.test' as Address,
  recipients: [{ address: `recipient@d${domain}.example.test` as Address }],
  body: '7BIT',
  smtputf8: false,
  requireTls: false,
  origin: {
    zone: 'outside',
    listener: '127.0.0.1:2525',
    clientAddress: '127.0.0.1',
    clientPort: 40_000,
    helo: 'client.test',
    protocol: 'ESMTP',
    session: 'bench',
  },
  receivedAt: Date.now(),
})
