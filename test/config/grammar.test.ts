/**
 * Each grammar as a table: what is read, what it becomes, what is refused and what is suggested instead.
 */
import fc from 'fast-check'
import t from 'tap'
import {
  addressNumber,
  covers,
  network,
  readAddress,
  readEndpoint,
  readNetwork,
  readServer,
  writeEndpoint,
} from '../../src/config/grammar/address.ts'
import { readDomain } from '../../src/config/grammar/domain.ts'
import { readMailbox } from '../../src/config/grammar/mailbox.ts'
import { readNextHop, writeNextHop } from '../../src/config/grammar/next-hop.ts'
import { controlFlaw, isFlaw, quoted } from '../../src/config/grammar/reading.ts'
import { readSize, writeSize } from '../../src/config/grammar/size.ts'
import { readSpan, writeSpan } from '../../src/config/grammar/span.ts'
import { readFingerprint, readPath } from '../../src/config/grammar/texts.ts'

type Reader = (text: string) => unknown
/** Text, then its value, or for a refusal an array with the suggestion (empty: none). */
type Row = readonly [text: string, expected: unknown]

function table(name: string, read: Reader, rows: readonly Row[]): void {
  t.test(name, async t => {
    for (const [text, expected] of rows) {
      const value = read(text)
      const refused = isFlaw(value)
      t.equal(refused, Array.isArray(expected), `${JSON.stringify(text)} is ${refused ? 'refused' : 'read'}`)
      if (refused && Array.isArray(expected)) t.equal(value.suggestion, expected[0], `advice for ${text}`)
      else t.strictSame(value, expected, `value of ${text}`)
    }
  })
}

table('a size is a number with a binary unit', readSize, [
  ['0B', 0],
  ['1KiB', 1024],
  ['25MiB', 26_214_400],
  // A space is how most documents write it.
  ['512 KiB', 524_288],
  ['2TiB', 2 * 2 ** 40],
  // Decimal units are what everybody types first; the advice keeps the number.
  ['50MB', ['50MiB']],
  ['50m', ['50MiB']],
  ['1.5 GB', ['1536MiB']],
  ['100', ['100B']],
  // Nothing to guess from.
  ['lots', [undefined]],
  ['', [undefined]],
  ['-1MiB', [undefined]],
  // Larger than a number can hold exactly: a limit that is off by some octets is no limit.
  ['999999999999999TiB', [undefined]],
])

table('a span is a number with a unit', readSpan, [
  ['100ms', 100],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['5d', 432_000_000],
  // Seconds or minutes? The advice says which reading it would be.
  ['30', ['30s']],
  ['5 min', ['5m']],
  ['1h30m', ['90m']],
  ['2 weeks', ['14d']],
  ['0.5h', ['30m']],
  ['soon', [undefined]],
  ['5x', [undefined]],
  ['', [undefined]],
])

table('an address is an IP address in canonical form', readAddress, [
  ['192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  // One spelling for one host: access lists compare texts.
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  // inet_aton would read octal.
  ['010.0.0.1', [undefined]],
  ['192.0.2', [undefined]],
  ['localhost', ['127.0.0.1']],
  ['192.0.2.1%eth0', [undefined]],
  ['fe80::1%e th', [undefined]],
  ['fe80::1%a%b', [undefined]],
])

table('a network has no bits behind its prefix', readNetwork, [
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['FC00::/7', 'fc00::/7'],
  ['192.0.2.1', '192.0.2.1/32'],
  ['2001:db8::1', '2001:db8::1/128'],
  // The kernel shows such clients as IPv4, so that is what must be listed.
  ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
  // Meant was either the host or the net: the advice shows what the program would have understood.
  ['10.1.2.3/8', ['10.0.0.0/8']],
  ['2001:db8::1/32', ['2001:db8::/32']],
  ['10.0.0.0/255.0.0.0', ['write the prefix length /8']],
  ['10.0.0.0/33', [undefined]],
  ['10.0.0.0/8/8', ['write ADDRESS/PREFIX']],
  ['fe80::1%eth0/64', ['write ADDRESS/PREFIX']],
  ['::ffff:10.0.0.0/8', [undefined]],
  ['10.0.0.0/', [undefined]],
])

table('a listener is ADDRESS:PORT, IPv6 in brackets', readEndpoint, [
  ['127.0.0.1:2525', { address: '127.0.0.1', port: 2525 }],
  ['[::1]:25', { address: '::1', port: 25 }],
  ['0.0.0.0:0', { address: '0.0.0.0', port: 0 }],
  // 2001:db8::1:25 is an address of its own; which reading is meant, nobody knows.
  ['::1:25', ['[::1]:25']],
  ['2525', ['127.0.0.1:2525']],
  ['192.0.2.1', ['192.0.2.1:25']],
  ['localhost:25', ['127.0.0.1:25']],
  ['*:25', ['0.0.0.0:25']],
  [':25', ['0.0.0.0:25']],
  ['[192.0.2.1]:25', ['192.0.2.1:25']],
  ['192.0.2.1:65536', [undefined]],
  ['mail.example.org:25', [undefined]],
])

table('a DNS server is an address with or without a port', readServer, [
  ['10.0.0.53', '10.0.0.53:53'],
  ['2001:db8::53', '[2001:db8::53]:53'],
  ['[2001:db8::53]:5353', '[2001:db8::53]:5353'],
  ['dns.example.org', [undefined]],
])

table('a mail address is that of a mailbox, in lower case', readMailbox, [
  ['Jo@Example.ORG', 'jo@example.org'],
  ['"a b"@example.org', '"a b"@example.org'],
  ['jö@bücher.example', 'jö@xn--bcher-kva.example'],
  // As it is copied out of a mail program.
  ['Jo <jo@example.org>', ['jo@example.org']],
  ['jo', ['jo@example.org']],
  ['@example.org', [undefined]],
  ['', ['@example.org']],
])

table('a domain is a host name in A-labels', readDomain, [
  ['Example.ORG', 'example.org'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['jo@example.org', ['example.org']],
  ['example.org.', ['example.org']],
  ['*.example.org', ['example.org']],
  ['192.0.2.1', [undefined]],
  ['exa mple.org', [undefined]],
  ['-a.example', [undefined]],
  ['a..example', [undefined]],
  ['', [undefined]],
])

table('a next hop is one of five forms', readNextHop, [
  ['capture', { kind: 'capture' }],
  ['mx', { kind: 'mx' }],
  ['hub.Example.org', { kind: 'smtp', host: 'hub.example.org', port: 25 }],
  ['10.0.0.20:2525', { kind: 'smtp', host: '10.0.0.20', port: 2525 }],
  ['[2001:db8::20]:25', { kind: 'smtp', host: '2001:db8::20', port: 25 }],
  ['2001:db8::20', ['[2001:db8::20]:25']],
  ['smtp://localhost:2526', { kind: 'smtp', host: 'localhost', port: 2526 }],
  ['lmtp://10.0.0.30', { kind: 'lmtp', host: '10.0.0.30', port: 24 }],
  ['lmtp+unix:/run/dovecot/lmtp', { kind: 'lmtp-socket', path: '/run/dovecot/lmtp' }],
  ['lmtp+unix:///run/dovecot/lmtp', ['lmtp+unix:/run/dovecot/lmtp']],
  // sun_path has 108 octets.
  [`lmtp+unix:/${'a'.repeat(107)}`, [undefined]],
  // TLS on port 465 is not spoken to next hops; STARTTLS on 25 is what the operator wants.
  ['smtps://hub.example.org:465', ['smtp://hub.example.org']],
  ['MX', ['mx']],
  ['http://hub.example.org', ['smtp:// or lmtp://']],
  ['smtp:/hub', ['smtp://hub']],
  ['hub.example.org:0', [undefined]],
  ['hub.example.org:65536', [undefined]],
  ['[hub.example.org]:25', [undefined]],
  ['hub:25:25', [undefined]],
  ['', [undefined]],
])

table('a fingerprint is SHA-256', readFingerprint, [
  ['AB:'.repeat(31).concat('CD'), `${'ab'.repeat(31)}cd`],
  ['ab'.repeat(20), ['openssl x509 -noout -fingerprint -sha256 -in FILE']],
  ['zz'.repeat(32), [undefined]],
])

table('a path is whole', readPath, [
  ['/var/lib/sluice', '/var/lib/sluice'],
  ['./data', './data'],
  ['~/data', ['write the whole path']],
  ['', [undefined]],
])

t.test('no control character, line separator or direction mark gets into any text', async t => {
  for (const hidden of [
    '\r',
    '\n',
    '\0',
    '\t',
    '\x1b',
    '\x7f',
    '\x85',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ud800',
  ])
    t.ok(controlFlaw(`a${hidden}b`), `U+${hidden.charCodeAt(0).toString(16)}`)
  t.equal(controlFlaw('bücher.example'), undefined)
  t.notMatch(quoted('a\u009b31m\u202eb'), /[\u0080-\u009f\u202e]/)
})

t.test('what is written is read to the same value again', async t => {
  const whole = fc.integer({ min: 0, max: 2 ** 45 })
  fc.assert(fc.property(whole, octets => readSize(writeSize(octets)) === octets))
  fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999 }), span => readSpan(writeSpan(span)) === span))
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 65_535 }), (text, port) => {
      const address = readAddress(text) as string
      const again = readEndpoint(writeEndpoint({ address, port }))
      return !isFlaw(again) && again.address === address && again.port === port
    }),
  )
  fc.assert(
    fc.property(fc.string(), text => {
      const hop = readNextHop(text)
      if (isFlaw(hop)) return true
      const again = readNextHop(writeNextHop(hop))
      return !isFlaw(again) && writeNextHop(again) === writeNextHop(hop)
    }),
  )
  t.pass()
})

t.test('the suggestion for a network is a network, and holds the address that was written', async t => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
      const read = readNetwork(`${address}/${prefix}`)
      const text = isFlaw(read) ? read.suggestion : read
      if (text === undefined) return address.toLowerCase().includes('ffff')
      const single = readNetwork(address) as string
      return readNetwork(text) === text && covers(network(text), network(single))
    }),
  )
  t.strictSame(addressNumber('::1.2.3.4'), { bits: 128, value: 0x01020304n })
  t.strictSame(addressNumber('1::2:0'), { bits: 128, value: (1n << 112n) | (2n << 16n) })
})
