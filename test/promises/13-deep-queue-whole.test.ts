/**
 * Promise 13, the whole product: 20,000 messages wait for a destination that is dead. A restart is quick, and who lives is
 * served at once.
 *
 * The bounds are those of a machine that does other things, too; bench/ measures a million. DEEP_QUEUE sets the number.
 */
import t from 'tap'
import { chances } from '../crash/memory-disk.ts'
import { launchReady, preparePlace } from '../crash/whole/gateway.ts'
import { Ledger } from '../crash/whole/ledger.ts'
import { mailSource } from '../crash/whole/mail.ts'
import { startNextHop } from '../crash/whole/next-hop.ts'
import { startSenders } from '../crash/whole/senders.ts'
import { freePort } from '../peers/ready.ts'

const depth = Number(process.env.DEEP_QUEUE ?? 20_000)
const startBound = 10_000
const promptBound = 3_000

t.test(`${depth} messages for a dead destination delay neither a restart nor the others`, async t => {
  const living = new Ledger()
  const arrived = Promise.withResolvers<number>()
  const hop = await startNextHop(t, {
    deliver: (recipients, content) => {
      living.deliver(recipients, content)
      arrived.resolve(performance.now())
    },
  })
  const dead = await freePort()
  const place = await preparePlace(t, {
    nextHop: `127.0.0.1:${hop.port}`,
    domains: { '*': {}, 'dead.example': { nextHop: `127.0.0.1:${dead}` } },
    // Tried all the time, so that the dead are in the way as much as they can be.
    delivery: { retry: ['500ms'] },
  })

  const first = await launchReady(t, place)
  const waiting = new Ledger()
  const small = { largest: 400, broken: 0 }
  const deadMail = mailSource({ ...small, chance: chances(1), prefix: 'dead', domains: ['dead.example'] })
  const senders = startSenders({ port: place.port, connections: 20, next: deadMail, ledger: waiting })
  const began = performance.now()
  await waiting.acknowledgedMore(depth)
  await senders.stop()
  t.comment(`${waiting.acknowledged} accepted in ${Math.round(performance.now() - began)} ms`)
  await first.kill()

  const started = performance.now()
  const gateway = await launchReady(t, place)
  const ready = performance.now() - started
  const liveMail = mailSource({ ...small, chance: chances(2), prefix: 'live', domains: ['live.example'] })
  const one = startSenders({ port: place.port, connections: 1, next: liveMail, ledger: living })
  await living.acknowledgedMore(1)
  const accepted = performance.now()
  await one.stop()
  const delivered = (await arrived.promise) - accepted

  t.comment(
    `after a kill: ready in ${Math.round(ready)} ms, first 250 after ${Math.round(accepted - started)} ms`,
  )
  t.comment(`delivered ${Math.round(delivered)} ms after its 250`)
  t.ok(accepted - started < startBound, 'the restart is quick')
  t.ok(delivered < promptBound, 'who lives is served at once')
  const { messages } = await gateway.totals()
  t.ok(messages >= waiting.acknowledged, `all of the dead wait: ${messages}`)
  t.same(living.close().faults, [])
})
