/** Promise 10 when an engine thread dies under load: its sessions end, nothing that it acknowledged does. */
import t from 'tap'
import { chances } from '../crash/memory-disk.ts'
import { launchReady, preparePlace } from '../crash/whole/gateway.ts'
import { Ledger } from '../crash/whole/ledger.ts'
import { mailSource } from '../crash/whole/mail.ts'
import { startNextHop } from '../crash/whole/next-hop.ts'
import { startSenders } from '../crash/whole/senders.ts'
import { until } from '../peers/ready.ts'

const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)

t.test('threads that die under load lose nothing that they acknowledged', async t => {
  t.comment(`CRASH_SEED=${seed}`)
  const ledger = new Ledger()
  const hop = await startNextHop(t, { deliver: (recipients, content) => ledger.deliver(recipients, content) })
  const place = await preparePlace(t, {
    nextHop: `127.0.0.1:${hop.port}`,
    spool: { segmentSize: '1MiB', inlineSize: '32KiB', memory: '1MiB', minimumFree: '1MiB' },
    delivery: { retry: ['200ms', '1s'] },
  })
  const gateway = await launchReady(t, place)
  const next = mailSource({ chance: chances(seed), prefix: `t${seed}` })
  const senders = startSenders({ port: place.port, connections: 8, next, ledger, again: true })
  const deaths = [
    [0, 'throw'],
    [1, 'exit'],
    [0, 'exit'],
  ] as const
  const restarts = [0, 0]
  for (const [thread, how] of deaths) {
    await ledger.acknowledgedMore(100)
    const asked = performance.now()
    await gateway.ask({ ask: 'fail-thread', thread, how })
    restarts[thread]!++
    await until(`thread ${thread} is back`, async () => {
      const status = (await gateway.status()).threads[thread]!
      return status.state === 'serving' && status.restarts === restarts[thread]
    })
    ledger.crash(asked)
  }
  await ledger.acknowledgedMore(100)
  await senders.stop()
  await gateway.empty()
  const verdict = ledger.close()
  t.comment(`${verdict.acknowledged} acknowledged, ${verdict.duplicates} recipients got one twice`)
  t.same(verdict.lost, [])
  t.same(verdict.faults, [])
  t.equal(await gateway.program.stop(), undefined)
})
