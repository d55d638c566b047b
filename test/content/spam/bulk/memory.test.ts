/** The memory of recent mail: what it counts, how it forgets, and who can push whom out of it. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import type { Sighting } from '#content/spam/bulk/counters.ts'
import { BulkWatch, createBulkMemory, entryCount } from '#content/spam/bulk/memory.ts'
import type { ReportOfThread, WorkOfThread } from './copies.ts'
import { changed, randomOf, slotsOf, textOf } from './texts.ts'

const minute = 60_000
const start = 1_800_000_000_000 - (1_800_000_000_000 % (1_440 * minute))
const random = randomOf(1)
/** With a key of the test's own: the same numbers in each run. */
const open = () => new BulkWatch({ ...createBulkMemory(), key: { first: 12_345, second: 67_890 } })
const sighting = (watch: BulkWatch, client: number, sender = client, recipients = 1): Sighting => ({
  client: watch.hashOf([1, client]),
  sender: watch.hashOf([2, sender]),
  recipients,
})

t.setTimeout(120_000)

t.test('near copies count together: messages, clients, senders and recipients', async t => {
  const watch = open()
  const text = textOf(random)
  let last: ReturnType<BulkWatch['see']>
  for (let copy = 0; copy < 10; copy++)
    last = watch.see(slotsOf(changed(text, 0.04, random)), sighting(watch, copy, copy % 2, 3), start)
  t.match(last, { hour: { messages: 10, senders: 2, recipients: 30 }, day: { messages: 10, recipients: 30 } })
  t.ok(last!.hour.clients >= 6 && last!.hour.clients <= 16, 'ten, give or take')
})

t.test('the same client again is one client, however often', async t => {
  const watch = open()
  const slots = slotsOf(textOf(random))
  for (let copy = 0; copy < 1_000; copy++) watch.see(slots, sighting(watch, 1), start)
  t.match(watch.see(slots, sighting(watch, 1), start), { day: { messages: 1_001, clients: 1, senders: 1 } })
})

t.test('other texts count for themselves', async t => {
  const watch = open()
  for (let text = 0; text < 2_000; text++)
    t.match(
      watch.see(slotsOf(textOf(random)), sighting(watch, text), start)?.day,
      { messages: 1 },
      `text ${text}`,
    )
})

t.test('what was seen is forgotten after an hour and a day', async t => {
  const watch = open()
  const slots = slotsOf(textOf(random))
  const seenAt = (minutes: number) => {
    const { hour, day } = watch.see(slots, sighting(watch, 1), start + minutes * minute)!
    return [hour.messages, day.messages]
  }
  t.same(seenAt(0), [1, 1])
  t.same(seenAt(29), [2, 2])
  t.same(seenAt(61), [1, 3], 'the first half hour is over an hour ago')
  t.same(seenAt(1_441), [1, 1])
})

t.test(
  'a client that sends ever new texts pushes out no more than an eighth of what others sent once',
  async t => {
    const watch = open()
    const honest = Array.from({ length: entryCount * 2 }, (_, each) => {
      const slots = slotsOf(textOf(random, 60))
      watch.see(slots, sighting(watch, each), start)
      return slots
    }).slice(-2_000)
    const known = () => honest.filter(slots => (look(watch, slots)?.messages ?? 0) > 1).length
    // Looking is seeing: done once before and once behind, from the same client, so that nothing else changes.
    const before = known()
    for (let each = 0; each < entryCount * 2; each++)
      watch.see(slotsOf(textOf(random, 60)), sighting(watch, 666), start + minute)
    t.ok(known() >= before * 0.87, `${before} were known before`)
  },
)

/** Counts, too. */
const look = (watch: BulkWatch, slots: Uint32Array) =>
  watch.see(slots, { client: 0, sender: watch.hashOf([9]), recipients: 1 }, start)?.day

t.test('what came from several networks stays known under a flood from a hundred others', async t => {
  const watch = open()
  const campaign = slotsOf(textOf(random))
  for (let client = 0; client < 8; client++) watch.see(campaign, sighting(watch, client), start)
  for (let each = 0; each < entryCount * 3; each++)
    watch.see(slotsOf(textOf(random, 60)), sighting(watch, 1_000 + (each % 100)), start + minute)
  const { messages, clients } = watch.see(campaign, sighting(watch, 8), start + 2 * minute)!.hour
  t.equal(messages, 9)
  t.ok(clients >= 6)
})

t.test('threads count in one memory, and none of their copies is lost', async t => {
  const memory = createBulkMemory()
  const threads = 3
  const rounds = 2_000
  const texts = Array.from({ length: 5 }, () => slotsOf(textOf(random)))
  const watch = new BulkWatch(memory)
  // Known before, so that no two threads meet them for the first time in the same instant.
  for (const slots of texts) watch.see(slots, sighting(watch, 0), start)
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData: WorkOfThread = { memory, texts, thread, rounds, now: start }
    return new Worker(new URL('copies.ts', import.meta.url), { workerData })
  })
  const reports = await Promise.all(workers.map(worker => once(worker, 'message')))
  t.ok(reports.every(([report]) => (report as ReportOfThread).forgotten === 0))
  for (const slots of texts)
    t.equal(watch.see(slots, sighting(watch, 0), start)!.day.messages, threads * rounds + 2)
  await Promise.all(workers.map(worker => worker.terminate()))
})

t.test('a thread that died while it wrote a new text holds its place for a minute and nobody up', async t => {
  const memory = createBulkMemory()
  // As if every place were just being written.
  const entries = new Int32Array(memory.entries)
  for (let entry = 0; entry < entryCount; entry++) entries[entry * 24] = 3
  const watch = new BulkWatch(memory)
  const slots = slotsOf(textOf(random))
  t.match(watch.see(slots, sighting(watch, 1), start)?.day, { messages: 1 })
  t.match(watch.see(slots, sighting(watch, 1), start)?.day, { messages: 2 })
})

t.test('short texts are not counted', async t => {
  t.equal(open().see(Uint32Array.of(1, 2, 3), { client: 1, sender: 1, recipients: 1 }, start), undefined)
})
