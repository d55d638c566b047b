/**
 * Promise 13, the half of the spool: a restart with a deep queue reads indexes only, and domains take turns. The figures with
 * a million messages are in bench/.
 */
import t from 'tap'
import { MemoryDisk } from '../crash/memory-disk.ts'
import {
  accept,
  contentOf,
  deferred,
  delivered,
  envelopeFor,
  nextId,
  open,
  startTime,
} from '../spool/fixture.ts'

t.test('one dead destination with a deep queue does not delay the others', async t => {
  const spool = await open('/spool', { io: new MemoryDisk(), segmentSize: 2 ** 22 })
  await Promise.all(
    Array.from({ length: 3_000 }, () =>
      accept(spool, envelopeFor(nextId(), 'ann@dead.example'), Buffer.from('x')),
    ),
  )
  await Promise.all(
    ['one', 'two', 'three'].map(name =>
      accept(spool, envelopeFor(nextId(), `ann@${name}.example`), Buffer.from('x')),
    ),
  )
  // Each turn serves whoever comes first.
  const served: string[] = []
  for (let turn = 0; turn < 8; turn++) {
    const [domain] = spool.dueDomains(startTime)
    const job = (await spool.take(domain!, startTime))!
    served.push(job.domain)
    spool.settle(job, job.domain === 'dead.example' ? deferred(job, startTime + 60_000) : delivered(job))
  }
  t.same(served.slice(0, 4).sort(), ['dead.example', 'one.example', 'three.example', 'two.example'])
  t.ok(served.slice(4).every(domain => domain === 'dead.example'))

  spool.postpone('dead.example', startTime + 5_000)
  t.same([...spool.dueDomains(startTime + 4_999)], [])
  t.equal(spool.nextDueAt(), startTime + 5_000)
  await accept(spool, envelopeFor(nextId(), 'bob@dead.example'))
  t.same([...spool.dueDomains(startTime + 4_999)], [], 'new mail for it waits with the rest')
  await accept(spool, envelopeFor(nextId(), 'bob@alive.example'))
  t.same([...spool.dueDomains(startTime)], ['alive.example'])
  t.same([...spool.dueDomains(startTime + 5_000)].sort(), ['alive.example', 'dead.example'])
  await spool.close()
})

t.test('the oldest due message of a domain comes first, also after a restart', async t => {
  const disk = new MemoryDisk()
  let spool = await open('/spool', { io: disk })
  const ids = Array.from({ length: 50 }, nextId)
  for (const [index, id] of ids.entries())
    await accept(spool, { ...envelopeFor(id), receivedAt: startTime + ((index * 37) % 50) })
  const expected = ids
    .map((id, index) => ({ id, due: startTime + ((index * 37) % 50) }))
    .sort((a, b) => a.due - b.due)
    .map(({ id }) => id)
  for (const round of ['as it came in', 'after a restart']) {
    const taken: string[] = []
    for (let job = await spool.take('one.example', startTime + 50); job !== undefined; ) {
      taken.push(job.id)
      job = await spool.take('one.example', startTime + 50)
    }
    t.same(taken, expected, round)
    await spool.close()
    spool = await open('/spool', { io: disk })
  }
  await spool.close()
})

t.test('a restart reads no content of sealed segments', async t => {
  const disk = new MemoryDisk()
  const spool = await open('/spool', { io: disk, segmentSize: 2 ** 16 })
  for (let number = 0; number < 100; number++) {
    const id = nextId()
    await accept(spool, envelopeFor(id), contentOf(id, 4_000))
  }
  await spool.close()
  let read = 0
  const counting = new Proxy(disk, {
    get: (target, key) => {
      const value = Reflect.get(target, key, target)
      if (key === 'read')
        return async (descriptor: number, into: Uint8Array, position: number) => {
          const octets = await disk.read(descriptor, into, position)
          read += octets
          return octets
        }
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const again = await open('/spool', { io: counting, segmentSize: 2 ** 16 })
  t.equal(again.recovery.messages, 100)
  t.equal(again.recovery.scanned, 0)
  t.ok(read < 250_000, `${read} octets read of ${100 * 4_000} of content and more`)
  await again.close()
})
