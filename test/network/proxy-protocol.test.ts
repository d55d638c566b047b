import t from 'tap'
import { longestHeader, parseProxyHeader } from '../../src/network/proxy-protocol.ts'
import { addressesOf, binaryHeader, tlv } from './proxy-header.ts'

const text = (line: string) => parseProxyHeader(Buffer.from(line, 'latin1'))
const source4 = { address: '192.0.2.1', port: 56324 }
const source6 = { address: '2001:db8::1', port: 4000 }

t.test('version 1 names the client', async t => {
  const line = 'PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\r\n'
  t.strictSame(text(`${line}EHLO x\r\n`), { kind: 'header', length: line.length, source: source4 })
  const line6 = 'PROXY TCP6 2001:DB8:0::1 2001:db8::2 4000 25\r\n'
  t.strictSame(text(line6), { kind: 'header', length: line6.length, source: source6 })
  t.match(text('PROXY TCP6 ::ffff:192.0.2.1 ::1 56324 25\r\n'), { source: source4 }, 'mapped IPv4 is IPv4')
})

t.test('version 1 UNKNOWN is a header that names nobody', async t => {
  t.strictSame(text('PROXY UNKNOWN\r\n'), { kind: 'header', length: 15 })
  t.strictSame(text('PROXY UNKNOWN ffff:f...f:ffff 65535 65535\r\n'), { kind: 'header', length: 43 })
})

t.test('the longest line of version 1 is 107 octets', async t => {
  const longest = `PROXY UNKNOWN ${'x'.repeat(91)}\r\n`
  t.equal(longest.length, 107)
  t.equal(text(longest).kind, 'header')
  t.equal(text(`PROXY UNKNOWN ${'x'.repeat(92)}\r\n`).kind, 'invalid')
  t.equal(text(`PROXY UNKNOWN ${'x'.repeat(92)}`).kind, 'incomplete')
  t.equal(text(`PROXY UNKNOWN ${'x'.repeat(93)}`).kind, 'invalid')
})

t.test('what version 1 may not say is refused', async t => {
  for (const [line, why] of [
    ['PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n', 'a port is missing'],
    ['PROXY TCP4 192.0.2.1 198.51.100.1 56324 25 more\r\n', 'a word too many'],
    ['PROXY TCP4  192.0.2.1 198.51.100.1 56324 25\r\n', 'two blanks'],
    ['PROXY TCP4 192.0.2.1 198.51.100.1 56324 65536\r\n', 'a port above 65535'],
    ['PROXY TCP4 192.0.2.1 198.51.100.1 056324 25\r\n', 'a leading zero'],
    ['PROXY TCP4 192.0.2.1 198.51.100.1 -1 25\r\n', 'a negative port'],
    ['PROXY TCP4 192.0.2.300 198.51.100.1 1 25\r\n', 'no address'],
    ['PROXY TCP4 2001:db8::1 198.51.100.1 1 25\r\n', 'IPv6 as TCP4'],
    ['PROXY TCP6 192.0.2.1 198.51.100.1 1 25\r\n', 'IPv4 as TCP6'],
    ['PROXY TCP6 fe80::1%a ::1 1 25\r\n'.replace('%a', '%\n'), 'a line feed'],
    ['PROXY UDP4 192.0.2.1 198.51.100.1 1 25\r\n', 'UDP'],
    ['PROXY tcp4 192.0.2.1 198.51.100.1 1 25\r\n', 'lower case'],
    ['PROXY \r\n', 'nothing'],
    ['proxy TCP4 192.0.2.1 198.51.100.1 1 25\r\n', 'another word'],
    ['EHLO client.example\r\n', 'no header at all'],
    ['\r\n', 'an empty line, then silence'],
  ] as const)
    t.not(text(line).kind, 'header', why)
})

t.test('version 2 names the client', async t => {
  const four = binaryHeader({ family: 0x11, content: addressesOf('192.0.2.1', 56324) })
  t.strictSame(parseProxyHeader(Buffer.concat([four, Buffer.from('EHLO x\r\n')])), {
    kind: 'header',
    length: 28,
    source: source4,
  })
  const six = binaryHeader({ family: 0x21, content: addressesOf('2001:db8::1', 4000) })
  t.strictSame(parseProxyHeader(six), { kind: 'header', length: 52, source: source6 })
  const mapped = binaryHeader({ family: 0x21, content: addressesOf('::ffff:192.0.2.1', 56324) })
  t.match(parseProxyHeader(mapped), { source: source4 })
})

t.test('version 2 LOCAL, UNSPEC and UNIX are headers that name nobody', async t => {
  for (const [command, family, content] of [
    [0, 0x00, Buffer.alloc(0)],
    [0, 0x11, Buffer.from('ignored')],
    [1, 0x00, Buffer.from('ignored')],
    [1, 0x31, Buffer.alloc(216)],
  ] as const)
    t.strictSame(parseProxyHeader(binaryHeader({ command, family, content })), {
      kind: 'header',
      length: 16 + content.length,
    })
})

t.test('TLVs are skipped, but TLS between client and proxy is learned', async t => {
  const header = (...tlvs: Buffer[]) =>
    parseProxyHeader(
      binaryHeader({ family: 0x11, content: Buffer.concat([addressesOf('192.0.2.1', 56324), ...tlvs]) }),
    )
  t.match(header(tlv(0x04, Buffer.alloc(40)), tlv(0x02, Buffer.from('mx.example'))), { source: source4 })
  t.match(header(tlv(0x20, Buffer.from([1, 0, 0, 0, 0]))), { secure: true })
  t.match(header(tlv(0x20, Buffer.from([0, 0, 0, 0, 0]))), { secure: false })
  t.notOk('secure' in header(tlv(0x04, Buffer.alloc(4))))
  t.equal(header(tlv(0x20, Buffer.from([1]))).kind, 'invalid', 'a TLS record that is too short')
  t.equal(header(Buffer.from([4, 0])).kind, 'invalid', 'half a TLV')
  t.equal(header(Buffer.from([4, 0, 9, 1])).kind, 'invalid', 'a TLV longer than the header')
})

t.test('what version 2 may not say is refused', async t => {
  const content = addressesOf('192.0.2.1', 56324)
  for (const [header, why] of [
    [binaryHeader({ version: 1, family: 0x11, content }), 'version 1 in the binary form'],
    [binaryHeader({ version: 3, family: 0x11, content }), 'version 3'],
    [binaryHeader({ command: 2, family: 0x11, content }), 'an unknown command'],
    [binaryHeader({ family: 0x12, content }), 'UDP'],
    [binaryHeader({ family: 0x32, content }), 'UNIX datagrams'],
    [binaryHeader({ family: 0x41, content }), 'an unknown family'],
    [binaryHeader({ family: 0x11, content: content.subarray(1) }), 'too short for IPv4'],
    [binaryHeader({ family: 0x21, content: content }), 'too short for IPv6'],
    [binaryHeader({ family: 0x11, content: Buffer.alloc(longestHeader) }), 'longer than we take'],
  ] as const)
    t.equal(parseProxyHeader(header).kind, 'invalid', why)
})

t.test('a stranger that sends no header is known by the first octet that differs', async t => {
  t.equal(text('').kind, 'incomplete')
  t.equal(text('P').kind, 'incomplete')
  t.equal(text('E').kind, 'invalid')
  t.equal(text('\r\n\r\n').kind, 'incomplete')
  t.equal(text('\r\nE').kind, 'invalid')
})
