/**
 * Promise 24, the half of the threads: one that dies anyway is replaced, its spool shard recovered, and nobody else
 * notices. The other half, an exception in one message, is proved with the sessions.
 */
import t from 'tap'
import { type RawClient, rawClient } from '../peers/raw-client.ts'
import { freePort, until } from '../peers/ready.ts'
import { capturedMail, type Sluice, startSluice } from '../peers/sluice.ts'

const threadOf = (id: string): number => {
  // 13 digits of base 32, the thread in bits 14 to 21 (src/mail/message-id.ts).
  const value = [...id].reduce(
    (sum, digit) => sum * 32n + BigInt('0123456789abcdefghjkmnpqrstvwxyz'.indexOf(digit)),
    0n,
  )
  return Number((value >> 14n) & 0xffn)
}

async function session(sluice: Sluice): Promise<RawClient> {
  const client = await rawClient(sluice.port)
  await client.reply()
  await client.command('EHLO client.test')
  return client
}

/** Sends one mail and resolves with its id. */
async function send(client: RawClient, subject: string): Promise<string> {
  await client.command('MAIL FROM:<a@example.org>')
  await client.command('RCPT TO:<b@example.com>')
  await client.command('DATA')
  client.send(`Subject: ${subject}\r\n\r\ntext\r\n.\r\n`)
  const { code, text } = await client.reply()
  if (code !== 250) throw new Error(text)
  return /queued as (\S+)/.exec(text)![1]!
}

/** Sessions until each thread has one: the kernel deals them out. */
async function sessionPerThread(sluice: Sluice): Promise<readonly [RawClient, RawClient]> {
  const found = new Map<number, RawClient>()
  await until('a session on each thread', async () => {
    const client = await session(sluice)
    const thread = threadOf(await send(client, 'which'))
    if (found.has(thread)) client.close()
    else found.set(thread, client)
    return found.size === 2
  })
  return [found.get(0)!, found.get(1)!]
}

const serving = (sluice: Sluice, restarts: number) =>
  until(`thread 0 serves again, restart ${restarts}`, async () => {
    const { threads } = await sluice.status()
    return threads[0]!.state === 'serving' && threads[0]!.restarts === restarts
  })

t.test('a thread that throws, and one that exits: the other goes on, the queue is recovered', async t => {
  const nobody = await freePort()
  const sluice = await startSluice(t, { nextHop: `127.0.0.1:${nobody}` })
  const [dying, living] = await sessionPerThread(sluice)
  const before = await sluice.command('queue', 'list', '--json').then(({ output }) => JSON.parse(output))
  const acknowledged = before.entries.map((entry: { id: string }) => entry.id)

  await living.command('MAIL FROM:<a@example.org>')
  let restarts = 0
  for (const how of ['throw', 'exit'] as const) {
    await sluice.ask({ ask: 'fail-thread', thread: 0, how })
    t.equal(
      (await living.command('RCPT TO:<b@example.com>')).code,
      250,
      `${how}: a session elsewhere goes on`,
    )
    await serving(sluice, ++restarts)
    const { output } = await sluice.command('queue', 'list', '--json')
    const ids = JSON.parse(output).entries.map((entry: { id: string }) => entry.id)
    t.same(ids, acknowledged, `${how}: every acknowledged message is in the queue`)
  }
  t.same(await dying.rest().then(replies => replies.map(reply => reply.code)), [], 'its own sessions are cut')
  t.equal(await sluice.metric('sluice_thread_restarts_total'), 2)
  t.equal(await sluice.metric('sluice_sessions_open'), 1, 'sessions of a dead thread are not counted as open')
  t.match(sluice.output(), /Engine thread 0 ended and is replaced in \d+ ms; the others go on/)
  t.equal(sluice.program.child.exitCode, null)

  await t.test('and what was queued is delivered by the new thread', async t => {
    await sluice.configure({ nextHop: 'capture' })
    await sluice.ask({ ask: 'reload' })
    await sluice.command('queue', 'retry', '--all')
    const mails = await capturedMail(sluice, acknowledged.length)
    t.equal(mails.length, acknowledged.length)
  })
})

t.test('only an engine that was started for tests fails on demand', async t => {
  const sluice = await startSluice(t, {}, { env: { SLUICE_TEST: '' } })
  await t.rejects(sluice.ask({ ask: 'fail-thread', thread: 0, how: 'exit' }), /started for tests/)
})
