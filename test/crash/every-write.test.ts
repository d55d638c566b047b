/**
 * Promise 10, decided by a disk in memory: a workload runs once, then the power fails at every one of its writes, syncs
 * and renames, in several ways each, and the spool is opened on what is left.
 */
import t from 'tap'
import type { Envelope } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Job } from '#mail/queue.ts'
import { Receipt } from '#mail/receipt.ts'
import { headerSize, readHeader, recordTypes } from '#spool/record.ts'
import type { Spool } from '#spool/spool.ts'
import {
  accept,
  contentOf,
  contentOfJob,
  deferred,
  delivered,
  envelopeFor,
  everything,
  keyOf,
  nextId,
  open,
  startTime,
  treatedAs,
} from '../spool/fixture.ts'
import { type Chance, chances, MemoryDisk, PowerCut } from './memory-disk.ts'

const options = { segmentSize: 2 ** 16, inlineSize: 2 ** 13, memory: 2 ** 18 }
const later = startTime + 1_000

/** What is known of a message, each by the number of the event after which it holds. */
interface Expected {
  readonly envelope: Envelope
  readonly size: number
  accepted: number
  /** From here on it may be gone, from there on it must be. */
  ending: number
  ended: number
  /** Jobs that are done for sure. */
  readonly done: Map<string, number>
  heldFrom: number
}

const never = Number.POSITIVE_INFINITY

/** Some go to several domains, some are treated differently within one, some are thrown away. */
function envelopeOf(id: MessageId, round: number, index: number): Envelope {
  const several = envelopeFor(id, 'ann@one.example', 'bob@two.example', 'cid@one.example')
  if (index === 0) return round % 2 === 0 ? several : treatedAs(several, undefined, 'discard', 'tag')
  if (index === 1 && round % 5 === 0) return treatedAs(several, 'hold', 'tag', 'discard')
  const one = envelopeFor(id, `ann@domain${index}.example`)
  return index === 2 && round % 5 === 1 ? treatedAs(one, 'discard') : one
}

class Workload {
  readonly disk = new MemoryDisk()
  readonly messages = new Map<MessageId, Expected>()
  readonly #spool: Spool
  readonly #chance: Chance
  /** Jobs that delivery has in hand for some rounds. */
  readonly #slow: Job[] = []

  constructor(spool: Spool, seed: number) {
    this.#spool = spool
    this.#chance = chances(seed)
  }

  /** `growFrom`: as in `SpoolOptions`; with 0 every new segment is a file that grows. */
  static async run(sync: 'on' | 'off', seed = 7, growFrom?: number): Promise<Workload> {
    const disk = new MemoryDisk()
    const spool = await open('/spool', {
      ...options,
      ...(growFrom !== undefined && { growFrom }),
      io: disk,
      sync,
    })
    const workload = new Workload(spool, seed)
    Object.assign(workload, { disk })
    for (let round = 0; round < 20; round++) {
      await Promise.all([0, 1, 2, 3, 4, 5].map(index => workload.accept(round, index)))
      await workload.deliver(round)
      if (round % 3 === 1) await workload.operate()
    }
    await spool.close()
    return workload
  }

  async accept(round: number, index: number): Promise<void> {
    const id = nextId()
    const envelope = envelopeOf(id, round, index)
    const size = index === 1 && round % 4 === 0 ? 20_000 : Math.floor(this.#chance() * 6_000)
    const expected: Expected = {
      envelope,
      size,
      accepted: never,
      ending: never,
      ended: never,
      done: new Map(),
      heldFrom: never,
    }
    this.messages.set(id, expected)
    const receipt = await accept(this.#spool, envelope, contentOf(id, size), 3_000)
    if (!(receipt instanceof Receipt)) return
    const kinds = envelope.treatments?.map(({ kind }) => kind) ?? []
    if (kinds.length === 1 && kinds[0] === 'discard') expected.ended = 0
    else expected.accepted = this.disk.events.length
    if (kinds.includes('hold')) expected.heldFrom = expected.accepted
  }

  async deliver(round: number): Promise<void> {
    const jobs = [...(await everything(this.#spool, startTime)).values()]
    if (round % 4 === 3) jobs.push(...this.#slow.splice(0))
    const ended: MessageId[] = []
    const done: Job[] = []
    for (const job of jobs) {
      const luck = this.#chance()
      if (luck < 0.1)
        this.#spool.settle(job, { outcomes: [], nextAttemptAt: startTime, countsAsAttempt: false })
      else if (luck < 0.3) this.#spool.settle(job, deferred(job, later))
      else {
        const expected = this.messages.get(job.id)!
        if (this.#spool.settle(job, delivered(job))) {
          expected.ending = this.disk.events.length
          ended.push(job.id)
        } else done.push(job)
      }
    }
    if (round % 2 === 0) return
    await this.flush()
    for (const id of ended) this.messages.get(id)!.ended = this.disk.events.length
    for (const job of done) this.messages.get(job.id)!.done.set(keyOf(job), this.disk.events.length)
  }

  async operate(): Promise<void> {
    const waiting = await this.#spool.list({ state: 'waiting' })
    const hold = waiting.slice(0, 2).map(({ id }) => id)
    const remove = waiting.slice(2, 4).map(({ id }) => id)
    for (const id of remove) this.messages.get(id)!.ending = this.disk.events.length
    await Promise.all([this.#spool.hold({ ids: hold }), this.#spool.remove({ ids: remove })])
    for (const id of hold) this.messages.get(id)!.heldFrom = this.disk.events.length
    for (const id of remove) this.messages.get(id)!.ended = this.disk.events.length
  }

  flush(): Promise<unknown> {
    return this.#spool.retry({ ids: [] })
  }

  /**
   * What is wrong with the spool that a crash in event `at` left; empty when nothing is. `whole`: no write was torn, so nothing
   * may look damaged.
   */
  async faults(disk: MemoryDisk, at: number, whole = false): Promise<readonly string[]> {
    const faults: string[] = []
    const spool = await open('/spool', { ...options, io: disk })
    const present = new Map((await spool.list({})).map(entry => [entry.id, entry]))
    const jobs = await everything(spool, later)
    for (const [id, expected] of this.messages) {
      const entry = present.get(id)
      if (expected.ended <= at && entry !== undefined) faults.push(`${id} was finished and came back`)
      if (expected.accepted <= at && expected.ending > at && entry === undefined) faults.push(`${id} is lost`)
      if (entry === undefined) continue
      if (expected.heldFrom <= at && entry.state !== 'held') faults.push(`${id} was held and is not`)
      for (const [job, from] of expected.done)
        if (from <= at && jobs.has(job)) faults.push(`${job} was delivered and waits again`)
    }
    for (const job of jobs.values()) {
      const expected = this.messages.get(job.id)
      if (expected === undefined) faults.push(`${job.id} was never sent`)
      else if (JSON.stringify(job.envelope) !== JSON.stringify(expected.envelope))
        faults.push(`${job.id} has another envelope`)
      else if (job.treatment?.kind === 'hold' || job.treatment?.kind === 'discard')
        faults.push(`${job.id} goes out though it was to be ${job.treatment.kind}`)
      else if (!(await contentOfJob(job)).equals(contentOf(job.id, expected.size)))
        faults.push(`${job.id} has another content`)
    }
    if (whole && spool.recovery.corrupt.length > 0)
      faults.push(`damage: ${JSON.stringify(spool.recovery.corrupt)}`)
    const damage = spool.recovery.missingContent.length
    if (damage > 0) faults.push(`${damage} contents are missing`)
    await spool.close()
    if (disk.openDescriptors > 0) faults.push(`${disk.openDescriptors} files were left open`)
    return faults
  }
}

/** True for a commit that contains a record of type copy. */
function hasCopy(blocks: Buffer): boolean {
  for (let at = 0; at + headerSize <= blocks.length; at += 16)
    if (blocks[at + 16] === recordTypes.copy && readHeader(blocks, at) !== undefined) return true
  return false
}

t.test('no acknowledged message is lost, wherever the power fails', async t => {
  for (const [seed, shares, growFrom] of [
    [7, [0, 1, 0.6], undefined],
    [8, [0], undefined],
    [9, [0], undefined],
    [10, [0], undefined],
    // Segments that grow, and those that do so while commits happen to be large.
    [15, [0, 1, 0.6], 0],
    [12, [0], 0],
    [13, [0, 0.6], 20_000],
  ] as const) {
    const workload = await Workload.run('on', seed, growFrom)
    const { events } = workload.disk
    t.ok(events.length > 150, `${events.length} events`)
    t.ok(
      events.some(event => event.kind === 'rename' && event.to.includes('spare')),
      'segments went round',
    )
    t.ok(
      events.some(event => event.kind === 'write' && hasCopy(event.data)),
      'survivors were moved',
    )
    const cut = new PowerCut(events)
    const faults: string[] = []
    for (let at = 0; at <= events.length && faults.length < 10; at++) {
      cut.advance(at)
      for (const [variant, share] of shares.entries())
        for (const fault of await workload.faults(
          cut.cut(share, chances(at * 4 + variant)),
          at,
          share === 0 || share === 1,
        ))
          faults.push(`event ${at}, share ${share}: ${fault}`)
    }
    t.same(faults, [], `${events.length * shares.length} crashes`)
  }
})

t.test('a second crash, during the recovery from the first, loses nothing either', async t => {
  const workload = await Workload.run('on')
  const { events } = workload.disk
  const cut = new PowerCut(events)
  const faults: string[] = []
  for (let at = 0; at <= events.length; at += 9) {
    cut.advance(at)
    // First a power cut; or a kill, after which the page cache still holds what the disk does not.
    const killed = at % 2 === 0
    const disk = cut.cut(killed ? 1 : 0.6, chances(at))
    const second = new PowerCut(disk.events, disk, killed ? cut.cut(0, chances(at)) : disk)
    await (await open('/spool', { ...options, io: disk })).close()
    for (let event = 0; event <= disk.events.length; event += 3) {
      second.advance(event)
      for (const fault of await workload.faults(second.cut(event % 2 === 0 ? 0 : 0.5, chances(event)), at))
        faults.push(`event ${at}, then ${event}: ${fault}`)
    }
  }
  t.same(faults, [])
})

t.test('the same check finds the loss when nothing is synced', async t => {
  const workload = await Workload.run('off')
  const { events } = workload.disk
  const cut = new PowerCut(events)
  cut.advance(events.length - 1)
  t.ok(
    (await workload.faults(cut.cut(0, chances(1)), events.length - 1)).some(fault =>
      fault.endsWith('is lost'),
    ),
  )
})
