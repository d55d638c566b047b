import t from 'tap'
import { attachAdmission, createAdmissionMemory } from '../../src/admission/admission.ts'
import { prefixesOf } from '../../src/admission/peer.ts'
import type { ConfigurationInput } from '../../src/config/schema.ts'
import { type Address, parseAddress } from '../../src/mail/address.ts'
import type { Client, Place } from '../../src/mail/admission.ts'
import { isRefusal, type Refusal } from '../../src/mail/refusal.ts'
import { client, configure, site } from './configuration.ts'

const minute = 60_000
const ours = parseAddress('jo@example.org') as Address
const foreign = parseAddress('jo@example.net') as Address

function start(limits: ConfigurationInput['limits'] = {}, more: ConfigurationInput = {}) {
  const time = { now: 29_000_000 * minute }
  const configuration = configure({ ...site, ...more, limits })
  const admission = attachAdmission(createAdmissionMemory(configuration, 2), configuration, 0, {
    now: () => time.now,
  })
  return { admission, time, configuration }
}

const placed = (answer: Place | Refusal): Place => {
  if (isRefusal(answer)) throw new Error(answer.reason)
  return answer
}

t.test('an address, its network and all together have a limit of connections', async t => {
  const { admission } = start({ connections: { perAddress: 2, perNetwork: 3, total: 4 } })
  const connect = (address: string) => admission.connect(client({ address }))
  const first = placed(connect('192.0.2.1'))
  placed(connect('192.0.2.1'))
  t.match(connect('192.0.2.1'), { reason: 'connections-per-address', reply: { code: 421 } })
  placed(connect('192.0.2.2'))
  t.match(connect('192.0.2.3'), { reason: 'connections-per-network', reply: { code: 421 } })
  placed(connect('198.51.100.1'))
  t.match(connect('198.51.100.2'), { reason: 'connections-total', reply: { code: 421 } })
  first.release()
  placed(connect('198.51.100.2'))
  t.equal(admission.figures().connections, 4)
})

t.test('a refused connection holds nothing', async t => {
  const { admission } = start({ connections: { perAddress: 1, perNetwork: 1, total: 9 } })
  const place = placed(admission.connect(client()))
  for (let attempt = 0; attempt < 20; attempt++)
    for (const address of ['192.0.2.66', '192.0.2.67'])
      t.ok(isRefusal(admission.connect(client({ address }))))
  place.release()
  t.equal(admission.figures().connections, 0)
  placed(admission.connect(client()))
})

t.test('a place that is released twice is given back once', async t => {
  const { admission } = start({ connections: { perAddress: 2 } })
  const [one] = [placed(admission.connect(client())), placed(admission.connect(client()))]
  one.release()
  one.release()
  placed(admission.connect(client()))
  t.ok(isRefusal(admission.connect(client())))
})

t.test('one IPv6 client is a /64, its network a /48', async t => {
  const { admission } = start({ connections: { perAddress: 1, perNetwork: 2, total: 9 } })
  const connect = (address: string) => admission.connect(client({ address }))
  placed(connect('2001:db8:1:1::1'))
  t.match(connect('2001:db8:1:1:ffff::2'), { reason: 'connections-per-address' })
  placed(connect('2001:db8:1:2::1'))
  t.match(connect('2001:db8:1:3::1'), { reason: 'connections-per-network' })
  placed(connect('2001:db8:2:1::1'))
  t.strictSame(prefixesOf('local'), prefixesOf('unix'), 'what is no address is one client')
  t.notSame(prefixesOf('32.1.13.184').network, prefixesOf('2001:db8::').network)
})

t.test('handshakes are bounded, and no client takes more than its share', async t => {
  const { admission } = start({ tlsHandshakes: 8 })
  const handshake = (address: string) => admission.handshake(client({ address }))
  const places = [placed(handshake('192.0.2.1')), placed(handshake('192.0.2.1'))]
  t.match(
    handshake('192.0.2.1'),
    { reason: 'tls-handshakes', reply: { code: 454 } },
    'a quarter of eight is two',
  )
  for (const address of ['192.0.2.2', '192.0.2.3', '192.0.2.4'])
    places.push(placed(handshake(address)), placed(handshake(address)))
  t.match(handshake('192.0.2.5'), { reason: 'tls-handshakes' }, 'all eight are taken')
  for (const place of places) place.release()
  placed(handshake('192.0.2.5'))
  t.equal(admission.figures().handshakes, 1)
})

t.test('connections, messages, recipients and errors have a rate', async t => {
  const { admission, time } = start({ rates: { connections: 2, messages: 2, recipients: 2, errors: 2 } })
  const who = client()
  for (let count = 0; count < 2; count++) placed(admission.connect(who)).release()
  t.match(admission.connect(who), { reason: 'connection-rate', reply: { code: 421 } })
  for (let count = 0; count < 2; count++) t.equal(admission.sender(who, ''), undefined)
  t.match(admission.sender(who, ''), { reason: 'message-rate', reply: { code: 450 } })
  for (let count = 0; count < 2; count++) t.equal(admission.recipient(who, ours), undefined)
  t.match(admission.recipient(who, ours), { reason: 'recipient-rate', reply: { code: 450 } })
  for (let count = 0; count < 2; count++) t.equal(admission.error(who), undefined)
  t.match(admission.error(who), { reason: 'error-rate', reply: { code: 421 } })
  t.equal(admission.sender(client({ address: '192.0.2.67' }), ''), undefined, 'others are not concerned')
  time.now += 2 * minute
  placed(admission.connect(who))
  t.equal(admission.sender(who, ''), undefined)
})

t.test('who made its errors for the minute does not get more by connecting again', async t => {
  const { admission, time } = start({ rates: { errors: 3 } })
  for (let count = 0; count < 4; count++) admission.error(client())
  t.match(admission.connect(client()), { reason: 'error-rate', reply: { code: 421 } })
  time.now += 2 * minute
  placed(admission.connect(client()))
})

t.test('rates do not apply to exempt networks, limits of connections do', async t => {
  const { admission } = start({
    connections: { perAddress: 5 },
    rates: { connections: 1, messages: 1, recipients: 1, errors: 1 },
    ratesExempt: ['192.0.2.0/24'],
  })
  for (let count = 0; count < 5; count++) {
    placed(admission.connect(client()))
    t.equal(admission.sender(client(), ''), undefined)
    t.equal(admission.recipient(client(), ours), undefined)
    t.equal(admission.error(client()), undefined)
  }
  t.match(admission.connect(client()), { reason: 'connections-per-address' })
})

t.test('a stranger waits for its greeting once', async t => {
  const { admission, time } = start({}, { session: { greetingDelay: '150ms', knownFor: '1h' } })
  t.equal(admission.greetingDelay(client()), 150)
  admission.behaved(client())
  t.equal(admission.greetingDelay(client()), 0)
  time.now += 61 * minute
  t.equal(admission.greetingDelay(client()), 150)
  for (const [who, why] of [
    [client({ address: '127.0.0.1' }), 'exempt'],
    [client({ address: '198.51.100.7' }), 'may relay'],
    [client({ zone: 'inside', address: '10.0.0.7' }), 'inside'],
  ] as const)
    t.equal(admission.greetingDelay(who), 0, why)
})

t.test('what a client may is asked anew when it has signed in', async t => {
  const { admission } = start()
  const before: Client = client()
  t.match(admission.recipient(before, foreign), { reason: 'relay-denied' })
  t.equal(admission.recipient({ ...before, secure: true, user: 'jo' }, foreign), undefined)
})

t.test('a fully qualified sender is asked for where the zone says so', async t => {
  const { admission } = start()
  const single = parseAddress('jo@server1') as Address
  t.match(admission.sender(client(), single), { reason: 'sender-not-fqdn' })
  t.equal(admission.sender(client({ zone: 'inside', address: '10.0.0.7' }), single), undefined)
})

t.test('a new configuration is in force at once, for clients that are connected as well', async t => {
  const { admission } = start({ connections: { perAddress: 1 } })
  const who = client()
  const place = placed(admission.connect(who))
  t.match(admission.recipient(who, foreign), { reason: 'relay-denied' })
  admission.reload(
    configure({ ...site, domains: { 'example.net': {} }, limits: { connections: { perAddress: 2 } } }),
  )
  t.equal(admission.recipient(who, foreign), undefined)
  t.match(admission.recipient(who, ours), { reason: 'relay-denied' })
  placed(admission.connect(who))
  t.match(admission.connect(who), { reason: 'connections-per-address' }, 'what was counted stays counted')
  place.release()
  placed(admission.connect(who))
})
