/**
 * Promise 29, the half of the running engine: a wrong configuration is refused with line, reason and suggestion and the
 * running one stays in force; a right one is applied without dropping a session.
 */
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import t from 'tap'
import { rawClient } from '../peers/raw-client.ts'
import { freePort, until } from '../peers/ready.ts'
import { type Sluice, startSluice } from '../peers/sluice.ts'

const sizeOffered = async (sluice: Sluice, port = sluice.port): Promise<number> => {
  const client = await rawClient(port)
  await client.reply()
  const { text } = await client.command('EHLO client.test')
  client.close()
  return Number(/^SIZE (\d+)$/m.exec(text)?.[1])
}

/** SIGHUP, then the line of the log that says how it went. */
async function hangUp(sluice: Sluice, outcome: RegExp): Promise<void> {
  const from = sluice.output().length
  process.kill(sluice.pid, 'SIGHUP')
  await until(`the outcome of SIGHUP: ${outcome}`, () => outcome.test(sluice.output().slice(from)))
}

const inForce = /new configuration is in force/
const staysInForce = /running configuration stays in force/

t.test('SIGHUP', async t => {
  const sluice = await startSluice(t, { limits: { messageSize: '1MiB' } })
  const session = await rawClient(sluice.port)
  await session.reply()
  await session.command('EHLO client.test')
  await session.command('MAIL FROM:<a@example.org>')

  await t.test(
    'a wrong file changes nothing, and is explained in the log, in /healthz and in the status',
    async t => {
      const text = await readFile(sluice.configurationFile, 'utf8')
      await writeFile(sluice.configurationFile, text.replace('"messageSize": "1MiB"', '"mesageSize": "2MiB"'))
      await hangUp(sluice, staysInForce)
      t.equal(await sizeOffered(sluice), 2 ** 20)
      t.match(sluice.output(), /did you mean \\?"messageSize/)
      t.match(sluice.output(), /sluice\.yaml:\d+:\d+/)
      const { configurationProblems, state } = await sluice.status()
      t.equal(state, 'serving')
      t.match(configurationProblems[0], /mesageSize/)
      const health = await fetch(`http://127.0.0.1:${sluice.managementPort}/healthz`)
      t.equal(health.status, 200, 'it serves as before')
      t.match(await health.text(), /The last reload failed: .*mesageSize/)
      t.equal((await sluice.command('run')).code, 1, 'and it would not start with it')
    },
  )

  await t.test('a listener that cannot be opened makes the whole file wrong', async t => {
    await sluice.configure({
      limits: { messageSize: '3MiB' },
      zones: { inside: { listen: ['192.0.2.1:2525'] } },
    })
    await hangUp(sluice, staysInForce)
    t.equal(await sizeOffered(sluice), 2 ** 20)
  })

  await t.test('a right file counts at once, for running sessions from their next message on', async t => {
    const added = await freePort()
    await sluice.configure({
      limits: { messageSize: '4MiB' },
      threads: 3,
      zones: { inside: { listen: [`127.0.0.1:${added}`] } },
    })
    await hangUp(sluice, inForce)
    t.equal(await sizeOffered(sluice), 4 * 2 ** 20)
    t.equal(await sizeOffered(sluice, added), 4 * 2 ** 20, 'a new listener is open')
    const status = await sluice.status()
    t.same(status.configurationProblems, [])
    t.same(status.restartNeeded, ['threads'], 'what needs a restart is named')
    t.equal(status.threads.length, 2)
    t.equal((await session.command('RCPT TO:<b@example.com>')).code, 250, 'the session of before goes on')
    await session.command('DATA')
    session.send('Subject: x\r\n\r\nx\r\n.\r\n')
    t.equal((await session.reply()).code, 250)

    await t.test('a listener that is gone takes nobody any more, its sessions go on', async t => {
      const staying = await rawClient(added)
      await staying.reply()
      await sluice.configure({ limits: { messageSize: '4MiB' } })
      await hangUp(sluice, inForce)
      const refused = connect(added, '127.0.0.1')
      await t.rejects(once(refused, 'connect'), { code: 'ECONNREFUSED' })
      t.equal((await staying.command('NOOP')).code, 250)
      staying.close()
    })
  })
  session.close()
})
