import t from 'tap'
import { Receipt } from '#mail/receipt.ts'
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
