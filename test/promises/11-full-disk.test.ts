/**
 * Promise 11: a full disk, a read-only disk, an I/O error give 452/451 and an alarm: nothing acknowledged, nothing
 * corrupted. Here for the spool; what the client reads is the reply of the refusal.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { systemClock } from '#mail/clock.ts'
import { Receipt } from '#mail/receipt.ts'
import type { Refusal } from '#mail/refusal.ts'
import { openSpool, type Spool, type SpoolAlarm } from '#spool/spool.ts'
import { MemoryDisk } from '../crash/memory-disk.ts'
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

/** Alarms as they come, and a promise for the next of a name. */
function alarms(): {
  seen: SpoolAlarm[]
  onAlarm: (alarm: SpoolAlarm) => void
  next(name: string): Promise<void>
} {
  const seen: SpoolAlarm[] = []
  const waiting = new Map<string, () => void>()
  return {
    seen,
    onAlarm: alarm => {
      seen.push(alarm)
      waiting.get(alarm.name)?.()
    },
    next: name =>
      seen.some(alarm => alarm.name === name)
        ? Promise.resolve()
        : new Promise(resolve => {
            // The timers of the spool do not keep a process alive.
            const alive = setInterval(() => {}, 1_000)
            waiting.set(name, () => {
              clearInterval(alive)
              resolve()
            })
          }),
  }
}

const code = (outcome: Receipt | Refusal): number | 'receipt' =>
  outcome instanceof Receipt ? 'receipt' : outcome.reply.code

async function contents(spool: Spool): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for (const job of (await everything(spool)).values()) found.set(job.id, await contentOfJob(job))
  return found
}

t.test('an error of the disk is a 451 and an alarm; mail flows again when the disk does', async t => {
  for (const failure of ['write', 'sync'] as const) {
    const disk = new MemoryDisk()
    const { seen, onAlarm, next } = alarms()
    const spool = await open('/spool', { io: disk, onAlarm })
    const kept: string[] = []
    const send = async (size: number): Promise<Receipt | Refusal> => {
      const id = nextId()
      const outcome = await accept(spool, envelopeFor(id), contentOf(id, size))
      if (outcome instanceof Receipt) kept.push(id)
      return outcome
    }
    t.equal(code(await send(500)), 'receipt')
    let broken = true
    disk.fault = operation => {
      if (broken && operation === failure) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    }
    // Small content fails in the commit, large content in its own file.
    t.equal(code(await send(failure === 'write' ? 500 : 100_000)), 451)
    t.equal(code(await send(500)), 451, 'and the next one, without trying the disk')
    t.equal(seen.filter(alarm => alarm.name === 'storage-failed').length, 1, 'one alarm for one trouble')
    broken = false
    await next('storage-recovered')
    t.equal(code(await send(500)), 'receipt')
    await spool.close()
    const again = await open('/spool', { io: disk })
    t.same(
      [...(await contents(again)).keys()].sort(),
      kept.sort(),
      `${failure}: what was refused is not there`,
    )
    t.same(again.recovery.corrupt, [])
    await again.close()
  }
})

t.test('a delivery that could not be written down is written when the disk is back', async t => {
  const disk = new MemoryDisk()
  const { onAlarm, next } = alarms()
  const spool = await open('/spool', { io: disk, onAlarm })
  const id = nextId()
  await accept(spool, envelopeFor(id))
  const [job] = [...(await everything(spool)).values()]
  disk.fault = operation => {
    if (operation === 'write') throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
  }
  t.equal(spool.settle(job!, delivered(job!)), true)
  await next('storage-failed')
  disk.fault = () => {}
  await next('storage-recovered')
  await spool.retry({ ids: [] })
  await spool.close()
  const again = await open('/spool', { io: disk })
  t.equal(again.recovery.messages, 0)
  await again.close()
})

t.test('too little free space is a 452 and an alarm, before the disk is full', async t => {
  const disk = new MemoryDisk()
  const { onAlarm, next } = alarms()
  const spool = await open('/spool', { io: disk, onAlarm, minimumFree: 1000 })
  t.equal(code(await accept(spool, envelopeFor(nextId()))), 'receipt')
  disk.freeOctets = 999
  await next('storage-full')
  t.equal(code(await accept(spool, envelopeFor(nextId()))), 452)
  disk.freeOctets = 1000
  await next('storage-recovered')
  t.equal(code(await accept(spool, envelopeFor(nextId()))), 'receipt')
  await spool.close()
})

t.test('a queue on a full disk can be opened and delivered', async t => {
  const disk = new MemoryDisk()
  const spool = await open('/spool', { io: disk })
  await accept(spool, envelopeFor(nextId()))
  await spool.close()
  disk.fault = operation => {
    if (operation === 'write') throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
  }
  const again = await open('/spool', { io: disk })
  t.equal(code(await accept(again, envelopeFor(nextId()))), 452)
  t.equal((await contents(again)).size, 1)
  await again.close()
})

t.test('a directory that cannot be written is an error with a name', async t => {
  const directory = temporaryDirectory(t)
  writeFileSync(join(directory, 'file'), '')
  await t.rejects(open(join(directory, 'file')), { name: 'SpoolUnusable' })
  const disk = new MemoryDisk()
  disk.fault = operation => {
    if (operation === 'write')
      throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' })
  }
  await t.rejects(open('/spool', { io: disk }), { name: 'SpoolUnusable' })
})

t.test('on a real file system that fills up nothing acknowledged is lost', async t => {
  if (process.getuid?.() !== 0) {
    t.comment('mounting needs root: the disk in memory above has to do')
    return
  }
  const directory = smallFileSystem(t, 3 * 2 ** 20)
  const { onAlarm, next } = alarms()
  const options = {
    thread: 0,
    clock: systemClock,
    segmentSize: 2 ** 19,
    inlineSize: 2 ** 14,
    memory: 2 ** 18,
  }
  const spool = await openSpool({ directory, ...options, minimumFree: 2 ** 18, onAlarm })
  const kept = new Map<string, Buffer>()
  const send = async (size: number): Promise<number | 'receipt'> => {
    const id = nextId()
    const content = contentOf(id, size)
    const outcome = await accept(spool, { ...envelopeFor(id), receivedAt: Date.now() }, content)
    if (outcome instanceof Receipt) kept.set(id, content)
    return code(outcome)
  }
  // Faster than the free space is looked at: the disk itself has to say no.
  const codes = new Set<number | 'receipt'>()
  for (let number = 0; number < 600 && !codes.has(452); number++)
    codes.add(await send(number % 5 === 0 ? 60_000 : 9_000))
  t.same([...codes].sort(), [452, 'receipt'])
  t.equal(await send(10), 452)
  await next('storage-full')
  execFileSync('mount', ['-o', 'remount,size=12m', directory])
  await next('storage-recovered')
  t.equal(await send(60_000), 'receipt')
  await spool.close()

  const again = await openSpool({ directory, ...options, minimumFree: 0 })
  t.same(again.recovery.corrupt, [])
  const now = Date.now()
  const found = new Map<string, Buffer>()
  for (const job of (await everything(again, now)).values()) found.set(job.id, await contentOfJob(job))
  t.equal(found.size, kept.size)
  for (const [id, content] of kept) if (!found.get(id)?.equals(content)) t.fail(`${id} is lost or differs`)
  await again.close()
  t.throws(() => readFileSync(join(directory, 'lock')), 'the directory is free for the next process')
})

/** A tmpfs that goes with the test. */
function smallFileSystem(t: Test, octets: number): string {
  const directory = temporaryDirectory(t)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${octets}`, 'tmpfs', directory])
  t.teardown(() => {
    execFileSync('umount', ['-l', directory])
    rmSync(directory, { recursive: true, force: true })
  })
  return directory
}
