/** Promise 12 against arbitrary bytes: whatever stands in the files of a spool, opening it ends, and what is whole is found. */
import fc from 'fast-check'
import t from 'tap'
import { Receipt } from '#mail/receipt.ts'
import { decodeState } from '#spool/job-state.ts'
import { encodeSegmentHeader, indexName, segmentName } from '#spool/segment.ts'
import { decodeIndex } from '#spool/segment-index.ts'
import { MemoryDisk } from '../crash/memory-disk.ts'
import {
  accept,
  contentOf,
  contentOfJob,
  deferred,
  envelopeFor,
  everything,
  nextId,
  open,
  startTime,
} from '../spool/fixture.ts'

const options = { segmentSize: 2 ** 16, inlineSize: 2 ** 12 }

/** A disk with a few segments, and what is on it. */
async function filled(): Promise<{ disk: MemoryDisk; contents: Map<string, Buffer> }> {
  const disk = new MemoryDisk()
  const spool = await open('/spool', { ...options, io: disk })
  const contents = new Map<string, Buffer>()
  for (let number = 0; number < 60; number++) {
    const id = nextId()
    const content = contentOf(id, number * 90)
    if (
      (await accept(spool, envelopeFor(id, 'ann@one.example', 'bob@two.example'), content)) instanceof Receipt
    )
      contents.set(id, content)
  }
  for (const job of (await everything(spool)).values())
    if (job.domain === 'two.example') spool.settle(job, deferred(job, startTime + 10))
  await spool.close()
  return { disk, contents }
}

const copy = (disk: MemoryDisk): MemoryDisk => {
  const other = new MemoryDisk()
  for (const path of disk.paths()) other.setFile(path, Buffer.from(disk.file(path)!))
  return other
}

/** Opens, reads everything that is there, closes. Returns the ids with right content, and those with wrong. */
async function survey(disk: MemoryDisk, contents: ReadonlyMap<string, Buffer>) {
  const spool = await open('/spool', { ...options, io: disk })
  const right = new Set<string>()
  const wrong: string[] = []
  await spool.list({})
  for (const job of (await everything(spool, startTime + 10)).values()) {
    try {
      const content = await contentOfJob(job)
      if (contents.get(job.id)?.equals(content)) right.add(job.id)
      else wrong.push(job.id)
    } catch (error) {
      if ((error as Error).name !== 'CorruptContent') throw error
    }
  }
  const { recovery } = spool
  await spool.close()
  return { right, wrong, recovery }
}

t.test('flipped bits cost the records that they hit, and nothing is delivered wrongly', async () => {
  const { disk, contents } = await filled()
  const victims = disk.paths().filter(path => /segment$|index$|large/.test(path))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 7 })), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (flips, withoutIndex) => {
        const damaged = copy(disk)
        for (const [which, where, bit] of flips) {
          const data = damaged.file(victims[which % victims.length]!)!
          if (data.length > 0) data[where % data.length]! ^= 1 << bit
        }
        if (withoutIndex)
          for (const path of damaged.paths()) if (path.endsWith('index')) await damaged.remove(path)
        const { right, wrong } = await survey(damaged, contents)
        return wrong.length === 0 && right.size >= contents.size - flips.length
      },
    ),
    { numRuns: 60 },
  )
})

t.test('any bytes in place of a segment or an index are survived, and the rest is found', async () => {
  const { disk, contents } = await filled()
  const sequence = 2
  const life = Buffer.from('lifelife')
  const header = encodeSegmentHeader({
    sequence,
    life,
    newestHigh: 0,
    newestLow: 0,
    previousSequence: 0,
    previousEnd: 0,
  })
  const segment = fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.constant(Buffer.concat([life, Buffer.from([sequence, 0, 0, 0])])),
        fc.constant(Buffer.alloc(4096)),
      ),
      { maxLength: 20 },
    )
    .map(parts => Buffer.concat([header, ...parts]))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(segment, fc.uint8Array({ maxLength: 9000 })),
      fc.uint8Array({ maxLength: 300 }),
      async (bytes, index) => {
        const damaged = copy(disk)
        damaged.setFile(`/spool/${segmentName(sequence)}`, Buffer.from(bytes))
        damaged.setFile(`/spool/${indexName(sequence)}`, Buffer.from(index))
        damaged.setFile('/spool/spare.7', Buffer.from(bytes))
        damaged.setFile('/spool/large/not an id', Buffer.from(index))
        damaged.setFile('/spool/ffffffff.segment', Buffer.from(index))
        const { wrong, right } = await survey(damaged, contents)
        return wrong.length === 0 && right.size > 0
      },
    ),
    { numRuns: 40 },
  )
})

t.test('an index or a state of any bytes is refused, never thrown over', t => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      bytes => decodeIndex(Buffer.from(bytes), 1, Buffer.alloc(8), 1000) === undefined,
    ),
  )
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), text => decodeState(text) instanceof Map))
  t.end()
})
