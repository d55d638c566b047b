import { BlockList } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import {
  addressWords,
  canonicalAddress,
  createNetworkSet,
  isLoopback,
  parseNetwork,
} from '../../src/network/cidr.ts'

t.test('an address has one canonical form', async t => {
  const rows: readonly (readonly [string, string | undefined, string])[] = [
    ['192.0.2.1', '192.0.2.1', 'IPv4'],
    ['::ffff:192.0.2.1', '192.0.2.1', 'IPv4 as a socket on :: reports it'],
    ['::FFFF:C000:0201', '192.0.2.1', 'the same in hexadecimal'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1', 'the same in full'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1', 'RFC 5952'],
    ['fe80::1%eth0', 'fe80::1', 'the zone index is ours alone'],
    ['::', '::', 'unspecified'],
    ['::1', '::1', 'loopback'],
    ['::192.0.2.1', '::c000:201', 'IPv4-compatible is IPv6, deprecated (RFC 4291 §2.5.5.1)'],
    ['192.0.2', undefined, 'three octets'],
    ['192.0.2.01', undefined, 'octal or decimal?'],
    ['2001:db8::1::2', undefined, 'two gaps'],
    ['localhost', undefined, 'a name'],
    ['', undefined, 'nothing'],
    ['[::1]', undefined, 'brackets'],
  ]
  for (const [text, expected, why] of rows) t.equal(canonicalAddress(text), expected, why)
})

t.test('words of an address are those of its bits', async t => {
  t.strictSame(addressWords('255.0.2.1'), [0xff000201])
  t.strictSame(addressWords('2001:db8::1:2:3'), [0x20010db8, 0, 1, 0x20003])
  t.strictSame(addressWords('::'), [0, 0, 0, 0])
})

t.test('words and text agree for every IPv6 address', async () => {
  fc.assert(
    fc.property(fc.ipV6(), text => {
      const canonical = canonicalAddress(text)!
      if (!canonical.includes(':')) return true
      const hexadecimal = addressWords(canonical)
        .map(word => word.toString(16).padStart(8, '0').replace(/^.{4}/, '$&:'))
        .join(':')
      return canonicalAddress(hexadecimal) === canonical
    }),
  )
})

t.test('a network is an address and a prefix', async t => {
  t.strictSame(parseNetwork('10.0.0.0/8'), { family: 'ipv4', address: '10.0.0.0', prefix: 8 })
  t.strictSame(parseNetwork('10.0.0.1'), { family: 'ipv4', address: '10.0.0.1', prefix: 32 })
  t.strictSame(parseNetwork('2001:DB8::/32'), { family: 'ipv6', address: '2001:db8::', prefix: 32 })
  t.strictSame(parseNetwork('::ffff:10.0.0.0/104'), { family: 'ipv4', address: '10.0.0.0', prefix: 8 })
  for (const wrong of [
    ...['', '/8', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0/8', '::/129', '10.0.0.0/8/8', 'a/8'],
    ...['10.0.0.0/255.0.0.0', ' 10.0.0.0/8', '10.0.0.0/8\n', 'fe80::%eth0/10', '::ffff:0.0.0.0/90'],
  ])
    t.equal(parseNetwork(wrong), undefined, JSON.stringify(wrong))
})

t.test('a set has the addresses of its networks and no others', async t => {
  const set = createNetworkSet(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '172.16.5.9/12'])
  for (const inside of ['10.0.0.0', '10.255.255.255', '192.0.2.7', '2001:db8:ffff::1', '172.31.255.255'])
    t.ok(set.has(inside), inside)
  for (const outside of [
    '9.255.255.255',
    '11.0.0.0',
    '192.0.2.8',
    '2001:db9::',
    '172.32.0.0',
    '::1',
    '::a00:1',
  ])
    t.notOk(set.has(outside), outside)
})

t.test('all of IPv6 is not IPv4, and the other way round', async t => {
  t.notOk(createNetworkSet(['::/0']).has('192.0.2.1'))
  t.notOk(createNetworkSet(['0.0.0.0/0']).has('2001:db8::1'))
})

t.test('an empty set has nobody, and a wrong network is told', async t => {
  t.notOk(createNetworkSet([]).has('127.0.0.1'))
  for (const nobody of ['', 'local', '1.2.3', 'fe80::1%eth0'])
    t.notOk(createNetworkSet(['0.0.0.0/0', '::/0']).has(nobody))
  t.throws(() => createNetworkSet(['10.0.0.0/40']), /10\.0\.0\.0\/40/)
})

t.test('loopback is 127.0.0.0/8 and ::1', async t => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1']) t.ok(isLoopback(address), address)
  for (const address of ['128.0.0.1', '::2', '::', '12.7.0.1', '::127.0.0.1'])
    t.notOk(isLoopback(address), address)
})

t.test('a set agrees with the BlockList of Node', async () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6()).map(text => canonicalAddress(text)!)
  fc.assert(
    fc.property(address, fc.nat(128), address, (network, bits, other) => {
      const family = network.includes(':') ? 'ipv6' : 'ipv4'
      const prefix = family === 'ipv4' ? bits % 33 : bits
      const list = new BlockList()
      list.addSubnet(network, prefix, family)
      const set = createNetworkSet([`${network}/${prefix}`])
      const sameFamily = other.includes(':') === network.includes(':')
      return set.has(network) && (!sameFamily || set.has(other) === list.check(other, family))
    }),
    { numRuns: 2_000 },
  )
})
