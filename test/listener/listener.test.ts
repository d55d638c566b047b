import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import t from 'tap'
import { openListener } from '#listener/listener.ts'
import type { Place } from '#mail/admission.ts'
import { refuse } from '#mail/refusal.ts'
import { shuttingDown, tooManyConnections, tooManyHandshakes } from '#mail/replies.ts'
import type { Dialogue, Peer } from '#mail/transport.ts'
import { selfSigned } from '#network/self-signed.ts'
import { HandTimers, OpenAdmission, settingsOf, world } from '../session/fakes.ts'
import { SmtpClient } from './client.ts'
import { contextFor, rig, until } from './rig.ts'

const envelope = 'MAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n'

/** Counts the places that are taken. */
class CountingAdmission extends OpenAdmission {
  connections = 0
  handshakes = 0
  override connect(): Place {
    this.connections++
    return this.#place(() => this.connections--)
  }
  override handshake(): Place {
    this.handshakes++
    return this.#place(() => this.handshakes--)
  }
  #place(release: () => void): Place {
    let held = true
    return {
      kind: 'place',
      release() {
        if (held) release()
        held = false
      },
    }
  }
}

const counting = () => {
  const admission = new CountingAdmission()
  const it = world()
  return { ...it, admission, host: { ...it.host, admission } }
}

/** A dialogue that does nothing but what is given. */
const dialogue = (methods: Partial<Dialogue>): Dialogue => ({
  begin() {},
  receive() {},
  secured() {},
  ended() {},
  closed() {},
  drain() {},
  terminate() {},
  ...methods,
})

t.test('a mail comes in, and one connection is one session from connected to disconnected', async t => {
  const it = await rig(t, { world: counting() })
  const client = await it.connect()
  t.match(await client.reply(), /^220 mx\.sluice\.test ESMTP/)
  t.match(await client.ask('EHLO client.example'), /250 LIMITS/)
  client.send(envelope)
  for (const code of ['250', '250', '354']) t.match(await client.reply(), new RegExp(`^${code} `))
  t.match(await client.ask('Subject: x\r\n\r\nhello\r\n.'), /^250 2\.0\.0 Accepted/)
  t.match(await client.ask('QUIT'), /^221 /)
  await client.rest()
  await until(() => it.events.at(-1)?.event === 'disconnected', 'disconnected')
  t.strictSame(
    it.events.map(({ event }) => event),
    ['connected', 'accepted', 'disconnected'],
  )
  t.equal(it.intake.stored.length, 1)
  t.match(it.intake.stored[0]!.content, /^Received: from client\.example \(\[127\.0\.0\.1\]\)\r\n/)
  t.equal(it.listener.connections, 0)
  t.equal((it.admission as CountingAdmission).connections, 0)
})

t.test('a client that sends all at once and closes its side is answered', async t => {
  const it = await rig(t)
  const client = await it.connect()
  client.socket.end(`EHLO client.example\r\n${envelope}hello\r\n.\r\nQUIT\r\n`)
  const answers = await client.rest()
  t.match(answers, /250 2\.0\.0 Accepted[^\n]*\r\n221 /)
  t.equal(it.intake.stored.length, 1)
})

t.test('STARTTLS makes the session secure and names cipher and client certificate', async t => {
  const from = counting()
  const it = await rig(t, { tls: 'starttls', requestClientCertificate: true, world: from })
  const pair = (await selfSigned('client.example', t.testdir())) as { certificate: string; key: string }
  const client = await it.connect()
  await client.reply()
  await client.ask('EHLO client.example')
  t.match(await client.ask('STARTTLS'), /^220 2\.0\.0 /)
  await client.startTls({ cert: pair.certificate, key: pair.key })
  t.match(await client.ask('MAIL FROM:<ann@client.example>'), /^503 /, 'HELO is forgotten')
  t.match(await client.ask('EHLO client.example'), /250-REQUIRETLS/)
  client.send(envelope)
  for (let reply = 0; reply < 3; reply++) await client.reply()
  t.match(await client.ask('hello\r\n.'), /^250 /)
  const { envelope: stored, content } = it.intake.stored[0]!
  t.equal(stored.origin.protocol, 'ESMTPS')
  t.match(stored.origin.tls, { version: /^TLSv1\.[23]$/, cipher: /^TLS_/ })
  t.match(content, /with ESMTPS\r\n\t\(TLSv1\.\d cipher TLS_/)
  t.equal(stored.origin.certificate, undefined, 'a certificate that is not listed means nothing')
  t.equal(from.admission.handshakes, 0, 'the place of the handshake is free again')
})

t.test('STARTTLS right behind a message waits for it, and reading goes on inside TLS', async t => {
  const it = await rig(t, { tls: 'starttls' })
  const client = await it.connect()
  await client.reply()
  await client.ask('EHLO client.example')
  client.send(envelope)
  for (let reply = 0; reply < 3; reply++) await client.reply()
  const stored = Promise.withResolvers<undefined>()
  const begun = Promise.withResolvers<void>()
  it.intake.before = () => {
    begun.resolve()
    return stored.promise
  }
  client.send('hello\r\n.\r\nSTARTTLS\r\n')
  await begun.promise
  stored.resolve(undefined)
  t.match(await client.reply(), /^250 2\.0\.0 Accepted/)
  t.match(await client.reply(), /^220 /)
  await client.startTls()
  t.match(await client.ask('EHLO client.example'), /250-REQUIRETLS/)
  t.match(await client.ask('NOOP'), /^250 /)
})

t.test('a listed client certificate is told to whoever decides, and stands in the envelope', async t => {
  const pair = (await selfSigned('client.example', t.testdir())) as { certificate: string; key: string }
  const fingerprint = new X509Certificate(pair.certificate).fingerprint256
  const settings = settingsOf({ zones: { outside: { relayForCertificates: [fingerprint] } } })
  const it = await rig(t, { tls: 'implicit', requestClientCertificate: true, world: world(settings) })
  const client = await it.connect({ cert: pair.certificate, key: pair.key })
  await client.reply()
  await client.ask('EHLO client.example')
  client.send(`${envelope}hello\r\n.\r\n`)
  for (let reply = 0; reply < 4; reply++) await client.reply()
  t.equal(it.intake.stored[0]!.envelope.origin.certificate, fingerprint.replaceAll(':', '').toLowerCase())
})

t.test('implicit TLS greets inside TLS', async t => {
  const from = counting()
  const it = await rig(t, { tls: 'implicit', world: from })
  const client = await it.connect({})
  t.match(await client.reply(), /^220 /)
  const hello = await client.ask('EHLO client.example')
  t.match(hello, /250 AUTH PLAIN LOGIN/)
  t.notMatch(hello, /STARTTLS/)
  t.match(await client.ask('AUTH PLAIN AGpvAHNlY3JldA=='), /^235 /)
  t.equal(from.admission.handshakes, 0)
  t.equal(from.admission.connections, 1)
  client.destroy()
  await until(() => from.admission.connections === 0, 'the place of the connection is free again')
})

t.test('plaintext that follows STARTTLS in its own packet is not acted on', async t => {
  const from = counting()
  const it = await rig(t, { tls: 'starttls', world: from })
  const client = await it.connect()
  await client.reply()
  await client.ask('EHLO client.example')
  t.match(await client.ask('STARTTLS'), /^220 /)
  client.send(`EHLO evil.example\r\n${envelope}`)
  t.notMatch(await client.rest(), /250/)
  t.equal(it.intake.stored.length, 0)
  t.match(
    it.events.filter(({ event }) => event === 'refused'),
    [{ reason: 'tls-failed', detail: /^ERR_SSL_/ }],
  )
  await until(() => it.listener.connections === 0, 'the connection is gone')
  t.equal(from.admission.handshakes, 0)
  t.equal(from.admission.connections, 0)
})

t.test('who may not connect is told why and leaves nothing behind', async t => {
  const it = await rig(t)
  it.admission.connect = () => refuse('connections-per-address', tooManyConnections, '200 of 200')
  const client = await it.connect()
  t.match(await client.rest(), /^421 4\.7\.0 /)
  t.match(it.events, [
    { event: 'refused', stage: 'connect', reason: 'connections-per-address', client: '127.0.0.1' },
  ])
  t.equal(it.listener.connections, 0)
})

t.test('without a place for its handshake a client keeps its session in the clear', async t => {
  const it = await rig(t, { tls: 'starttls' })
  it.admission.handshake = () => refuse('tls-handshakes', tooManyHandshakes)
  const client = await it.connect()
  await client.reply()
  await client.ask('EHLO client.example')
  t.match(await client.ask('STARTTLS'), /^454 4\.7\.0 /)
  t.match(await client.ask('NOOP'), /^250 /)
})

t.test('a handshake that fails is told once, one that is broken off is not', async t => {
  const from = counting()
  const it = await rig(t, { tls: 'implicit', world: from })
  const plain = connect({ port: it.listener.port, host: '127.0.0.1' })
  plain.on('error', () => {})
  plain.write('EHLO client.example\r\n')
  await until(() => it.events.length > 0, 'it is told')
  t.match(it.events, [{ event: 'refused', stage: 'connect', reason: 'tls-failed', detail: /^ERR_SSL_/ }])
  const broken = connect({ port: it.listener.port, host: '127.0.0.1' })
  broken.on('error', () => {})
  await until(() => from.admission.handshakes === 1, 'the handshake has begun')
  broken.destroy()
  await until(() => from.admission.connections === 0, 'both are gone')
  t.equal(it.events.length, 1)
})

t.test('an implicit handshake without a place is dropped', async t => {
  const it = await rig(t, { tls: 'implicit' })
  it.admission.handshake = () => refuse('tls-handshakes', tooManyHandshakes)
  const client = await it.connect()
  t.equal(await client.rest(), '')
  t.match(it.events, [{ event: 'refused', reason: 'tls-handshakes' }])
})

t.test('a handshake has an absolute deadline, before a session and within one', async t => {
  const timers = new HandTimers()
  const from = counting()
  const implicit = await rig(t, { tls: 'implicit', timers, world: from })
  const silent = await implicit.connect()
  await until(() => from.admission.handshakes === 1, 'the handshake has begun')
  timers.advance(29_999)
  silent.send('\x16\x03\x01\x02')
  timers.advance(1)
  await silent.rest()
  await until(() => from.admission.connections === 0, 'it is gone')
  t.match(from.events.at(-1), { event: 'refused', reason: 'deadline-handshake' })

  const explicit = await rig(t, { tls: 'starttls', timers, world: from })
  const stalled = await explicit.connect()
  await stalled.reply()
  await stalled.ask('EHLO client.example')
  await stalled.ask('STARTTLS')
  timers.advance(30_000)
  await stalled.rest()
  await until(() => from.admission.connections === 0, 'it is gone')
  t.equal(from.admission.handshakes, 0)
})

t.test('a PROXY header of a listed proxy names the client', async t => {
  const it = await rig(t, { proxyFrom: ['127.0.0.0/8'] })
  const one = await it.connect()
  one.send('PROXY TCP4 198.51.100.77 192.0.2.1 4711 25\r\n')
  t.match(await one.reply(), /^220 /)
  t.match(it.events.at(-1), { event: 'connected', client: '198.51.100.77', port: 4711 })

  const two = await it.connect()
  const signature = '\r\n\r\n\0\r\nQUIT\n'
  two.send(`${signature}\x21\x11\x00\x0c\xcb\x00\x71\x09\xc0\x00\x02\x01\x12\x67\x00\x19`)
  t.match(await two.reply(), /^220 /)
  t.match(it.events.at(-1), { event: 'connected', client: '203.0.113.9', port: 0x1267 })

  const local = await it.connect()
  local.send(`${signature}\x20\x00\x00\x00`)
  t.match(await local.reply(), /^220 /)
  t.match(it.events.at(-1), { event: 'connected', client: '127.0.0.1' })

  const wrong = await it.connect()
  wrong.send('EHLO client.example\r\n')
  t.equal(await wrong.rest(), '')
  t.match(it.events.at(-1), { event: 'refused', reason: 'proxy-header' })
  t.equal(it.listener.connections, 3)
})

t.test('what follows the PROXY header in its packet is not lost, nor is an early talker', async t => {
  const it = await rig(t, { proxyFrom: ['127.0.0.1'] })
  it.admission.delay = 60_000
  const client = await it.connect()
  client.send('PROXY TCP4 198.51.100.77 192.0.2.1 4711 25\r\nEHLO client.example\r\n')
  t.match(await client.rest(), /^554 5\.5\.1 /)
  t.match(
    it.events.filter(({ event }) => event === 'refused'),
    [{ reason: 'early-talker', client: '198.51.100.77' }],
  )
})

t.test('a PROXY header of somebody who is not listed is a command like another', async t => {
  const it = await rig(t, { proxyFrom: ['192.0.2.0/24'] })
  const client = await it.connect()
  await client.reply()
  t.match(await client.ask('PROXY TCP4 198.51.100.77 192.0.2.1 4711 25'), /^500 /)
  t.match(it.events[0], { event: 'connected', client: '127.0.0.1' })
})

t.test('a drain lets a message be finished and sends the idle away', async t => {
  const it = await rig(t)
  const idle = await it.connect()
  const sending = await it.connect()
  for (const client of [idle, sending]) await client.reply()
  await sending.ask('EHLO client.example')
  sending.send(envelope)
  for (let reply = 0; reply < 3; reply++) await sending.reply()
  const drained = it.listener.drain(60_000)
  t.match(await idle.rest(), /^421 4\.3\.2 /)
  t.match(await sending.ask('hello\r\n.'), /^250 2\.0\.0 /)
  t.match(await sending.rest(), /^421 4\.3\.2 /)
  await drained
  t.equal(it.listener.connections, 0)
  await t.rejects(SmtpClient.connect(it.listener.port))
})

t.test('a drain ends at its deadline', async t => {
  const it = await rig(t)
  const sending = await it.connect()
  await sending.reply()
  await sending.ask('EHLO client.example')
  sending.send(envelope)
  for (let reply = 0; reply < 3; reply++) await sending.reply()
  await it.listener.drain(0)
  t.equal(await sending.rest(), shuttingDown.wire)
  t.equal(it.intake.stored.length, 0)
  t.equal(it.intake.open_.size, 0, 'the content is forgotten')
})

t.test('who does not read what it is told is not read either', async t => {
  let received = 0
  const it = await rig(t, {
    open: (_peer, transport) =>
      dialogue({
        receive(chunk) {
          received += chunk.length
          transport.write('x'.repeat(100 * chunk.length))
        },
      }),
  })
  const socket = connect({ port: it.listener.port, host: '127.0.0.1' })
  t.teardown(() => socket.destroy())
  socket.pause()
  socket.on('error', () => {})
  const total = 8 * 2 ** 20
  socket.write(Buffer.alloc(total, 'y'))
  await until(() => received > 0 && socket.writableLength > 0, 'it has begun')
  const before = received
  t.ok(before < total / 2, `${before} octets were taken`)
  let heard = 0
  await new Promise<void>(resolve => {
    socket.on('data', chunk => {
      heard += chunk.length
      if (heard >= 100 * before + 1) resolve()
    })
    socket.resume()
  })
  t.ok(received > before, 'reading goes on once the answers are taken')
})

t.test('an exception in one dialogue ends that connection and no other', async t => {
  const peers: Peer[] = []
  const it = await rig(t, {
    open: (peer, transport) => {
      peers.push(peer)
      return dialogue({
        begin: () => transport.write('220 hello\r\n'),
        receive(chunk) {
          if (chunk.toString().startsWith('crash')) throw new Error('crashed')
          transport.write('250 fine\r\n')
        },
      })
    },
  })
  const [one, two] = [await it.connect(), await it.connect()]
  for (const client of [one, two]) await client.reply()
  one.send('crash\r\n')
  await one.rest()
  t.match(await two.ask('hello'), /^250 /)
  t.match(it.complaints, [{ message: 'crashed' }])
  t.equal(new Set(peers.map(({ session }) => session)).size, 2, 'sessions have names of their own')
})

t.test('every thread may listen on the same address', async t => {
  const one = await rig(t)
  const two = await openListener({
    zone: 'outside',
    listener: {
      address: '127.0.0.1',
      port: one.listener.port,
      tls: 'off',
      proxyFrom: [],
      requestClientCertificate: false,
    },
    admission: one.admission,
    track: one.host.track,
    timers: one.host.timers,
    handshakeDeadline: 1_000,
    complain: one.host.complain,
    open: () => dialogue({}),
  })
  t.equal(two.address, one.listener.address)
  await two.drain(0)
})

t.test('an address that cannot be had is an error of the operating system', async t => {
  const it = await rig(t)
  const impossible = openListener({
    zone: 'outside',
    listener: { address: '192.0.2.1', port: 0, tls: 'off', proxyFrom: [], requestClientCertificate: false },
    admission: it.admission,
    track: it.host.track,
    timers: it.host.timers,
    handshakeDeadline: 1_000,
    complain: it.host.complain,
    open: () => dialogue({}),
  })
  await t.rejects(impossible, { code: 'EADDRNOTAVAIL' })
})

t.test('a new certificate is used from the next handshake on', async t => {
  const it = await rig(t, { tls: 'implicit' })
  const serial = async (): Promise<string> => {
    const client = await it.connect({})
    await client.reply()
    return (client.socket as TLSSocket).getPeerX509Certificate()!.serialNumber
  }
  const before = await serial()
  t.equal(await serial(), before)
  it.listener.updateTls({ default: await contextFor(t) })
  t.not(await serial(), before)
})

t.test('smtp-server is the version whose private names we know', async t => {
  const installed = JSON.parse(readFileSync('node_modules/smtp-server/package.json', 'utf8'))
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  t.equal(installed.version, '3.21.6')
  t.equal(dependencies['smtp-server'], '3.21.6', 'pinned exactly')
  const server = [
    'connect',
    'updateSecureContext',
    '_acceptSocket',
    '_handleProxy',
    '_upgrade',
    '_resolveSNI',
    '_onError',
  ]
  const connection = [
    'init',
    'upgrade',
    'close',
    '_setListeners',
    '_createParser',
    '_armTimeout',
    '_onClose',
    '_onError',
  ]
  for (const name of server) t.type(SMTPServer.prototype[name as 'connect'], 'function', name)
  for (const name of connection) t.type(SMTPConnection.prototype[name as 'init'], 'function', name)
  const made = new SMTPServer({ logger: false })
  for (const name of ['connections', 'secureContext', '_pendingSockets', 'server']) t.ok(name in made, name)
})
