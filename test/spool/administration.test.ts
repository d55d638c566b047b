import t from 'tap'
import type { QueueEntry } from '#mail/queue.ts'
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
  testClock,
  treatedAs,
} from './fixture.ts'

const ids = (entries: readonly QueueEntry[]): string[] => entries.map(({ id }) => id as string)

t.test('every given field of a query must match', async t => {
  const clock = testClock(startTime + 1_000)
  const spool = await open('/spool', { io: new MemoryDisk(), clock })
  const [a, b, c] = [nextId(), nextId(), nextId()]
  await accept(spool, envelopeFor(a, 'ann@one.example'))
  await accept(spool, { ...envelopeFor(b, 'bob@two.example', 'ann@one.example'), reversePath: '' })
  await accept(spool, envelopeFor(c, 'cid@three.example'))
  t.same(ids(await spool.list({})), [a, b, c])
  t.same(ids(await spool.list({ limit: 2 })), [a, b])
  t.same(ids(await spool.list({ domain: 'ONE.ex' })), [a, b])
  t.same(ids(await spool.list({ recipient: 'ANN@' })), [a, b])
  t.same(ids(await spool.list({ sender: 'jo@', recipient: 'ann' })), [a])
  t.same(ids(await spool.list({ ids: [c.toUpperCase(), 'nonsense', a, a] })), [a, c].sort())
  t.same(ids(await spool.list({ olderThan: 2_000 })), [])
  t.equal((await spool.list({ newerThan: 2_000 })).length, 3)
  t.same(ids(await spool.list({ state: 'held' })), [])
  await spool.close()
})

t.test('a held message is not due, through a restart, until it is released', async t => {
  const disk = new MemoryDisk()
  let spool = await open('/spool', { io: disk })
  const id = nextId()
  await accept(spool, envelopeFor(id, 'ann@one.example', 'bob@two.example'))
  t.same(await spool.hold({ ids: [id] }), [id])
  t.same(await spool.hold({ ids: [id] }), [], 'held already')
  t.equal(spool.totals().held, 1)
  t.equal(spool.nextDueAt(), undefined)
  await spool.close()
  spool = await open('/spool', { io: disk })
  t.equal(spool.totals().held, 1)
  t.equal((await everything(spool)).size, 0)
  t.same(await spool.release({ state: 'held' }), [id])
  t.equal((await everything(spool)).size, 2)
  t.equal(spool.totals().delivering, 2)
  t.equal(spool.totals().held, 0)
  await spool.close()
})

t.test('a message that is held while it is delivered is not tried again', async t => {
  const spool = await open('/spool', { io: new MemoryDisk() })
  const id = nextId()
  await accept(spool, envelopeFor(id))
  const [job] = [...(await everything(spool)).values()]
  t.same(await spool.hold({ ids: [id] }), [id])
  spool.settle(job!, deferred(job!, startTime))
  await spool.retry({ ids: [] })
  const [entry] = await spool.list({})
  t.match(entry, { state: 'held', attempts: 1 })
  t.equal((await everything(spool)).size, 0)
  await spool.close()
})

t.test('a removed message is gone for good, also while it is delivered', async t => {
  const disk = new MemoryDisk()
  const spool = await open('/spool', { io: disk })
  const [small, large] = [nextId(), nextId()]
  await accept(spool, envelopeFor(small))
  await accept(spool, envelopeFor(large), contentOf(large, 100_000))
  const jobs = [...(await everything(spool)).values()]
  t.same([...(await spool.remove({}))].sort(), [small, large])
  t.same(await spool.list({}), [])
  t.ok(disk.file(`/spool/large/${large}`), 'the attempt under way can still read the content')
  for (const job of jobs) t.equal(spool.settle(job, deferred(job, startTime)), true)
  t.equal(spool.totals().messages, 0)
  t.equal(spool.totals().octets, 0)
  await spool.close()
  t.notOk(disk.file(`/spool/large/${large}`))
  const again = await open('/spool', { io: disk })
  t.equal(again.recovery.messages, 0)
  await again.close()
})

t.test('a retry makes a message due now, also where its destination was called down', async t => {
  const spool = await open('/spool', { io: new MemoryDisk() })
  const id = nextId()
  await accept(spool, envelopeFor(id))
  const [job] = [...(await everything(spool)).values()]
  spool.settle(job!, deferred(job!, startTime + 10 ** 6))
  await spool.retry({ ids: [] })
  spool.postpone('one.example', startTime + 10 ** 6)
  t.same(await spool.retry({ domain: 'one.example' }), [id])
  t.same([...spool.dueDomains(startTime)], ['one.example'])
  await spool.close()
})

t.test('an entry tells what became of each recipient, and shows the mail', async t => {
  const spool = await open('/spool', { io: new MemoryDisk() })
  const id = nextId()
  const envelope = envelopeFor(id, 'ann@one.example', 'bob@two.example', 'cid@three.example')
  await accept(spool, envelope)
  for (const job of (await everything(spool)).values())
    spool.settle(job, job.domain === 'two.example' ? delivered(job) : deferred(job, startTime + 500))
  await spool.retry({ ids: [] })
  const shown = await spool.show(id)
  t.same(shown?.envelope, envelope)
  t.same(shown?.content, contentOf(id))
  t.match(shown?.entry, {
    recipients: [
      { address: 'ann@one.example', state: 'waiting', lastReply: '451 later' },
      { address: 'bob@two.example', state: 'delivered', lastReply: '250 ok' },
      { address: 'cid@three.example', state: 'waiting', lastReply: '451 later' },
    ],
    attempts: 1,
    nextAttemptAt: startTime + 500,
    state: 'waiting',
  })
  t.equal(await spool.show(nextId()), undefined)
  await spool.close()
})

t.test(
  'what is held from the beginning says why, through a restart, and goes out when it is released',
  async t => {
    const disk = new MemoryDisk()
    let spool = await open('/spool', { io: disk })
    const id = nextId()
    await accept(spool, treatedAs(envelopeFor(id, 'ann@one.example'), 'hold'))
    for (const _ of ['at once', 'after a restart', 'from the index']) {
      const [entry] = await spool.list({ state: 'held' })
      t.match(entry, { id, recipients: [{ address: 'ann@one.example', state: 'held', why: 'why hold' }] })
      t.equal(spool.totals().held, 1)
      t.equal(spool.nextDueAt(), undefined)
      await spool.close()
      spool = await open('/spool', { io: disk })
    }
    t.same(await spool.release({ state: 'held' }), [id])
    t.equal(spool.totals().held, 0)
    const [job] = (await everything(spool)).values()
    t.same(await contentOfJob(job!), contentOf(id))
    t.ok(spool.settle(job!, delivered(job!)))
    await spool.close()
  },
)

t.test('what is held for one recipient goes to the others, and stays until somebody decides', async t => {
  const disk = new MemoryDisk()
  let spool = await open('/spool', { io: disk })
  const id = nextId()
  const envelope = envelopeFor(id, 'ann@one.example', 'bob@one.example', 'cid@one.example')
  await accept(spool, treatedAs(envelope, 'hold', undefined, 'discard'))
  const [job] = (await everything(spool)).values()
  t.same(
    job!.recipients.map(({ address }) => address),
    ['bob@one.example'],
  )
  t.notOk(spool.settle(job!, delivered(job!)), 'somebody has to look at the rest')
  await spool.release({ ids: [] })
  await spool.close()
  spool = await open('/spool', { io: disk })
  t.match(await spool.list({ state: 'held' }), [
    {
      recipients: [
        { state: 'held', why: 'why hold' },
        { state: 'delivered' },
        { state: 'discarded', why: 'why discard' },
      ],
    },
  ])
  t.same(await spool.remove({ state: 'held' }), [id])
  t.equal(spool.totals().messages, 0)
  t.equal(spool.totals().held, 0)
  await spool.close()
})

t.test('to remove what is held takes nothing from those who wait', async t => {
  const disk = new MemoryDisk()
  let spool = await open('/spool', { io: disk })
  const id = nextId()
  const envelope = envelopeFor(id, 'ann@one.example', 'bob@one.example')
  await accept(spool, treatedAs(envelope, 'hold', undefined))
  t.same(await spool.remove({ state: 'held' }), [id])
  t.equal(spool.totals().held, 0)
  await spool.close()
  spool = await open('/spool', { io: disk })
  t.match(await spool.list({}), [
    {
      state: 'waiting',
      recipients: [{ state: 'failed', lastReply: 'removed by an operator' }, { state: 'waiting' }],
    },
  ])
  const [job] = (await everything(spool)).values()
  t.ok(spool.settle(job!, delivered(job!)), 'nothing is left of it')
  await spool.close()
  t.equal((await open('/spool', { io: disk })).totals().messages, 0)
})

t.test('a removal of what is held waits for no delivery that is under way, and outlives it', async t => {
  const spool = await open('/spool', { io: new MemoryDisk() })
  const id = nextId()
  await accept(spool, treatedAs(envelopeFor(id, 'ann@one.example', 'bob@one.example'), 'hold', undefined))
  const [job] = (await everything(spool)).values()
  const removal = spool.remove({ state: 'held', ids: [id] })
  spool.settle(job!, delivered(job!))
  await removal
  await spool.retry({ ids: [] })
  t.equal(spool.totals().messages, 0)
  t.equal(spool.totals().held, 0)
  await spool.close()
})
