import t from 'tap'
import type { Configuration, ConfigurationInput } from '#config/schema.ts'
import { schema } from '#config/schema.ts'
import { createResolver } from '#network/resolver.ts'
import { createRouter } from '#routing/router.ts'
import { a, aaaa, dnsName, mx, noData, type StubAnswer, servfail, startDnsStub } from '../peers/dns-stub.ts'
import type { Owner } from '../peers/process.ts'

const clock = { now: () => 0 }
const found = (...addresses: string[]): StubAnswer => ({ records: addresses.map(address => a(address)) })

async function router(
  owner: Owner,
  input: ConfigurationInput,
  answers: Readonly<Record<string, StubAnswer>> = {},
) {
  const stub = await startDnsStub(owner, answers)
  const configuration: Configuration = schema.parse({
    hostname: 'gate.example.net',
    ...input,
    delivery: { dns: [stub.server], ...input.delivery },
  })
  const resolver = createResolver({ servers: configuration.delivery.dns, clock })
  return { stub, route: createRouter(configuration, resolver).route }
}

const viaMx: ConfigurationInput = { nextHop: 'mx' }

t.test('the capture mailbox is where everything goes by default', async t => {
  const { route } = await router(t, { data: '/var/lib/sluice' })
  t.same(await route('example.org'), { kind: 'capture', directory: '/var/lib/sluice/capture' })
})

t.test('a domain goes to its own next hop, others to the general one', async t => {
  const { route } = await router(t, {
    nextHop: 'smtp://192.0.2.1:25',
    domains: { 'example.org': { nextHop: 'lmtp://[2001:db8::1]:24' }, 'example.com': {} },
  })
  t.match(await route('example.org'), {
    hosts: [{ name: '2001:db8::1', protocol: 'lmtp', addresses: ['2001:db8::1'], port: 24 }],
  })
  t.match(await route('example.com'), { key: 'smtp://192.0.2.1:25' })
  t.match(await route('__proto__'), { key: 'smtp://192.0.2.1:25' })
})

t.test('`*` stands for every domain without a next hop of its own', async t => {
  const { route } = await router(t, { domains: { '*': { nextHop: '192.0.2.9:2525' } } })
  t.match(await route('anything.example'), { key: 'smtp://192.0.2.9:2525' })
})

t.test('a list is tried in its order', async t => {
  const { route } = await router(
    t,
    { nextHop: ['hub.example:25', '192.0.2.2:26'] },
    { 'A hub.example': found('192.0.2.1') },
  )
  t.match(await route('example.org'), {
    kind: 'hosts',
    key: 'smtp://hub.example:25,smtp://192.0.2.2:26',
    hosts: [
      { name: 'hub.example', addresses: ['192.0.2.1'], preference: 0 },
      { name: '192.0.2.2', port: 26, preference: 1 },
    ],
  })
})

t.test('a next hop of the list without address is passed over; when none is left, mail waits', async t => {
  const { route } = await router(t, {
    nextHop: ['gone.example:25', '192.0.2.2:26'],
    domains: { 'lost.example': { nextHop: 'gone.example' } },
  })
  t.match(await route('example.org'), { hosts: [{ name: '192.0.2.2' }] })
  t.match(await route('lost.example'), {
    kind: 'failed',
    permanent: false,
    text: /^4\.4\.3 .*gone\.example does not exist/,
  })
})

t.test('LMTP over a UNIX socket', async t => {
  const { route } = await router(t, { nextHop: 'lmtp+unix:/run/dovecot/lmtp' })
  t.match(await route('example.org'), { hosts: [{ protocol: 'lmtp', addresses: ['/run/dovecot/lmtp'] }] })
})

t.test('a next hop that is this gateway itself is refused, and mail waits for the administrator', async t => {
  const zones = { outside: { listen: ['127.0.0.1:2525', '0.0.0.0:26'] } }
  for (const nextHop of ['127.0.0.1:2525', 'localhost:2525', '127.0.0.1:26']) {
    const { route } = await router(t, { nextHop, zones })
    const answer = await route('example.org')
    if (nextHop.startsWith('localhost'))
      t.match(answer, { hosts: [{ addresses: ['::1'] }] }, 'only ::1 is left')
    else t.match(answer, { kind: 'failed', permanent: false, reason: 'loop', text: /^4\.4\.6 / })
  }
})

t.test('MX hosts by preference, each with its addresses', async t => {
  const { route } = await router(t, viaMx, {
    'MX example.org': {
      records: [mx(20, 'b.example.org'), mx(10, 'a.example.org'), mx(10, 'c.example.org')],
    },
    'A a.example.org': found('192.0.2.1'),
    'AAAA a.example.org': { records: [aaaa(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)] },
    'A b.example.org': found('192.0.2.2'),
    'A c.example.org': found('192.0.2.3'),
  })
  t.match(await route('example.org'), {
    kind: 'hosts',
    hosts: [
      { name: 'a.example.org', addresses: ['2001:db8::1', '192.0.2.1'], port: 25, preference: 10 },
      { name: 'c.example.org', addresses: ['192.0.2.3'], preference: 10 },
      { name: 'b.example.org', addresses: ['192.0.2.2'], preference: 20 },
    ],
  })
})

t.test('domains with the same hosts share their key', async t => {
  const { route } = await router(t, viaMx, {
    'MX one.example': { records: [mx(10, 'mx.example')] },
    'MX two.example': { records: [mx(10, 'mx.example')] },
    'A mx.example': found('192.0.2.1'),
  })
  const [one, two] = await Promise.all([route('one.example'), route('two.example')])
  t.equal((one as { key: string }).key, (two as { key: string }).key)
})

t.test('without MX the domain is its own host', async t => {
  const { route } = await router(t, viaMx, { 'A example.org': found('192.0.2.1') })
  t.match(await route('example.org'), { hosts: [{ name: 'example.org', addresses: ['192.0.2.1'] }] })
})

const failures: Readonly<Record<string, readonly [Readonly<Record<string, StubAnswer>>, object]>> = {
  'null MX': [
    { 'MX example.org': { records: [mx(0, '.')] }, 'A example.org': found('192.0.2.1') },
    { permanent: true, reason: 'null-mx', text: /^556 5\.1\.10 / },
  ],
  'no such domain': [{}, { permanent: true, reason: 'domain-unknown', text: /^5\.1\.2 / }],
  'SERVFAIL for MX, even with an address': [
    { 'MX example.org': servfail, 'A example.org': found('192.0.2.1') },
    { permanent: false, reason: 'dns-failed', text: /^4\.4\.3 .*ESERVFAIL/ },
  ],
  'MX whose host does not exist does not fall back to the domain': [
    { 'MX example.org': { records: [mx(10, 'gone.example')] }, 'A example.org': found('192.0.2.1') },
    { permanent: true, reason: 'no-address', text: /^5\.4\.4 / },
  ],
  'MX whose host cannot be looked up': [
    {
      'MX example.org': { records: [mx(10, 'x.example')] },
      'A x.example': servfail,
      'AAAA x.example': servfail,
    },
    { permanent: false, reason: 'dns-failed' },
  ],
  'MX with nothing but unusable names': [
    { 'MX example.org': { records: [mx(10, dnsName('a b.example'))] } },
    { permanent: false, reason: 'dns-failed' },
  ],
  'an MX that is us by name': [
    {
      'MX example.org': { records: [mx(10, 'gate.example.net'), mx(20, 'b.example')] },
      'A b.example': found('192.0.2.2'),
    },
    { permanent: true, reason: 'loop', text: /^5\.4\.6 / },
  ],
  'addresses that DNS may not lead to': [
    {
      'MX example.org': { records: [mx(10, 'x.example')] },
      'A x.example': found('127.0.0.1', '0.0.0.0', '169.254.169.254', '224.0.0.1', '255.255.255.255'),
      'AAAA x.example': { records: [aaaa(0, 0, 0, 0, 0, 0, 0, 1), aaaa(0xfe80, 0, 0, 0, 0, 0, 0, 1)] },
    },
    { permanent: true, reason: 'address-ignored', text: /^5\.4\.4 .*mxIgnore/ },
  ],
  'an IPv4 loopback in the clothes of IPv6': [
    {
      'MX example.org': { records: [mx(10, 'x.example')] },
      'AAAA x.example': { records: [aaaa(0, 0, 0, 0, 0, 0xffff, 0x7f00, 1)] },
    },
    { permanent: true, reason: 'address-ignored' },
  ],
  'neither MX nor address': [
    { 'MX example.org': noData, 'A example.org': noData },
    { permanent: true, reason: 'no-address' },
  ],
}

for (const [title, [answers, expected]] of Object.entries(failures))
  t.test(title, async t => {
    const { route } = await router(t, viaMx, answers)
    t.match(await route('example.org'), { kind: 'failed', ...expected })
  })

t.test('where we are a backup, mail goes to better hosts only', async t => {
  const zones = { outside: { listen: ['192.0.2.7:25'] } }
  const { route } = await router(
    t,
    { ...viaMx, zones },
    {
      'MX example.org': {
        records: [mx(10, 'a.example'), mx(20, 'us.example'), mx(20, 'b.example'), mx(30, 'c.example')],
      },
      'A a.example': found('192.0.2.1'),
      'A us.example': found('192.0.2.7'),
      'A b.example': found('192.0.2.2'),
      'A c.example': found('192.0.2.3'),
    },
  )
  const answer = await route('example.org')
  t.equal(answer.kind, 'hosts')
  if (answer.kind === 'hosts')
    t.same(
      answer.hosts.map(({ name }) => name),
      ['a.example'],
    )
})

t.test('address literals need no DNS', async t => {
  const { route, stub } = await router(t, viaMx)
  t.match(await route('[192.0.2.1]'), { hosts: [{ addresses: ['192.0.2.1'], port: 25 }] })
  t.match(await route('[ipv6:2001:db8::1]'), { hosts: [{ addresses: ['2001:db8::1'] }] })
  t.match(await route('[127.0.0.1]'), { kind: 'failed', permanent: true })
  t.match(await route('[x-tag:stuff]'), { kind: 'failed', permanent: true })
  t.same(stub.questions, [])
})
