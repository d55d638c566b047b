import t from 'tap'
import { createCountsMemory, noRoom, openCounts, overLimit } from '../../src/admission/connection-counts.ts'
import { createHashKey, hashWords } from '../../src/admission/keyed-hash.ts'

const key = createHashKey()
const hashOf = (address: number) => hashWords(key, [32, address])

t.test('places are counted over all threads, and given back', async t => {
  const memory = createCountsMemory(16, 3)
  const threads = [0, 1, 2].map(thread => openCounts(memory, thread))
  const slots = threads.map(counts => counts.take(hashOf(1), 3))
  t.ok(slots.every(slot => slot >= 0))
  t.equal(threads[0]!.take(hashOf(1), 3), overLimit)
  t.ok(threads[0]!.take(hashOf(2), 3) >= 0, 'another client has its own')
  t.equal(threads[2]!.heldBy(hashOf(1)), 3)
  threads[1]!.give(slots[1]!)
  t.equal(threads[2]!.heldBy(hashOf(1)), 2)
  t.ok(threads[0]!.take(hashOf(1), 3) >= 0)
})

t.test('the total is a limit of its own', async t => {
  const memory = createCountsMemory(16, 2)
  const [one, two] = [openCounts(memory, 0), openCounts(memory, 1)]
  t.ok(one.takeOfTotal(2))
  t.ok(two.takeOfTotal(2))
  t.notOk(one.takeOfTotal(2))
  t.equal(one.heldByAll(), 2)
  two.giveToTotal()
  t.ok(one.takeOfTotal(2))
})

t.test('what a dead thread held is given back, what others hold is not', async t => {
  const memory = createCountsMemory(16, 2)
  const [alive, dead] = [openCounts(memory, 0), openCounts(memory, 1)]
  for (const counts of [alive, dead]) {
    counts.take(hashOf(1), 9)
    counts.takeOfTotal(9)
  }
  dead.take(hashOf(2), 9)
  alive.releaseThread(1)
  t.equal(alive.heldBy(hashOf(1)), 1)
  t.equal(alive.heldBy(hashOf(2)), 0)
  t.equal(alive.heldByAll(), 1)
})

t.test('a slot whose client left goes to the next, and a full window says so', async t => {
  const memory = createCountsMemory(4, 1) // one window of 16 slots
  const counts = openCounts(memory, 0)
  const slots = Array.from({ length: 16 }, (_, address) => counts.take(hashOf(address), 9))
  t.equal(new Set(slots).size, 16)
  t.equal(counts.take(hashOf(99), 9), noRoom)
  counts.give(slots[7]!)
  t.equal(counts.take(hashOf(99), 9), slots[7])
  t.equal(counts.heldBy(hashOf(7)), 0)
  t.equal(counts.heldBy(hashOf(99)), 1)
})

t.test('the mark of a thread that died while it took a slot holds nobody up', async t => {
  const memory = createCountsMemory(4, 2)
  new Int32Array(memory.table.keys).fill(2) // thread 1, sixteen times in the middle of a claim
  const counts = openCounts(memory, 0)
  t.equal(counts.take(hashOf(1), 9), noRoom)
  counts.releaseThread(1)
  t.ok(counts.take(hashOf(1), 9) >= 0)
  new Int32Array(memory.table.keys)[3] = 2
  t.ok(counts.take(hashOf(2), 9) >= 0, 'one such slot is passed over')
})
