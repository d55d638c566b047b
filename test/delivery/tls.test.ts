/** TLS as a client: opportunistic, required, REQUIRETLS; and nothing from before it counts after it (promise 3). */
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { DeliverySettings } from '#delivery/delivery.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { Route } from '#mail/route.ts'
import type { Owner } from '../peers/process.ts'
import { startScript } from '../peers/scripted-server.ts'
import { selfSigned } from '../peers/self-signed.ts'
import { startRig } from './rig.ts'

const content = 'Subject: hi\r\n\r\ntext\r\n'
const offer = 'S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250-PIPELINING\nS: 250 STARTTLS\n'
const upgrade = `${offer}C: STARTTLS\nS: 220 go\nTLS\nC: EHLO *\nS: 250-mx\nS: 250 PIPELINING\n`
const transaction = 'C: MAIL *\nC: RCPT *\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nC...\nS: 250 done\n'

const files = await selfSigned(t, 'localhost')
const certificate = { cert: readFileSync(files.certificate, 'utf8'), key: readFileSync(files.key, 'utf8') }
const trusted: Partial<DeliverySettings> = { authorities: [certificate.cert] }
const quick = { deadlines: { connect: 2_000, greeting: 2_000, command: 2_000, data: 2_000 } }

async function attempt(
  test: Owner,
  scripts: readonly string[],
  settings: Partial<DeliverySettings> = {},
  envelope: Partial<Envelope> = {},
  name = 'localhost',
) {
  const server = await startScript(test, scripts, { certificate })
  const route: Route = {
    kind: 'hosts',
    key: 'tls',
    hosts: [{ name, protocol: 'smtp', addresses: ['127.0.0.1'], port: server.port, preference: 0 }],
  }
  const rig = startRig({ '*': route }, { ...quick, ...settings })
  rig.queue.add(rig.queue.envelope(['jo@example.com'], envelope), content)
  await rig.queue.settled(1)
  await rig.stop()
  return {
    server,
    rig,
    outcome: rig.queue.settlements[0]!.settlement.outcomes[0]!,
    event: rig.events.find(({ event }) => event === 'attempt')!,
  }
}

t.test('TLS is used when it is offered, whatever the certificate', async t => {
  const { server, outcome, event } = await attempt(t, [upgrade + transaction])
  t.match(outcome, { outcome: 'delivered' })
  t.match(event, { tls: 'TLSv1.3' })
  t.same(server.errors, [])
})

t.test('a certificate that holds is told apart', async t => {
  const { event } = await attempt(t, [upgrade + transaction], trusted)
  t.match(event, { tls: 'TLSv1.3 verified' })
})

t.test('TLS that is offered and does not work: the mail goes in the clear', async t => {
  const scripts = [`${offer}C: STARTTLS\nS: 454 4.7.0 no TLS today\nC: QUIT`, offer + transaction]
  const { outcome, event, server } = await attempt(t, scripts)
  t.match(outcome, { outcome: 'delivered' })
  t.notOk('tls' in event)
  t.equal(server.connections, 2)
})

t.test('a handshake that breaks: the mail goes in the clear', async t => {
  const { outcome } = await attempt(t, [`${offer}C: STARTTLS\nS: 220 go\nBREAK`, offer + transaction])
  t.match(outcome, { outcome: 'delivered' })
})

t.test('what the server sent behind its reply to STARTTLS is not read as if it came over TLS', async t => {
  const injected = `${offer}C: STARTTLS\nS: 220 go\nS: 250-mx\nS: 250 REQUIRETLS\nTLS\nC: EHLO *\nS: 250 mx\n`
  const { outcome, server } = await attempt(t, [injected], { tls: 'required', ...trusted })
  t.match(outcome, { outcome: 'deferred' })
  t.same(server.lines.slice(2), [], 'the client said nothing more')
})

t.test('half a reply behind STARTTLS is as bad', async t => {
  const { outcome } = await attempt(t, [`${offer}C: STARTTLS\nS| 220 go\\r\\n250-mx\nTLS\nSILENCE`], {
    tls: 'required',
  })
  t.match(outcome, { outcome: 'deferred' })
})

t.test('what was offered before TLS is forgotten', async t => {
  const { outcome, server } = await attempt(t, [
    `${offer.replace('PIPELINING', 'CHUNKING')}C: STARTTLS\nS: 220 go\nTLS\nC: EHLO *\nS: 250 mx\nC: MAIL *\nS: 250 ok\nC: RCPT *\nS: 250 ok\nC: DATA\nS: 354 go\nC...\nS: 250 done\n`,
  ])
  t.match(outcome, { outcome: 'delivered' })
  t.same(server.errors, [])
})

t.test('tls: required keeps mail back from a server without TLS', async t => {
  const { outcome } = await attempt(t, ['S: 220 mx\nC: EHLO *\nS: 250 mx\nC: QUIT'], { tls: 'required' })
  t.match(outcome, { outcome: 'deferred', text: /^4\.7\.4 .*does not offer STARTTLS/ })
})

t.test('tls: required keeps mail back from a server that cannot prove its name', async t => {
  const unknown = await attempt(t, [upgrade], { tls: 'required' })
  t.match(unknown.outcome, { outcome: 'deferred', text: /^4\.7\.5 .*DEPTH_ZERO_SELF_SIGNED_CERT/ })
  const other = await attempt(t, [upgrade], { tls: 'required', ...trusted }, {}, 'other.example')
  t.match(other.outcome, { outcome: 'deferred', text: /^4\.7\.5 .*ERR_TLS_CERT_ALTNAME_INVALID/ })
  const right = await attempt(t, [upgrade + transaction], { tls: 'required', ...trusted })
  t.match(right.outcome, { outcome: 'delivered' })
})

t.test('tls: off never asks for it', async t => {
  const { outcome } = await attempt(t, [offer + transaction], { tls: 'off' })
  t.match(outcome, { outcome: 'delivered' })
})

t.test('REQUIRETLS goes where it is offered over proven TLS', async t => {
  const offering = `${upgrade.replace(/PIPELINING\n$/, 'REQUIRETLS\n')}C: MAIL FROM:<sender@example.org> REQUIRETLS\nS: 250 ok\nC: RCPT *\nS: 250 ok\nC: DATA\nS: 354 go\nC...\nS: 250 done\n`
  const { outcome, server } = await attempt(t, [offering], trusted, { requireTls: true })
  t.match(outcome, { outcome: 'delivered' })
  t.same(server.errors, [])
})

t.test('REQUIRETLS goes nowhere else, and its sender is told', async t => {
  for (const [script, settings] of [
    ['S: 220 mx\nC: EHLO *\nS: 250 mx\nC: QUIT', trusted],
    [upgrade, trusted],
    [upgrade, {}],
  ] as const) {
    const { outcome, rig } = await attempt(t, [script], settings, { requireTls: true })
    t.match(outcome, { outcome: 'failed', text: /^5\.7\.30 / })
    const [notification] = rig.queue.received
    t.equal(notification!.envelope.requireTls, true, 'the notification is not sent in the clear either')
    t.match(notification!.content.toString(), 'Status: 5.7.30')
  }
})

t.test('a REQUIRETLS message that finds no host waits like any other', async t => {
  const { outcome } = await attempt(t, ['S: 421 4.3.2 later'], trusted, { requireTls: true })
  t.match(outcome, { outcome: 'deferred' })
})
