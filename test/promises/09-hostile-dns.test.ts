/**
 * Promise 9: DNS is hostile too. Any answer leads to a verdict, not to a crash, a hang or a flood.
 */
import fc from 'fast-check'
import t from 'tap'
import { schema } from '#config/schema.ts'
import type { Route } from '#mail/route.ts'
import { createResolver } from '#network/resolver.ts'
import { createRouter } from '#routing/router.ts'
import {
  a,
  aaaa,
  cname,
  dnsName,
  header,
  mx,
  questionSection,
  type StubAnswer,
  startDnsStub,
} from '../peers/dns-stub.ts'
import type { Owner } from '../peers/process.ts'

const domain = 'victim.example'

async function routeOf(
  owner: Owner,
  answers: Readonly<Record<string, StubAnswer>>,
  deadline = 3_000,
): Promise<Route> {
  const stub = await startDnsStub(owner, answers)
  const configuration = schema.parse({
    hostname: 'gate.example.net',
    nextHop: 'mx',
    delivery: { dns: [stub.server] },
  })
  const resolver = createResolver({ servers: [stub.server], clock: { now: Date.now }, deadline })
  return createRouter(configuration, resolver).route(domain)
}

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const good = { 'A mx.example': { records: [a('192.0.2.1')] } }

/** RDATA of MX whose name is what it is: pointers, lengths that lie. */
const mxRaw = (...octets: number[]) => mx(10, Buffer.from(octets))

const hostile: Readonly<Record<string, readonly [Readonly<Record<string, StubAnswer>>, object]>> = {
  'two thousand MX records: twenty are used': [
    {
      [`MX ${domain}`]: { records: many(2_000, index => mx(index, `mx${index}.example`)) },
      ...Object.fromEntries(many(2_000, index => [`A mx${index}.example`, { records: [a('192.0.2.1')] }])),
    },
    { kind: 'hosts' },
  ],
  'four thousand addresses of one host: sixteen are used': [
    {
      [`MX ${domain}`]: { records: [mx(10, 'mx.example')] },
      'A mx.example': { records: many(4_000, index => a(`192.0.${index >> 8}.${index & 255}`)) },
    },
    { kind: 'hosts' },
  ],
  'two thousand IPv6 addresses': [
    {
      [`MX ${domain}`]: { records: [mx(10, 'mx.example')] },
      'AAAA mx.example': { records: many(2_000, index => aaaa(0x2001, 0xdb8, 0, 0, 0, 0, 0, index)) },
    },
    { kind: 'hosts' },
  ],
  'a name that points to itself': [
    {
      [`MX ${domain}`]: {
        raw: query => Buffer.concat([header(0, 1), questionSection(query), selfPointer(query)]),
      },
      ...good,
    },
    { kind: 'failed', permanent: false },
  ],
  'two names that point to each other': [
    { [`MX ${domain}`]: { records: [mxRaw(0xc0, 0x2c, 0xc0, 0x2a)] }, ...good },
    { kind: 'failed' },
  ],
  'a label longer than the message': [
    { [`MX ${domain}`]: { records: [mxRaw(63, 97, 98)] }, ...good },
    { kind: 'failed' },
  ],
  'a CNAME chain in a ring': [
    {
      [`MX ${domain}`]: { records: [mx(10, 'mx.example')] },
      'A mx.example': { records: [cname('mx.example', 'b.example'), cname('b.example', 'mx.example')] },
    },
    { kind: 'failed' },
  ],
  'a long CNAME chain': [
    {
      [`MX ${domain}`]: { records: [mx(10, 'c0.example')] },
      'A c0.example': {
        records: [
          ...many(300, index => cname(`c${index}.example`, `c${index + 1}.example`)),
          { ...a('192.0.2.1'), name: 'c300.example' },
        ],
      },
    },
    {},
  ],
  'records of another type': [
    { [`MX ${domain}`]: { records: [{ type: 'TXT', data: Buffer.from('\x05hello') }, a('192.0.2.1')] } },
    { kind: 'failed' },
  ],
  'an MX record without room for its preference': [
    { [`MX ${domain}`]: { records: [{ type: 'MX', data: Buffer.from([0]) }] } },
    { kind: 'failed', permanent: false },
  ],
  'an A record of three octets': [
    {
      [`MX ${domain}`]: { records: [mx(10, 'mx.example')] },
      'A mx.example': { records: [{ type: 'A', data: Buffer.from([192, 0, 2]) }] },
    },
    { kind: 'failed' },
  ],
  'host names with line ends, spaces, NUL, quotes and brackets': [
    {
      [`MX ${domain}`]: {
        records: many(8, index =>
          mx(index, dnsName(['a\r\nb', 'a b', 'a\0b', 'a"b', 'a>b', '[192', 'a\\b', '\xff'][index]!)),
        ),
      },
    },
    { kind: 'failed', permanent: false },
  ],
  'a good host among them is used': [
    { [`MX ${domain}`]: { records: [mx(1, dnsName('a\r\nRCPT')), mx(2, 'mx.example')] }, ...good },
    { kind: 'hosts', hosts: [{ name: 'mx.example' }] },
  ],
  'truncated for ever': [
    { [`MX ${domain}`]: { raw: query => Buffer.concat([header(0, 0, true), questionSection(query)]) } },
    { kind: 'failed' },
  ],
  'an answer to another question': [
    {
      [`MX ${domain}`]: {
        raw: () => Buffer.concat([header(0, 0), dnsName('other.example'), Buffer.from([0, 15, 0, 1])]),
      },
    },
    { kind: 'failed', permanent: false },
  ],
  'an empty datagram': [
    { [`MX ${domain}`]: { raw: () => Buffer.alloc(0) } },
    { kind: 'failed', permanent: false },
  ],
  silence: [{ [`MX ${domain}`]: 'silence' }, { kind: 'failed', permanent: false }],
  'an answer that counts 65535 records and has none': [
    { [`MX ${domain}`]: { raw: query => Buffer.concat([header(0, 65_535), questionSection(query)]) } },
    { kind: 'failed', permanent: false },
  ],
  'TTL of 2^32 - 1': [
    {
      [`MX ${domain}`]: { records: [mx(10, 'mx.example')] },
      'A mx.example': { records: [a('192.0.2.1', 2 ** 32 - 1)] },
    },
    { kind: 'hosts' },
  ],
}

function selfPointer(query: Buffer): Buffer {
  const at = 12 + questionSection(query).length
  return Buffer.from([0xc0 | (at >> 8), at & 255, 0, 15, 0, 1, 0, 0, 0, 60, 0, 4, 0, 10, 0xc0, at & 255])
}

for (const [title, [answers, expected]] of Object.entries(hostile))
  t.test(title, async t => {
    const route = await routeOf(t, answers, /silence|empty|another question/.test(title) ? 300 : 3_000)
    t.match(route, expected)
    if (route.kind === 'hosts') {
      t.ok(route.hosts.length <= 20)
      t.ok(route.hosts.flatMap(({ addresses }) => addresses).length <= 16)
      for (const { name } of route.hosts) t.match(name, /^[a-z0-9._-]+$/)
    }
    if (route.kind === 'failed') t.match(route.text, /^(\d{3} )?[45]\.\d+\.\d+ [\x20-\x7e]+$/)
  })

t.test('random octets for an answer', async t => {
  let octets: Uint8Array = Buffer.alloc(0)
  const stub = await startDnsStub(t, {
    // Half of them begin as an answer should, so that something behind the header is read.
    [`MX ${domain}`]: {
      raw: query =>
        octets.length % 2 === 0 ? octets : Buffer.concat([header(0, 3), questionSection(query), octets]),
    },
  })
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async bytes => {
      octets = bytes
      const resolver = createResolver({ servers: [stub.server], clock: { now: Date.now }, deadline: 100 })
      const { kind } = await resolver.mx(domain)
      return ['found', 'empty', 'missing', 'failed'].includes(kind)
    }),
    { numRuns: 20 },
  )
})
