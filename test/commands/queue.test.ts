/** `sluice queue` against a running engine and without one: both say the same. */
import t from 'tap'
import { loadConfiguration } from '../../src/config/load.ts'
import { openQueueAccess } from '../../src/engine/queue-access.ts'
import type { QueueQuery } from '../../src/mail/queue.ts'
import { rawClient } from '../peers/raw-client.ts'
import { freePort, until } from '../peers/ready.ts'
import { type Sluice, startSluice } from '../peers/sluice.ts'

async function fill(sluice: Sluice, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let number = 0; number < count; number++) {
    // A connection each: the kernel spreads them over the threads.
    const client = await rawClient(sluice.port)
    await client.reply()
    await client.command('EHLO client.test')
    await client.command(`MAIL FROM:<from${number}@example.org>`)
    await client.command(`RCPT TO:<to${number}@example.com>`)
    await client.command('DATA')
    client.send(`Subject: ${number}\r\n\r\nThe text\x1b[2J of ${number}\r\n.\r\n`)
    ids.push(/queued as (\S+)/.exec((await client.reply()).text)![1]!)
    client.close()
  }
  return ids
}

/** What `sluice queue list` asks, without a process for each question. */
async function list(sluice: Sluice, query: QueueQuery = {}) {
  const loaded = await loadConfiguration({ file: sluice.configurationFile })
  if (loaded.kind !== 'ok') throw new Error('the configuration is wrong')
  const access = await openQueueAccess(sluice.data, loaded.configuration)
  const listed = await access.ask({ call: 'list', query: { ...query, limit: 100 } })
  const totals = await access.ask({ call: 'totals' })
  await access.close()
  if (listed.call !== 'list' || totals.call !== 'totals') throw new Error('another answer')
  return { running: access.engine !== undefined, entries: listed.entries, totals: totals.totals }
}

t.test('the queue', async t => {
  const nobody = await freePort()
  const sluice = await startSluice(t, { nextHop: `127.0.0.1:${nobody}`, delivery: { retry: ['1h'] } })
  const ids = await fill(sluice, 6)
  await until(
    'a first attempt of all',
    async () => (await sluice.metric('sluice_delivery_attempts_total')) >= 1,
  )

  await t.test('of a running engine is listed, held, released and shown', async t => {
    const all = await list(sluice)
    t.ok(all.running)
    t.same(
      all.entries.map(entry => entry.id),
      ids,
      'oldest first, over all threads',
    )
    t.match(await sluice.command('queue', 'hold', ids[0]!, ids[1]!), { code: 0, output: /^Held 2 messages/ })
    t.same(
      (await list(sluice, { state: 'held' })).entries.map(entry => entry.id),
      ids.slice(0, 2),
    )
    await sluice.command('queue', 'release', ids[1]!, '--json')
    t.match(await sluice.command('queue', 'hold', '--sender', 'FROM5@'), {
      code: 0,
      output: /^Held 1 message\./,
    })
    const shown = await sluice.command('queue', 'show', ids[0]!)
    t.match(shown.output, /state +held/)
    t.match(shown.output, /The text\?\[2J of 0/, 'no escape sequence reaches the terminal')
    t.match(await sluice.command('queue', 'list'), { output: /6 messages \(2 held/ })
  })
  await t.test('refuses what could be meant otherwise', async t => {
    t.match(await sluice.command('queue', 'remove'), {
      code: 2,
      errors: /by id or by a filter, or say --all/,
    })
    t.match(await sluice.command('queue', 'remove', '--all'), {
      code: 1,
      errors: /6 messages match; say --yes/,
    })
    t.match(await sluice.command('queue', 'remove', '../etc'), { code: 2, errors: /not the id of a message/ })
    t.match(await sluice.command('queue', 'list', '--older-than', 'yesterday'), { code: 2, errors: /30m/ })
    t.match(await sluice.command('queue', 'show', '6h000000000000'.slice(0, 13)), { code: 3 })
    t.equal((await list(sluice)).totals.messages, 6, 'nothing was changed')
  })

  const before = await list(sluice)
  await sluice.stop()

  await t.test('of a stopped engine is the same, and can be changed, too', async t => {
    const after = await list(sluice)
    t.notOk(after.running)
    t.same(
      after.entries.map(({ id, state }) => [id, state]),
      before.entries.map(({ id, state }) => [id, state]),
    )
    t.match(await sluice.command('queue', 'remove', ids[2]!), { code: 0, output: /^Removed 1 message\./ })
    t.match(await sluice.command('queue', 'release', '--all'), { code: 0, output: /^Released 2 messages/ })
  })

  await t.test('is what the next engine starts with, and every change is in the story', async t => {
    await sluice.restart()
    const after = await list(sluice)
    t.ok(after.running)
    t.same(
      after.entries.map(entry => entry.id),
      ids.toSpliced(2, 1),
    )
    t.equal(after.totals.held, 0)
    const { output } = await sluice.command('trace', ids[2]!)
    t.match(output, `removed ${ids[2]} by`)
  })
})
