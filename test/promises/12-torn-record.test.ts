/** Promise 12: a torn or corrupt spool record is a value: it is set aside, reported, and everything after it is recovered. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CorruptContent } from '#mail/queue.ts'
import type { SpoolAlarm } from '#spool/spool.ts'
import {
  accept,
  contentOf,
  contentOfJob,
  delivered,
  envelopeFor,
  everything,
  nextId,
  open,
  temporaryDirectory,
} from '../spool/fixture.ts'

/** Changes one octet of the first segment that contains the text, at the text. */
function damage(directory: string, text: string): void {
  for (const name of readdirSync(directory).filter(name => name.endsWith('.segment'))) {
    const path = join(directory, name)
    const data = readFileSync(path)
    const at = data.indexOf(text)
    if (at < 0) continue
    data[at]! ^= 0x20
    writeFileSync(path, data)
    return
  }
  throw new Error(`${text} is in no segment`)
}

const removeIndexes = (directory: string): void => {
  for (const name of readdirSync(directory)) if (name.endsWith('.index')) rmSync(join(directory, name))
}

t.test('damage found by a scan is set aside, and what stands behind it is recovered', async t => {
  const directory = temporaryDirectory(t)
  const ids = Array.from({ length: 5 }, nextId)
  const spool = await open(directory)
  for (const id of ids) await accept(spool, envelopeFor(id))
  await spool.close()
  // The envelope of the second, the content of the fourth.
  damage(directory, `"id":"${ids[1]}"`)
  damage(directory, `Subject: ${ids[3]}`)
  removeIndexes(directory)

  const alarms: SpoolAlarm[] = []
  const again = await open(directory, { onAlarm: alarm => alarms.push(alarm) })
  t.same(
    [...(await everything(again)).values()].map(job => job.id),
    [ids[0], ids[2], ids[4]],
  )
  t.equal(again.recovery.corrupt.length, 2)
  t.same(
    alarms.map(alarm => alarm.name),
    ['corrupt-record', 'corrupt-record'],
  )
  const kept = again.recovery.corrupt.map(({ kept }) => readFileSync(join(directory, kept), 'latin1'))
  t.match(kept[0], ids[1], 'the bytes are kept for whoever can make sense of them')
  t.match(kept[1], ids[3])
  await again.close()

  const third = await open(directory)
  t.same(third.recovery.corrupt, [], 'and reported once')
  t.equal(third.recovery.messages, 3)
  await third.close()
})

t.test('damage found by delivery costs that message only', async t => {
  const directory = temporaryDirectory(t)
  const ids = Array.from({ length: 4 }, nextId)
  const spool = await open(directory)
  for (const id of ids) await accept(spool, envelopeFor(id))
  await spool.close()
  damage(directory, `"id":"${ids[1]}"`)
  damage(directory, `Subject: ${ids[2]}`)

  const alarms: SpoolAlarm[] = []
  const again = await open(directory, { onAlarm: alarm => alarms.push(alarm) })
  const jobs = [...(await everything(again)).values()]
  t.same(
    jobs.map(job => job.id),
    [ids[0], ids[2], ids[3]],
  )
  t.same(
    alarms.map(alarm => alarm.name),
    ['corrupt-record'],
  )
  await t.rejects(
    contentOfJob(jobs[1]!),
    CorruptContent,
    'delivery learns it before it sends the end of the message',
  )
  t.equal((await again.show(ids[2]!))?.content, undefined)
  t.same(await contentOfJob(jobs[2]!), contentOf(ids[3]!))
  for (const job of jobs) again.settle(job, delivered(job))
  await again.close()

  const third = await open(directory)
  t.equal(third.recovery.messages, 0)
  t.equal(readdirSync(join(directory, 'corrupt')).length, 1)
  await third.close()
})

t.test('large content that is missing, short or wrong is a value, too', async t => {
  const directory = temporaryDirectory(t)
  const ids = Array.from({ length: 4 }, nextId)
  const spool = await open(directory)
  for (const id of ids) await accept(spool, envelopeFor(id), contentOf(id, 900_000))
  await spool.close()
  const large = (index: number): string => join(directory, 'large', ids[index]!)
  rmSync(large(0))
  truncateSync(large(1), 899_999)
  const data = readFileSync(large(2))
  data[10]! ^= 1
  writeFileSync(large(2), data)

  const again = await open(directory)
  t.same(again.recovery.missingContent, [ids[0]])
  const jobs = [...(await everything(again)).values()]
  t.equal(jobs.length, 4)
  for (const job of jobs.slice(0, 3)) {
    let octets = 0
    await t.rejects(async () => {
      for await (const chunk of job.content()) octets += chunk.length
    }, CorruptContent)
    t.ok(octets < 900_000, 'the end of a wrong message is never handed out')
  }
  t.ok((await contentOfJob(jobs[3]!)).equals(contentOf(ids[3]!, 900_000)))
  await again.close()
})

t.test('a header that was lost is found again from the first record', async t => {
  const directory = temporaryDirectory(t)
  const ids = Array.from({ length: 3 }, nextId)
  const spool = await open(directory)
  for (const id of ids) await accept(spool, envelopeFor(id))
  await spool.close()
  const [name] = readdirSync(directory).filter(name => name.endsWith('.segment'))
  const path = join(directory, name!)
  const data = readFileSync(path)
  data.fill(0xff, 0, 4096)
  writeFileSync(path, data)
  removeIndexes(directory)
  const again = await open(directory)
  t.same(
    [...(await everything(again)).values()].map(job => job.id),
    ids,
  )
  await again.close()
})

t.test('a record inside a mail is content, even where the log is damaged in front of it', async t => {
  const directory = temporaryDirectory(t)
  const [victim, forger] = [nextId(), nextId()]
  const spool = await open(directory)
  await accept(spool, envelopeFor(victim))
  await spool.close()
  // The forger copies a whole record, as somebody would who has seen the disk of another machine.
  const [name] = readdirSync(directory).filter(name => name.endsWith('.segment'))
  const record = readFileSync(join(directory, name!)).subarray(4096, 8192)
  const again = await open(directory)
  const forged = Buffer.concat([Buffer.alloc(4096), record])
  await accept(again, envelopeFor(forger), forged)
  for (const job of (await everything(again)).values())
    if (job.id === victim) again.settle(job, delivered(job))
  await again.close()
  damage(directory, `"id":"${forger}"`)
  removeIndexes(directory)
  const third = await open(directory)
  t.equal(third.recovery.messages, 0, 'the finished message was not forged back')
  t.equal(third.recovery.corrupt.length, 1)
  await third.close()
})
