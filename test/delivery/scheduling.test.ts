/** Who goes when: reuse, fairness, back-off, shutdown. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import t from 'tap'
import type { Route } from '#mail/route.ts'
import { freePort } from '../peers/ready.ts'
import { startScript } from '../peers/scripted-server.ts'
import { startSink } from '../peers/smtp-sink.ts'
import { startRig, toPort } from './rig.ts'

const content = 'Subject: hi\r\n\r\ntext\r\n'
const greeting = 'S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250 PIPELINING\n'
const transaction = 'C: MAIL *\nC: RCPT *\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nC...\nS: 250 done\n'

t.test('message after message goes over one connection, up to the limit', async t => {
  const server = await startScript(t, [greeting + transaction.repeat(3)])
  const rig = startRig({ '*': toPort(server.port) }, { messagesPerConnection: 3, concurrencyPerNextHop: 1 })
  t.teardown(() => rig.stop())
  for (let count = 0; count < 6; count++)
    rig.queue.add(rig.queue.envelope([`jo@example${count % 2}.com`]), content)
  await rig.queue.settled(6)
  t.equal(server.connections, 2)
  t.same(server.errors, [])
})

t.test('a connection that the server closed while it idled costs no attempt', async t => {
  const server = await startScript(t, [`${greeting + transaction}BREAK`, greeting + transaction])
  const rig = startRig({ '*': toPort(server.port) })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  await rig.queue.settled(1)
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  await rig.queue.settled(2)
  t.ok(rig.queue.settlements.every(({ settlement }) => settlement.outcomes[0]!.outcome === 'delivered'))
  t.equal(server.connections, 2)
})

t.test('a transaction that was left open is reset before the next one', async t => {
  const server = await startScript(t, [
    `${greeting}C: MAIL *\nC: RCPT *\nC: DATA\nS: 250 ok\nS: 550 no\nS: 503 no\nC: RSET\n${transaction.replace('S: 250 ok', 'S: 250 reset\nS: 250 ok')}`,
  ])
  const rig = startRig({ '*': toPort(server.port) }, { concurrencyPerNextHop: 1 })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['no@example.com']), content)
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  await rig.queue.settled(2)
  t.match(rig.queue.settlements, [
    { settlement: { outcomes: [{ outcome: 'failed' }] } },
    { settlement: { outcomes: [{ outcome: 'delivered' }] } },
  ])
  t.same(server.errors, [])
})

t.test('a dead next hop is probed with one job, its others wait together, and nobody else waits', async t => {
  const sink = await startSink(t)
  const dead = await freePort()
  const rig = startRig({ 'dead.example': toPort(dead), '*': toPort(sink.port) }, { concurrency: 4 })
  t.teardown(() => rig.stop())
  for (let count = 0; count < 300; count++)
    rig.queue.add(rig.queue.envelope([`jo${count}@dead.example`]), content)
  for (let count = 0; count < 50; count++)
    rig.queue.add(rig.queue.envelope([`jo@alive${count}.example`]), content)
  const delivered = () => rig.events.filter(event => event.event === 'done').length
  while (delivered() < 50) await rig.queue.settled(rig.queue.settlements.length + 1)
  const tried = rig.events.filter(
    event => event.event === 'attempt' && event.domain === 'dead.example',
  ).length
  await rig.quiet()
  t.ok(tried <= 5, `${tried} of 300 jobs were tried`)
  t.equal(rig.queue.waiting.length, 300)
  const { destinations } = rig.delivery.status()
  t.match(
    destinations.find(({ lastFailure }) => lastFailure !== ''),
    { lastFailure: /ECONNREFUSED/ },
  )

  rig.clock.advance(70_000)
  rig.queue.wake()
  const again = () =>
    rig.events.filter(event => event.event === 'attempt' && event.domain === 'dead.example').length
  while (again() === tried) await rig.queue.settled(rig.queue.settlements.length + 1)
  await rig.quiet()
  t.equal(again(), tried + 1, 'after the pause one job is the probe')
})

t.test('a dead next hop that comes back gets all its mail', async t => {
  const port = await freePort()
  const rig = startRig({ '*': toPort(port) })
  t.teardown(() => rig.stop())
  for (let count = 0; count < 20; count++)
    rig.queue.add(rig.queue.envelope([`jo${count}@example.com`]), content)
  await rig.queue.settled(1)
  await rig.quiet()
  const server = await startScript(t, [greeting + transaction.repeat(20)], { port })
  // Over the memory of the dead address, too.
  rig.clock.advance(400_000)
  rig.queue.wake()
  while (rig.queue.waiting.length > 0) await rig.queue.settled(rig.queue.settlements.length + 1)
  t.equal(server.contents.length, 20)
})

t.test('tarpits take few slots, and others are served meanwhile', async t => {
  const tarpit = await startScript(t, [`${greeting}SILENCE`])
  const sink = await startSink(t)
  const rig = startRig({ 'tarpit.example': toPort(tarpit.port), '*': toPort(sink.port) }, { concurrency: 10 })
  t.teardown(() => rig.stop(0))
  for (let count = 0; count < 50; count++) rig.queue.add(rig.queue.envelope([`jo@tarpit.example`]), content)
  for (let count = 0; count < 50; count++)
    rig.queue.add(rig.queue.envelope([`jo@alive${count}.example`]), content)
  await rig.queue.settled(50)
  t.ok(rig.queue.settlements.every(({ settlement }) => settlement.outcomes[0]!.outcome === 'delivered'))
  t.ok(rig.delivery.status().active <= 5, 'a next hop begins with five connections')
})

t.test('even many tarpits leave a slot for a next hop that has none', async t => {
  const tarpit = await startScript(t, [`${greeting}SILENCE`])
  const sink = await startSink(t)
  const routes: Record<string, Route> = { '*': toPort(sink.port) }
  for (let count = 0; count < 9; count++)
    routes[`t${count}.example`] = { ...toPort(tarpit.port), key: `tarpit ${count}` } as Route
  const rig = startRig(routes, { concurrency: 10 })
  t.teardown(() => rig.stop(0))
  for (let count = 0; count < 90; count++)
    rig.queue.add(rig.queue.envelope([`jo@t${count % 9}.example`]), content)
  rig.queue.add(rig.queue.envelope(['jo@alive.example']), content)
  await rig.queue.settled(1)
  t.match(rig.queue.settlements[0]!, { job: { domain: 'alive.example' } })
})

t.test('no more connections than a next hop may have', async t => {
  let open = 0
  let most = 0
  const server = createServer(socket => {
    most = Math.max(most, ++open)
    socket.on('close', () => open--)
    answer(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const rig = startRig({ '*': toPort(port) }, { concurrencyPerNextHop: 3 })
  t.teardown(async () => {
    await rig.stop()
    server.close()
  })
  for (let count = 0; count < 200; count++)
    rig.queue.add(rig.queue.envelope([`jo@example${count}.com`]), content)
  await rig.queue.settled(200)
  t.ok(most <= 3, `${most} connections`)
})

/** A fast server without a script. */
function answer(socket: Socket): void {
  let inContent = false
  socket.setNoDelay()
  socket.write('220 mx\r\n')
  socket.on('error', () => undefined)
  socket.on('data', chunk => {
    for (const line of chunk.toString('latin1').split('\r\n').slice(0, -1)) {
      if (inContent) {
        if (line !== '.') continue
        inContent = false
        socket.write('250 done\r\n')
      } else if (line.startsWith('EHLO')) socket.write('250-mx\r\n250 PIPELINING\r\n')
      else if (line === 'DATA') {
        inContent = true
        socket.write('354 go\r\n')
      } else if (line === 'QUIT') socket.end('221 bye\r\n')
      else socket.write('250 ok\r\n')
    }
  })
}

t.test('a dead first host is passed over for a second one, and remembered', async t => {
  const server = await startScript(t, [greeting + transaction.repeat(5)])
  const dead = await freePort()
  const route: Route = {
    kind: 'hosts',
    key: 'two hosts',
    hosts: [
      { name: 'first', protocol: 'smtp', addresses: ['127.0.0.1'], port: dead, preference: 10 },
      { name: 'second', protocol: 'smtp', addresses: ['127.0.0.1'], port: server.port, preference: 20 },
    ],
  }
  const rig = startRig({ '*': route })
  t.teardown(() => rig.stop())
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  await rig.queue.settled(1)
  t.match(rig.events[0], {
    event: 'attempt',
    nextHop: `second[127.0.0.1]:${server.port}`,
    outcomes: [{ outcome: 'delivered' }],
  })
})

t.test('stop waits for the transaction under way and hands back what was not begun', async t => {
  let release: (() => void) | undefined
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.write('220 mx\r\n')
    socket.on('data', chunk => {
      const text = chunk.toString('latin1')
      if (text.startsWith('EHLO')) socket.write('250-mx\r\n250 PIPELINING\r\n')
      else if (text.startsWith('MAIL')) socket.write('250 ok\r\n250 ok\r\n354 go\r\n')
      else if (text.includes('\r\n.\r\n')) release = () => socket.write('250 done\r\n')
    })
    server.emit('client')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  t.teardown(() => server.close())
  const rig = startRig({ '*': toPort(port) }, { concurrencyPerNextHop: 1 })
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  rig.queue.add(rig.queue.envelope(['mo@example.com']), content)
  await once(server, 'client')
  while (release === undefined) await new Promise(resolve => setImmediate(resolve))
  const stopped = rig.stop(5_000)
  release()
  await stopped
  t.match(rig.queue.settlements, [{ settlement: { outcomes: [{ outcome: 'delivered' }] } }])
  t.equal(rig.queue.waiting.length, 1)
})

t.test('stop cuts what does not end in time, and the job waits again', async t => {
  const server = await startScript(t, [`${greeting}SILENCE`])
  const rig = startRig({ '*': toPort(server.port) })
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  while (server.lines.length === 0) await new Promise(resolve => setImmediate(resolve))
  const slow = rig.stop(60_000)
  await rig.stop(0)
  await slow
  t.equal(rig.queue.waiting.length, 1)
})

t.test('stop hands back a job whose connection is not made yet', async t => {
  const server = await startScript(t, ['SILENCE'])
  const rig = startRig({ '*': toPort(server.port) })
  rig.queue.add(rig.queue.envelope(['jo@example.com']), content)
  while (server.connections === 0) await new Promise(resolve => setImmediate(resolve))
  await rig.stop(60_000)
  t.match(rig.queue.settlements, [{ settlement: { outcomes: [], countsAsAttempt: false } }])
  t.equal(rig.queue.waiting[0]!.attempts, 0)
})

t.test('jobs of many domains under one name of the queue find their own ways', async t => {
  const one = await startScript(t, [greeting + transaction.repeat(20)])
  const other = await startScript(t, [greeting + transaction.repeat(20)])
  const dead = await freePort()
  const rig = startRig(
    { 'one.example': toPort(one.port), 'other.example': toPort(other.port), 'dead.example': toPort(dead) },
    {},
    { shared: true },
  )
  t.teardown(() => rig.stop())
  for (let count = 0; count < 20; count++)
    for (const domain of ['dead', 'one', 'other'])
      rig.queue.add(rig.queue.envelope([`jo@${domain}.example`]), content)
  while (rig.queue.waiting.some(({ domain }) => domain !== 'dead.example'))
    await rig.queue.settled(rig.queue.settlements.length + 1)
  t.equal(one.contents.length, 20)
  t.equal(other.contents.length, 20)
})

t.test('an operator who wants mail tried now is not told to wait for the end of a pause', async t => {
  const port = await freePort()
  const rig = startRig({ '*': toPort(port) })
  t.teardown(() => rig.stop())
  for (let count = 0; count < 10; count++)
    rig.queue.add(rig.queue.envelope([`jo${count}@example.com`]), content)
  await rig.queue.settled(1)
  await rig.quiet()
  const before = rig.events.length
  rig.queue.add(rig.queue.envelope(['new@example.com']), content)
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  t.equal(rig.events.length, before, 'new mail alone ends no pause')
  rig.queue.retry('example.com')
  while (rig.events.length === before) await rig.queue.settled(rig.queue.settlements.length + 1)
  await rig.quiet()
  t.equal(rig.events.length, before + 1, 'one probe')
})
