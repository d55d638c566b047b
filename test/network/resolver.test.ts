import t from 'tap'
import { createResolver, normalHostName } from '#network/resolver.ts'
import { a, aaaa, mx, noData, servfail, startDnsStub } from '../peers/dns-stub.ts'

const clockAt = (start = 0) => {
  let now = start
  return { now: () => now, advance: (milliseconds: number) => (now += milliseconds) }
}

t.test('MX records come by preference, in lower case, without trailing dot', async t => {
  const stub = await startDnsStub(t, {
    'MX example.org': { records: [mx(20, 'MX2.Example.org'), mx(10, 'mx1.example.org')] },
  })
  const resolver = createResolver({ servers: [stub.server], clock: clockAt() })
  t.same(await resolver.mx('Example.ORG.'), {
    kind: 'found',
    records: [
      { exchange: 'mx1.example.org', preference: 10 },
      { exchange: 'mx2.example.org', preference: 20 },
    ],
  })
})

t.test('addresses of both families come by turns', async t => {
  const stub = await startDnsStub(t, {
    'A mx.example': { records: [a('192.0.2.1'), a('192.0.2.2')] },
    'AAAA mx.example': { records: [aaaa(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)] },
  })
  const resolver = createResolver({ servers: [stub.server], clock: clockAt() })
  t.same(await resolver.addresses('mx.example'), {
    kind: 'found',
    records: ['2001:db8::1', '192.0.2.1', '192.0.2.2'],
  })
})

t.test('an IPv4 address in the clothes of IPv6 is IPv4', async t => {
  const stub = await startDnsStub(t, {
    'AAAA mx.example': { records: [aaaa(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201)] },
  })
  const resolver = createResolver({ servers: [stub.server], clock: clockAt() })
  t.same(await resolver.addresses('mx.example'), { kind: 'found', records: ['192.0.2.1'] })
})

t.test('no such name, no such record and no answer are three things', async t => {
  const stub = await startDnsStub(t, {
    'MX empty.example': noData,
    'MX broken.example': servfail,
    'A broken.example': servfail,
  })
  const resolver = createResolver({ servers: [stub.server], clock: clockAt() })
  t.equal((await resolver.mx('missing.example')).kind, 'missing')
  t.equal((await resolver.mx('empty.example')).kind, 'empty')
  t.same(await resolver.mx('broken.example'), { kind: 'failed', detail: 'ESERVFAIL' })
  t.equal((await resolver.addresses('broken.example')).kind, 'failed')
})

t.test('a silent server costs the deadline', async t => {
  const stub = await startDnsStub(t, { 'MX silent.example': 'silence' })
  const resolver = createResolver({ servers: [stub.server], clock: clockAt(), deadline: 300 })
  t.equal((await resolver.mx('silent.example')).kind, 'failed')
})

t.test('equal questions are asked once, and again when the answer is old', async t => {
  const stub = await startDnsStub(t, { 'A mx.example': { records: [a('192.0.2.1', 30)] } })
  const clock = clockAt()
  const resolver = createResolver({ servers: [stub.server], clock })
  await Promise.all([resolver.addresses('mx.example'), resolver.addresses('MX.example')])
  await resolver.addresses('mx.example')
  const asked = () => stub.questions.filter(question => question === 'A mx.example').length
  t.equal(asked(), 1)
  clock.advance(31_000)
  await resolver.addresses('mx.example')
  t.equal(asked(), 2)
})

t.test('failures are remembered for seconds only', async t => {
  const stub = await startDnsStub(t, { 'MX broken.example': servfail })
  const clock = clockAt()
  const resolver = createResolver({ servers: [stub.server], clock })
  await resolver.mx('broken.example')
  const before = stub.questions.length
  await resolver.mx('broken.example')
  t.equal(stub.questions.length, before)
  clock.advance(6_000)
  await resolver.mx('broken.example')
  t.ok(stub.questions.length > before)
})

t.test('what is no host name is never asked', async t => {
  const stub = await startDnsStub(t, {})
  const resolver = createResolver({ servers: [stub.server], clock: clockAt() })
  for (const name of [
    '',
    '.',
    'a b',
    'a..b',
    '-a.example',
    'x\r\ny',
    `${'a'.repeat(64)}.example`,
    'shared/17',
    '[192.0.2.1]',
  ])
    t.equal((await resolver.mx(name)).kind, 'missing', JSON.stringify(name))
  t.same(stub.questions, [])
})

t.test('names of the machine come from the system', async t => {
  const resolver = createResolver({ servers: [], clock: clockAt() })
  t.match(await resolver.system('localhost'), { kind: 'found', records: ['127.0.0.1'] })
})

t.test('a host name is letters, digits, hyphens and, since DNS has them, underscores', t => {
  t.equal(normalHostName('MX_1.Example.COM.'), 'mx_1.example.com')
  t.equal(normalHostName('xn--bcher-kva.example'), 'xn--bcher-kva.example')
  for (const name of [
    'a\\000b.example',
    'a b',
    'ü.example',
    'a.example\n',
    '*.example',
    `${'a.'.repeat(127)}aa`,
  ])
    t.equal(normalHostName(name), undefined, JSON.stringify(name))
  t.end()
})
