import { EventEmitter, once } from 'node:events'
import t from 'tap'
import type { Job } from '#mail/queue.ts'
import { Receipt } from '#mail/receipt.ts'
import { isRefusal } from '#mail/refusal.ts'
import { MemoryDisk } from '../crash/memory-disk.ts'
import {
  accept,
  contentOf,
  contentOfJob,
  deferred,
  delivered,
  envelopeFor,
  everything,
  nextId,
  open,
  startTime,
} from './fixture.ts'

t.test('settle says when the message is done: with its last recipient, in whatever domain', async t => {
  const spool = await open('/spool', { io: new MemoryDisk() })
  await accept(spool, envelopeFor(nextId(), 'a@one.example', 'b@two.example', 'c@two.example'))
  const jobs = await everything(spool)
  const [one, two] = [...jobs.values()].sort((a, b) => (a.domain < b.domain ? -1 : 1)) as [Job, Job]
  t.equal(spool.settle(one, delivered(one)), false)
  t.equal(
    spool.settle(two, {
      outcomes: [
        { recipient: two.recipients[0]!.address, outcome: 'failed', text: '550 no' },
        { recipient: two.recipients[1]!.address, outcome: 'deferred', text: '451 later' },
      ],
      nextAttemptAt: startTime + 10,
      countsAsAttempt: true,
      delayNotified: true,
    }),
    false,
  )
  await spool.retry({ ids: [] })
  const [again] = [...(await everything(spool, startTime + 10)).values()]
  t.same(
    again!.recipients.map(({ address }) => address as string),
    ['c@two.example'],
    'who failed is not tried again',
  )
  t.match(again, { attempts: 1, delayNotified: true })
  t.equal(spool.settle(again!, delivered(again!)), true)
  t.throws(() => spool.settle(again!, delivered(again!)), /settled twice/)
  await spool.close()
})

t.test(
  'a job that is handed back untried is due again, with the same count of attempts and no write',
  async t => {
    const disk = new MemoryDisk()
    const spool = await open('/spool', { io: disk })
    const id = nextId()
    await accept(spool, envelopeFor(id))
    const writes = disk.events.length
    const [job] = [...(await everything(spool)).values()]
    t.equal(spool.settle(job!, { outcomes: [], nextAttemptAt: startTime + 3, countsAsAttempt: false }), false)
    t.equal(spool.nextDueAt(), startTime + 3)
    const [again] = [...(await everything(spool, startTime + 3)).values()]
    t.equal(again?.attempts, 0)
    t.same(await contentOfJob(again!), contentOf(id))
    t.equal(disk.events.length, writes)
    await spool.close()
  },
)

t.test('whoever waits for work is told when there is some', async t => {
  const spool = await open('/spool', { io: new MemoryDisk() })
  const events = new EventEmitter()
  spool.onDue(() => events.emit('due'))
  const due = once(events, 'due')
  await accept(spool, envelopeFor(nextId()))
  await due
  t.same([...spool.dueDomains(startTime)], ['one.example'])
  await spool.close()
})

t.test('content that was abandoned leaves nothing behind, and cannot be accepted', async t => {
  const disk = new MemoryDisk()
  const spool = await open('/spool', { io: disk })
  const envelope = envelopeFor(nextId())
  const writer = spool.open(envelope.id)
  for (let at = 0; at < 30; at++) await writer.write(Buffer.alloc(30_000))
  writer.abandon()
  writer.abandon()
  t.ok(isRefusal(await spool.accept(envelope, writer)))
  const other = spool.open(nextId())
  t.ok(isRefusal(await spool.accept(envelope, other)), 'content of another message is refused')
  t.ok((await accept(spool, envelope)) instanceof Receipt)
  await spool.close()
  t.same(
    disk.paths().filter(path => path.includes('large')),
    [],
  )
  t.equal(disk.openDescriptors, 0)
})

t.test('content goes to its file earlier when all of it together is too much for the memory', async t => {
  const disk = new MemoryDisk()
  const spool = await open('/spool', { io: disk, memory: 100_000, inlineSize: 60_000, segmentSize: 2 ** 20 })
  const envelopes = Array.from({ length: 10 }, () => envelopeFor(nextId()))
  const writers = envelopes.map(envelope => spool.open(envelope.id))
  for (let part = 0; part < 5; part++)
    for (const [index, writer] of writers.entries())
      await writer.write(
        Buffer.from(contentOf(envelopes[index]!.id, 50_000).subarray(part * 10_000, (part + 1) * 10_000)),
      )
  t.ok(
    disk.paths().some(path => path.includes('large')),
    'some went to files',
  )
  t.notOk(disk.paths().filter(path => path.includes('large')).length === 10, 'and some did not need to')
  for (const [index, writer] of writers.entries())
    t.ok((await spool.accept(envelopes[index]!, writer)) instanceof Receipt)
  for (const job of (await everything(spool)).values())
    t.ok((await contentOfJob(job)).equals(contentOf(job.id, 50_000)))
  await spool.close()
})

t.test('the disk that a busy spool takes stays in proportion to what it holds', async t => {
  const disk = new MemoryDisk()
  const spool = await open('/spool', { io: disk, segmentSize: 2 ** 16 })
  const kept: string[] = []
  for (let round = 0; round < 60; round++) {
    await Promise.all(
      Array.from({ length: 10 }, () => {
        const id = nextId()
        return accept(spool, envelopeFor(id), contentOf(id, 3_000))
      }),
    )
    for (const job of (await everything(spool)).values())
      if (round % 3 === 0 && kept.length < round / 3 + 1) {
        kept.push(job.id)
        spool.settle(job, deferred(job, startTime + 10 ** 7))
      } else spool.settle(job, delivered(job))
    await spool.retry({ ids: [] })
  }
  await spool.close()
  const segments = disk.paths().filter(path => path.endsWith('segment')).length
  t.ok(segments <= 12, `${segments} segments for ${kept.length} messages, after some 45 segments of mail`)
  const again = await open('/spool', { io: disk, segmentSize: 2 ** 16 })
  t.same((await again.list({})).map(({ id }) => id as string).sort(), kept.sort())
  await again.close()
})

t.test('a message that takes long keeps neither the disk nor the dead', async t => {
  const disk = new MemoryDisk()
  const spool = await open('/spool', { io: disk, segmentSize: 2 ** 16 })
  const send = async (count: number): Promise<Map<string, Job>> => {
    await Promise.all(
      Array.from({ length: count }, () => {
        const id = nextId()
        return accept(spool, envelopeFor(id), contentOf(id, 3_000))
      }),
    )
    return everything(spool)
  }
  const traffic = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      for (const job of (await send(10)).values()) spool.settle(job, delivered(job))
      await spool.retry({ ids: [] })
    }
  }
  const [slow, waiting] = [...(await send(2)).values()] as [Job, Job]
  spool.settle(waiting, deferred(waiting, startTime + 1_000))
  await traffic(40)
  t.ok(disk.paths().filter(path => path.endsWith('segment')).length <= 12, 'segments are freed meanwhile')
  const again = await spool.take('one.example', startTime + 1_000)
  spool.settle(again!, delivered(again!))
  await traffic(40)
  t.ok(disk.paths().filter(path => path.endsWith('segment')).length <= 12)

  // No close: as if the process had been killed here.
  const copy = new MemoryDisk()
  for (const path of disk.paths()) copy.setFile(path, Buffer.from(disk.file(path)!))
  const restarted = await open('/spool', { io: copy, segmentSize: 2 ** 16 })
  t.same(
    (await restarted.list({})).map(({ id }) => id as string),
    [slow.id],
  )
  await restarted.close()
  await spool.close()
})

t.test(
  'memory is for mail that leaves at once: what waits for a destination that is down is read from disk',
  async t => {
    const disk = new MemoryDisk()
    let reads = 0
    const read = disk.read.bind(disk)
    disk.read = (...call) => {
      reads++
      return read(...call)
    }
    const spool = await open('/spool', { io: disk })
    const [first, second] = [nextId(), nextId()]
    await accept(spool, envelopeFor(first, 'ann@one.example'))
    spool.postpone('one.example', startTime + 5_000)
    await accept(spool, envelopeFor(second, 'bob@one.example'))
    reads = 0
    const content = async (): Promise<Buffer> =>
      contentOfJob((await spool.take('one.example', startTime + 5_000))!)
    t.same(await content(), contentOf(first))
    t.equal(reads, 0, 'it came while its domain was served')
    t.same(await content(), contentOf(second))
    t.ok(reads > 0, 'it came when nobody took mail for its domain')
    await spool.close()
  },
)
