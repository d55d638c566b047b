/**
 * Promise 11, the whole product: a disk that fills up under load, and one that turns read-only.
 *
 * The kernel refuses to make a file system read-only while files on it are open for writing, which is what happens all the
 * same when it finds an error in it; so that one is played by the disk of the crash tests (test/crash/power-cut.c).
 */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { chances } from '../crash/memory-disk.ts'
import { buildPowerCut } from '../crash/processes.ts'
import { type Gateway, launch, launchReady, type Place, preparePlace } from '../crash/whole/gateway.ts'
import { Ledger } from '../crash/whole/ledger.ts'
import { mailSource } from '../crash/whole/mail.ts'
import { startNextHop } from '../crash/whole/next-hop.ts'
import { startSenders } from '../crash/whole/senders.ts'
import { canMount, smallDisk } from '../crash/whole/small-disk.ts'
import { until } from '../peers/ready.ts'

const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
const mebi = 2 ** 20

/** A gateway with its clients and its next hop, and what the clients were refused with. */
async function scene(t: Test, minimumFree: string, data?: string) {
  const ledger = new Ledger()
  const hop = await startNextHop(t, { deliver: (recipients, content) => ledger.deliver(recipients, content) })
  const place = await preparePlace(
    t,
    {
      nextHop: `127.0.0.1:${hop.port}`,
      spool: { segmentSize: '1MiB', inlineSize: '32KiB', memory: '1MiB', minimumFree },
      delivery: { retry: ['300ms'] },
    },
    data,
  )
  const next = mailSource({ chance: chances(seed), prefix: `d${seed}` })
  const refusals = new Map<number, number>()
  const send = () =>
    startSenders({
      ...{ port: place.port, connections: 6, next, ledger, again: true },
      onRefusal: ({ code }) => void refusals.set(code, (refusals.get(code) ?? 0) + 1),
    })
  return { ledger, hop, place, refusals, send }
}

const health = async (place: Place) => {
  const response = await fetch(`http://127.0.0.1:${place.managementPort}/healthz`)
  return { status: response.status, text: await response.text() }
}

const metrics = async (place: Place) =>
  (await fetch(`http://127.0.0.1:${place.managementPort}/metrics`)).text()

async function alarmed(t: Test, place: Place, gateway: Gateway, state: 'full' | 'failed') {
  await until('an operator can see it', async () => (await health(place)).status === 503)
  t.match((await health(place)).text, state === 'full' ? /no room.*452/ : /cannot be written.*451/)
  const text = await metrics(place)
  t.match(text, new RegExp(`sluice_storage_refusing_threads\\{reason="${state}"\\} [12]`))
  t.match(text, new RegExp(`sluice_refusals_total\\{reason="storage-${state}"\\} [1-9]`))
  t.match(gateway.program.output(), new RegExp(`storage-${state}`), 'an alarm is in the log')
}

async function recovered(t: Test, place: Place, gateway: Gateway) {
  await until('it is well again', async () => (await health(place)).status === 200)
  t.match(gateway.program.output(), /storage-recovered/)
}

for (const minimumFree of ['2MiB', '0B'])
  t.test(
    `a disk that fills up, ${minimumFree} of it kept free: 452, an alarm, and mail again when there is room`,
    { skip: !canMount && 'mounting a file system needs root' },
    async t => {
      t.comment(`CRASH_SEED=${seed}`)
      const disk = await smallDisk(t, 24 * mebi, 8 * mebi)
      const { ledger, hop, place, refusals, send } = await scene(t, minimumFree, join(disk.path, 'data'))
      hop.mood = 'later'
      const gateway = await launchReady(t, place)
      const senders = send()
      await until('a refusal', () => (refusals.get(452) ?? 0) >= 20, 60)
      await alarmed(t, place, gateway, 'full')
      await disk.free()
      await ledger.acknowledgedMore(20)
      await senders.stop()
      t.same(
        [...refusals.keys()].filter(code => code !== 452 && code !== 451),
        [],
        'clients are told to come again',
      )
      hop.mood = 'accept'
      await recovered(t, place, gateway)
      await gateway.empty()
      const verdict = ledger.close()
      t.comment(`${verdict.acknowledged} acknowledged, refused ${JSON.stringify([...refusals])}`)
      t.same(verdict.lost, [])
      t.same(verdict.faults, [])
      t.notMatch(gateway.program.output(), /Engine thread/, 'no thread died of it')
      await gateway.program.stop()
      if (minimumFree === '0B') return
      await disk.readOnly()
      const refused = await launch(place)
      t.equal(await refused.ready, 1, 'on a disk that is read-only from the beginning it does not start')
      t.match(refused.program.output(), /is on a read-only file system/)
    },
  )

t.test(
  'a gateway that was killed on a full disk starts on it, and delivers what it has',
  {
    skip: !canMount && 'mounting a file system needs root',
  },
  async t => {
    const disk = await smallDisk(t, 16 * mebi, 2 * mebi)
    const { ledger, hop, place, refusals, send } = await scene(t, '0B', join(disk.path, 'data'))
    hop.mood = 'later'
    const gateway = await launchReady(t, place)
    const senders = send()
    await until('a refusal', () => (refusals.get(452) ?? 0) >= 20, 60)
    const killed = performance.now()
    await gateway.kill()
    await Promise.all([senders.stop(), hop.quiet()])
    ledger.crash(killed)
    hop.mood = 'accept'
    const again = await launchReady(t, place)
    await until('all of it at the next hop', () => ledger.missing().length === 0, 60)
    await disk.free()
    await again.empty()
    const verdict = ledger.close()
    t.comment(`${verdict.acknowledged} acknowledged, ${verdict.duplicates} delivered again`)
    t.same(verdict.lost, [])
    t.same(verdict.faults, [])
  },
)

t.test(
  'a disk that turns read-only under load: 451, an alarm, and mail again when it is writable',
  async t => {
    t.comment(`CRASH_SEED=${seed}`)
    const { ledger, place, refusals, send } = await scene(t, '0B')
    const failure = join(place.directory, 'failure')
    const gateway = await launchReady(t, place, {
      LD_PRELOAD: buildPowerCut(t),
      POWER_CUT_DIRECTORY: place.data,
      POWER_CUT_FAIL: failure,
    })
    const senders = send()
    await ledger.acknowledgedMore(100)
    await writeFile(failure, '30')
    await until('a refusal', () => (refusals.get(451) ?? 0) >= 20, 60)
    await alarmed(t, place, gateway, 'failed')
    await rm(failure)
    await ledger.acknowledgedMore(100)
    await senders.stop()
    t.same([...refusals.keys()], [451])
    await recovered(t, place, gateway)
    await gateway.empty()
    const verdict = ledger.close()
    t.comment(`${verdict.acknowledged} acknowledged, refused ${JSON.stringify([...refusals])}`)
    t.same(verdict.lost, [])
    t.same(verdict.faults, [])
  },
)
