import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Envelope } from '#mail/envelope.ts'
import type { Job } from '#mail/queue.ts'
import { Receipt } from '#mail/receipt.ts'
import type { Treatment } from '#mail/treatment.ts'
import { headerSize } from '#spool/record.ts'
import { indexName, segmentName } from '#spool/segment.ts'
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
  temporaryDirectory,
  treatedAs,
} from './fixture.ts'

t.test('an accepted message is due, with the envelope and the content that came in', async t => {
  const spool = await open(temporaryDirectory(t))
  const envelope = envelopeFor(nextId(), 'ann@one.example', 'bob@two.example', 'cid@one.example')
  t.ok((await accept(spool, envelope)) instanceof Receipt)
  const jobs = await everything(spool)
  t.same([...jobs.values()].map(job => job.domain).sort(), ['one.example', 'two.example'])
  for (const job of jobs.values()) {
    t.same(job.envelope, envelope)
    t.same(await contentOfJob(job), contentOf(envelope.id))
  }
  t.same(
    jobs.get(`${envelope.id} one.example`)?.recipients.map(({ address }) => address as string),
    ['ann@one.example', 'cid@one.example'],
  )
  await spool.close()
})

t.test('a message survives a restart, whether small, large or settled in part', async t => {
  const directory = temporaryDirectory(t)
  const sizes = [0, 1, 300, 65_536, 65_537, 700_000]
  const envelopes = sizes.map(() => envelopeFor(nextId(), 'ann@one.example', 'bob@two.example'))
  let spool = await open(directory)
  for (const [index, envelope] of envelopes.entries())
    t.ok((await accept(spool, envelope, contentOf(envelope.id, sizes[index]))) instanceof Receipt)
  for (const job of (await everything(spool)).values())
    t.equal(
      spool.settle(job, job.domain === 'two.example' ? delivered(job) : deferred(job, startTime + 5)),
      false,
    )
  await spool.close()

  spool = await open(directory)
  t.equal(spool.recovery.messages, sizes.length)
  t.equal(spool.newestId, envelopes.at(-1)?.id)
  t.equal((await everything(spool, startTime + 1)).size, 0, 'nothing is due before its time')
  const jobs = await everything(spool, startTime + 5)
  t.equal(jobs.size, sizes.length, 'what was delivered does not come back')
  for (const [index, envelope] of envelopes.entries()) {
    const job = jobs.get(`${envelope.id} one.example`)!
    t.same(job.envelope, envelope)
    t.equal(job.attempts, 1)
    t.ok((await contentOfJob(job)).equals(contentOf(envelope.id, sizes[index])))
    t.equal(spool.settle(job, delivered(job)), true, 'the message is done')
  }
  await spool.close()

  spool = await open(directory)
  t.equal(spool.recovery.messages, 0)
  t.equal(spool.newestId, envelopes.at(-1)?.id, 'the newest id is known although all mail has gone')
  await spool.close()
})

t.test(
  'recipients of one domain who are treated differently are jobs of their own, also after a restart',
  async t => {
    const directory = temporaryDirectory(t)
    let spool = await open(directory)
    const id = nextId()
    const envelope = treatedAs(
      envelopeFor(id, 'ann@one.example', 'bob@one.example', 'cid@one.example', 'dan@two.example'),
      'tag',
      undefined,
      'tag',
      'tag',
    )
    await accept(spool, envelope)
    const seen = (jobs: ReadonlyMap<string, Job>) =>
      [...jobs.values()].map(({ treatment, recipients }) => [
        treatment?.kind,
        recipients.map(({ address }) => address),
      ])
    const meant = [
      ['tag', ['ann@one.example', 'cid@one.example']],
      [undefined, ['bob@one.example']],
      ['tag', ['dan@two.example']],
    ]
    const jobs = await everything(spool)
    t.strictSame(seen(jobs), meant)
    for (const job of jobs.values()) if (job.number === 1) spool.settle(job, delivered(job))
    await spool.close()
    spool = await open(directory)
    t.strictSame(seen(await everything(spool)), [meant[0], meant[2]])
    await spool.close()
  },
)

t.test(
  'a message that is discarded has a Receipt for what the log says of it, and nothing else of it is kept',
  async t => {
    const directory = temporaryDirectory(t)
    let spool = await open(directory)
    const discarded = [nextId(), nextId()]
    for (const [index, id] of discarded.entries()) {
      const envelope = treatedAs(envelopeFor(id), 'discard')
      t.ok((await accept(spool, envelope, contentOf(id, index * 100_000))) instanceof Receipt)
    }
    t.equal(spool.totals().messages, 0)
    const log = readFileSync(join(directory, segmentName(1)))
    t.ok(log.includes('why discard'), 'the envelope is on disk')
    t.notOk(log.includes(`Subject: ${discarded[0]}`), 'the content is not')
    for (const _ of ['its index', 'what became of its segment']) {
      await spool.close()
      spool = await open(directory)
      t.equal(spool.newestId, discarded[1])
      t.equal(spool.totals().messages, 0)
      t.same(spool.recovery.corrupt, [])
    }
    t.same(readdirSync(join(directory, 'large')), [])
    await spool.close()
  },
)

t.test('a record that needs its treatments is of a version that older software sets aside', async t => {
  const directory = temporaryDirectory(t)
  const spool = await open(directory)
  const one = () => envelopeFor(nextId(), 'ann@one.example', 'bob@one.example')
  const versionOf = async (envelope: Envelope) => {
    await accept(spool, envelope)
    const log = readFileSync(join(directory, segmentName(1)))
    return log[log.indexOf(envelope.id) - '{"id":"'.length - headerSize + 17]
  }
  t.equal(await versionOf(one()), 1)
  t.equal(await versionOf(treatedAs(one(), 'tag', 'tag')), 1, 'goes out unmarked there')
  t.equal(await versionOf(treatedAs(one(), 'tag', undefined)), 2)
  t.equal(await versionOf(treatedAs(one(), 'hold', 'hold')), 2)
  t.equal(await versionOf(treatedAs(one(), 'discard', 'discard')), 2)
  await spool.close()
})

t.test(
  'a treatment that is not known makes a record one to be set aside, and nothing is delivered by guess',
  async t => {
    const directory = temporaryDirectory(t)
    let spool = await open(directory)
    const envelope = treatedAs(envelopeFor(nextId()), 'tag')
    const treatments = [{ kind: 'shred' }] as unknown as Treatment[]
    await accept(spool, { ...envelope, treatments })
    await accept(spool, envelopeFor(nextId()))
    await spool.close()
    rmSync(join(directory, indexName(1)))
    spool = await open(directory)
    t.equal(spool.totals().messages, 1)
    t.equal(spool.recovery.corrupt.length, 1)
    await spool.close()
  },
)
