/** `sluice run` as a process: from the first mail to the last signal. */
import { connect } from 'node:net'
import t from 'tap'
import { rawClient } from '../peers/raw-client.ts'
import { until } from '../peers/ready.ts'
import { capturedMail, type Sluice, sluiceCommand, startSluice } from '../peers/sluice.ts'

const greeted = async (sluice: Sluice) => {
  const client = await rawClient(sluice.port)
  await client.reply()
  await client.command('EHLO client.test')
  return client
}

t.test('a mail is accepted, captured, counted and told', async t => {
  const sluice = await startSluice(t)
  const sent = await sluiceCommand(
    ...[
      'send',
      '--server',
      `127.0.0.1:${sluice.port}`,
      '--from',
      'me@example.org',
      '--to',
      'you@example.com',
    ],
    ...['--subject', 'Grüße', '--verbose'],
  )
  t.equal(sent.code, 0, sent.errors)
  const [, id] = /queued as (\S+)/.exec(sent.output) ?? []
  t.ok(id)
  const [mail] = await capturedMail(sluice, 1)
  t.match(mail, /^Subject: =\?utf-8\?B\?/m)
  t.match(mail, new RegExp(`\\bid ${id}\\b`), 'the Received field names it')

  const story = await until('the whole story', async () => {
    const { output } = await sluice.command('trace', 'YOU@example.com', '--json')
    const events = output
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
    return (
      events.some(event => event.event === 'disconnected') && events.some(e => e.event === 'done') && events
    )
  })
  t.same(
    story.map(event => event.event).filter(name => name !== 'disconnected'),
    ['connected', 'scanned', 'judged', 'accepted', 'attempt', 'done'],
  )
  t.match(
    (await sluice.command('trace', id!)).output,
    `accepted ${id} from <me@example.org> to <you@example.com>`,
  )
  t.equal((await sluice.command('trace', 'nobody@example.com')).code, 3)

  t.equal(await sluice.metric('sluice_messages_accepted_total'), 1)
  t.equal(await sluice.metric('sluice_commit_seconds_count'), 1)
  t.equal(await sluice.metric('sluice_threads'), 2)
  const health = await fetch(`http://127.0.0.1:${sluice.managementPort}/healthz`)
  t.equal(health.status, 200)
  t.match(await health.text(), 'serving: 2 of 2 engine threads')

  await t.test('a second process is refused on the same data, and on the same port', async t => {
    const same = await sluice.command('run')
    t.equal(same.code, 1)
    t.match(same.errors, /another program has that port|in use by process/)
    const data = await sluice.command(
      'run',
      '--listen',
      'outside=127.0.0.1:0',
      '--listen',
      'management=127.0.0.1:0',
    )
    t.equal(data.code, 1)
    t.match(data.errors, `is in use by process ${sluice.pid}`)
    t.equal(data.errors.trim().split('\n').length, 1, 'one sentence, no stack')
  })
})

const isRefused = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', error => resolve((error as NodeJS.ErrnoException).code === 'ECONNREFUSED'))
  })

t.test('SIGTERM lets a message that is under way be finished, and nobody new come in', async t => {
  const sluice = await startSluice(t)
  const [busy, idle] = [await greeted(sluice), await greeted(sluice)]
  await busy.command('MAIL FROM:<a@example.org>')
  await busy.command('RCPT TO:<b@example.com>')
  await busy.command('DATA')
  process.kill(sluice.pid, 'SIGTERM')
  t.equal((await idle.reply()).code, 421, 'who is idle is told to go')
  // One thread may close its door a moment before the other.
  await until('nobody is let in any more', () => isRefused(sluice.port))
  busy.send('Subject: last\r\n\r\nlast\r\n.\r\n')
  t.equal((await busy.reply()).code, 250)
  t.equal(await sluice.program.ended, 0)
  // It was delivered in the last moment, or waits on disk.
  const after = await sluice.restart()
  t.match(await capturedMail(after, 1), [/Subject: last/])
})

t.test('a second signal ends at once, with 0 and without losing what was acknowledged', async t => {
  const sluice = await startSluice(t)
  const client = await greeted(sluice)
  await client.command('MAIL FROM:<a@example.org>')
  process.kill(sluice.pid, 'SIGTERM')
  await until('the drain', () => sluice.output().includes('Draining'))
  process.kill(sluice.pid, 'SIGTERM')
  t.equal((await client.rest()).at(-1)?.code, 421)
  t.equal(await sluice.program.ended, 0)
})

t.test(
  'a Ctrl-C that comes from the terminal and from npm is one, and lets a message be finished',
  async t => {
    const sluice = await startSluice(t)
    const [busy, idle] = [await greeted(sluice), await greeted(sluice)]
    await busy.command('MAIL FROM:<a@example.org>')
    await busy.command('RCPT TO:<b@example.com>')
    await busy.command('DATA')
    process.kill(sluice.pid, 'SIGINT')
    process.kill(sluice.pid, 'SIGINT')
    t.equal((await idle.reply()).code, 421)
    busy.send('Subject: last\r\n\r\nlast\r\n.\r\n')
    t.equal((await busy.reply()).code, 250)
    t.equal(await sluice.program.ended, 0)
  },
)

const refusals: readonly (readonly [what: string, args: string[], code: number, sentence: RegExp])[] = [
  ['a zone that there is none', ['--listen', 'otside=127.0.0.1:1'], 2, /outside=127.0.0.1:1/],
  ['an address that is not ours', ['--listen', 'outside=192.0.2.1:2525'], 1, /192\.0\.2\.1/],
  ['a file that does not exist', ['--config', '/nonexistent.yaml'], 1, /nonexistent\.yaml/],
]
for (const [what, args, code, sentence] of refusals)
  t.test(`it does not start with ${what}, and says so in a sentence`, async t => {
    const ended = await sluiceCommand('run', '--data', t.testdir(), ...args)
    t.equal(ended.code, code, ended.errors)
    t.match(ended.errors, sentence)
    t.notMatch(ended.errors, /\n\s+at /)
  })
