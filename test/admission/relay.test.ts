import t from 'tap'
import { createRelayRules } from '../../src/admission/relay.ts'
import { type Address, parseAddress } from '../../src/mail/address.ts'
import type { Client } from '../../src/mail/admission.ts'
import { client, configure, site } from './configuration.ts'

const rules = createRelayRules(configure(site))
const to = (text: string) => parseAddress(text, { smtputf8: true }) as Address
const reaches = (who: Client, address: string, by = rules) =>
  by.mayRelay(who) || by.recipient(who, to(address)) === undefined

t.test('a stranger reaches the domains that are named, and no other', async t => {
  for (const address of [
    'jo@example.org',
    'jo@EXAMPLE.ORG',
    '"a b"@example.org',
    'jo@xn--bcher-kva.example',
    'jo@bücher.example',
  ])
    t.ok(reaches(client(), address), address)
  for (const address of [
    ...['jo@example.net', 'jo@sub.example.org', 'jo@notexample.org', 'jo@org', 'jo@example.org.evil.example'],
    ...['jo@[203.0.113.25]', 'jo@[IPv6:2001:db8::1]', 'jo@localhost'],
  ])
    t.match(rules.recipient(client(), to(address)), { reason: 'relay-denied' }, address)
})

t.test('a stranger is not routed through our domains', async t => {
  for (const address of [
    'jo%other.example@example.org',
    'other.example!jo@example.org',
    '"jo@other.example"@example.org',
  ])
    t.match(rules.recipient(client(), to(address)), { reason: 'relay-denied', reply: { code: 550 } }, address)
})

t.test('who may relay reaches everybody', async t => {
  for (const [who, why] of [
    [client({ zone: 'inside', address: '10.1.2.3' }), 'a private address in the inside zone'],
    [client({ zone: 'inside', address: 'fd00::7' }), 'a private IPv6 address there'],
    [client({ address: '198.51.100.7' }), 'a listed network in the outside zone'],
    [client({ secure: true, user: 'jo' }), 'a user who signed in'],
    [client({ secure: true, certificate: 'ab'.repeat(32) }), 'a listed certificate, however it is written'],
  ] as const) {
    t.ok(reaches(who, 'jo@example.net'), why)
    t.ok(reaches(who, 'jo%other.example@example.net'), `${why}, also by a route`)
  }
})

t.test('who may not relay does not, wherever it comes from', async t => {
  for (const [who, why] of [
    [client({ zone: 'inside', address: '192.0.2.66' }), 'a public address in the inside zone'],
    [client({ address: '10.1.2.3' }), 'a private address in the outside zone'],
    [client({ address: '127.0.0.1' }), 'this machine in the outside zone, once domains are named'],
    [client({ address: '198.51.100.16' }), 'the neighbour of a listed network'],
    [client({ secure: true, certificate: 'cd'.repeat(32) }), 'another certificate'],
    [
      client({ zone: 'inside', secure: true, certificate: 'ab'.repeat(32) }),
      'a certificate of the other zone',
    ],
    [client({ zone: 'management', address: '10.1.2.3', user: 'jo' }), 'anybody in the management zone'],
  ] as const)
    t.notOk(reaches(who, 'jo@example.net'), why)
})

t.test('users relay only where they may', async t => {
  const strict = createRelayRules(
    configure({ ...site, zones: { outside: { listen: ['203.0.113.25:25'], relayForUsers: false } } }),
  )
  t.notOk(reaches(client({ user: 'jo' }), 'jo@example.net', strict))
})

t.test('while no domain is named, this machine reaches every domain and nobody else any', async t => {
  for (const domains of [{}, { '*': {} }] as Record<string, object>[]) {
    const trial = createRelayRules(configure({ domains }))
    t.ok(reaches(client({ address: '127.0.0.1' }), 'jo@example.net', trial))
    t.notOk(
      reaches(client({ address: '127.0.0.1' }), 'jo%other.example@example.net', trial),
      'no routes even then',
    )
    t.notOk(reaches(client(), 'jo@example.net', trial), 'a client that a proxy on this machine speaks for')
    const open = createRelayRules(configure({ domains, zones: { outside: { listen: ['203.0.113.25:25'] } } }))
    t.notOk(reaches(client({ address: '127.0.0.1' }), 'jo@example.net', open), 'a public listener')
    const half = createRelayRules(
      configure({ domains, zones: { outside: { listen: ['127.0.0.1:25', '203.0.113.25:25'] } } }),
    )
    t.notOk(reaches(client({ address: '127.0.0.1' }), 'jo@example.net', half), 'one of two')
  }
})

t.test('"*" beside domains opens nothing to the internet', async t => {
  const both = createRelayRules(configure({ ...site, domains: { 'example.org': {}, '*': {} } }))
  t.notOk(reaches(client(), 'jo@example.net', both))
  t.ok(reaches(client(), 'jo@example.org', both))
})
