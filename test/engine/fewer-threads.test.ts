/** A queue outlives a change of the number of threads. */
import t from 'tap'
import { rawClient } from '../peers/raw-client.ts'
import { freePort } from '../peers/ready.ts'
import { capturedMail, startSluice } from '../peers/sluice.ts'

t.test('with fewer threads than shards, every shard is delivered and none is forgotten', async t => {
  const nobody = await freePort()
  const many = await startSluice(t, {
    threads: 4,
    nextHop: `127.0.0.1:${nobody}`,
    delivery: { retry: ['1h'] },
  })
  const count = 24
  for (let number = 0; number < count; number++) {
    const client = await rawClient(many.port)
    await client.reply()
    await client.command('EHLO client.test')
    await client.command('MAIL FROM:<a@example.org>')
    await client.command('RCPT TO:<b@example.com>')
    await client.command('DATA')
    client.send(`Subject: number ${number}.\r\n\r\n\r\n.\r\n`)
    t.equal((await client.reply()).code, 250)
    client.close()
  }
  await many.stop()

  await many.configure({ threads: 1, nextHop: 'capture' })
  const one = await many.restart()
  await one.ask({ ask: 'queue', call: { call: 'change', action: 'retry', query: {}, by: 'test' } })
  const mails = await capturedMail(one, count)
  const subjects = mails.map(mail => Number(/^Subject: number (\d+)\./m.exec(mail)![1])).sort((a, b) => a - b)
  t.same(
    subjects,
    Array.from({ length: count }, (_, number) => number),
  )
  t.equal((await one.status()).threads.length, 1)
})
