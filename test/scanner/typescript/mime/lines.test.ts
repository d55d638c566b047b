import t from 'tap'
import { multipart, read, wire } from './reading.ts'

const message = (text: string) => Buffer.from(text, 'latin1')

t.test('what is odd about lines is told with its place', t => {
  const rows: readonly (readonly [why: string, text: string, flags: Record<string, number>])[] = [
    ['every line ends with CRLF', 'A: b\r\n\r\ntext\r\n', {}],
    // Some hubs take a bare LF for the end of a line and then see another end of data (SMTP smuggling).
    ['a bare LF in a body', 'A: b\r\n\r\nte\nxt\r\n', { 'bare-lf': 10 }],
    ['a bare LF in a header', 'A: b\nC: d\r\n\r\ntext\r\n', { 'bare-lf': 4 }],
    ['a bare CR in a body', 'A: b\r\n\r\nte\rxt\r\n', { 'bare-cr': 10 }],
    ['a bare CR in a header', 'A: b\rC: d\r\n\r\ntext\r\n', { 'bare-cr': 4 }],
    ['a bare CR before a CRLF', 'A: b\r\n\r\ntext\r\r\n', { 'bare-cr': 12 }],
    ['a bare CR as the last octet', 'A: b\r\n\r\ntext\r', { 'bare-cr': 12 }],
    ['the first of several', 'A: b\r\n\r\na\rb\rc\n\n', { 'bare-cr': 9, 'bare-lf': 13 }],
    ['LF CR is both', 'A: b\r\n\r\na\n\rb', { 'bare-cr': 10, 'bare-lf': 9 }],
    ['NUL in a body', 'A: b\r\n\r\nte\0xt\r\n', { nul: 10 }],
    ['NUL in a header', 'A: b\0\r\n\r\ntext\r\n', { nul: 4 }],
    ['998 octets and CRLF', `A: b\r\n\r\n${'x'.repeat(998)}\r\n`, {}],
    ['999 octets and CRLF', `A: b\r\n\r\nx\r\n${'x'.repeat(999)}\r\n`, { 'long-line': 11 }],
    ['999 octets and the end', `A: b\r\n\r\n${'x'.repeat(999)}`, { 'long-line': 8 }],
    ['999 octets and LF', `A: b\r\n\r\n${'x'.repeat(999)}\n`, { 'long-line': 8, 'bare-lf': 1007 }],
    ['a field of 1,200 octets', `A: ${'x'.repeat(1197)}\r\n\r\ntext\r\n`, { 'long-line': 0 }],
    [
      '8-bit octets in a body of 7bit',
      'Content-Transfer-Encoding: 7bit\r\nMIME-Version: 1.0\r\n\r\na\xe4',
      { 'encoding-8bit': 55 },
    ],
    [
      '8-bit octets in a body of 8bit',
      'Content-Transfer-Encoding: 8bit\r\nMIME-Version: 1.0\r\n\r\na\xe4',
      {},
    ],
    ['8-bit octets where nothing is declared', 'A: b\r\n\r\na\xe4', { 'encoding-8bit': 9 }],
  ]
  for (const [why, text, flags] of rows) {
    const { offsets } = read(message(text))
    t.strictSame(
      Object.fromEntries([...offsets].map(([flag, offset]) => [flag.slice(2), offset])),
      flags,
      why,
    )
  }
  t.end()
})

t.test('a flag belongs to the part in which the octet stands, once for each part', t => {
  const body = ['--b', '', 'a\rb\rc', '--b', '', 'fine', '--b', '', 'a\rb', '--b--', '']
  t.strictSame(read(multipart(...body)).flags, ['1 bare-cr', '3 bare-cr'])
  t.end()
})

t.test('a delimiter line is judged with the part that it ends', t => {
  const { flags } = read(
    message(
      'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\n\r\ny\r\n--b--\r\n',
    ),
  )
  t.strictSame(flags, ['1 bare-lf'])
  t.end()
})

t.test('a message without an octet is a part with an unfinished header', t => {
  const { parts, flags } = read(wire())
  t.strictSame(parts, ['text text/plain'])
  t.strictSame(flags, ['0 header-unfinished'])
  t.end()
})
