import t from 'tap'
import { multipart, read, wire } from './reading.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

t.test('what a part is', t => {
  const rows: readonly (readonly [type: string, kind: string, flags?: readonly string[]])[] = [
    ['text/plain', 'text'],
    ['text/x-unknown', 'text'],
    ['text/html', 'html'],
    ['application/xhtml+xml', 'html'],
    ['image/svg+xml', 'other'],
    ['application/octet-stream', 'other'],
    ['message/delivery-status', 'text'],
    // Put together, or fetched, by the program of the reader: what it becomes is not here.
    ['message/partial; number=1; total=2; id=x', 'text', ['0 message-elsewhere']],
    ['message/external-body; access-type=x', 'text', ['0 message-elsewhere']],
  ]
  for (const [type, kind, flags = []] of rows) {
    const reading = read(
      wire('MIME-Version: 1.0', `Content-Type: ${type}`, 'Content-Disposition: attachment', '', 'x'),
    )
    t.equal(reading.rows[0]!.kind, kind, type)
    t.strictSame(reading.flags, flags, type)
  }
  t.end()
})

t.test('bodies are decoded', t => {
  const html = [
    '--b',
    'Content-Type: text/html; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<p>=E4</p>=',
    '',
  ]
  const file = [
    '--b',
    'Content-Type: application/x-a; name=a.bin',
    'Content-Transfer-Encoding: base64',
    '',
    base64('octets'),
    '--b--',
    '',
  ]
  const reading = read(multipart(...html, ...file))
  t.strictSame(reading.parts, [
    'multipart multipart/mixed',
    '  html text/html',
    '  other application/x-a a.bin',
  ])
  t.equal(reading.text(1, 'source'), '<p>ä</p>')
  t.equal(reading.text(1, 'text'), 'ä')
  t.equal(reading.rows[1]!.decodedSize, 8)
  t.equal(reading.rows[2]!.decodedSize, 6)
  t.equal(Buffer.from(reading.rows[2]!.head).toString(), 'octets')
  t.equal(reading.rows[0]!.decodedSize, 0)
  t.strictSame(reading.flags, [])
  t.end()
})

t.test('of a file the first 64 octets are kept', t => {
  const text = 'x'.repeat(60) + 'y'.repeat(60)
  const { rows } = read(wire('Content-Type: image/png', 'MIME-Version: 1.0', '', text))
  t.equal(Buffer.from(rows[0]!.head).toString(), text.slice(0, 64))
  t.equal(rows[0]!.decodedSize, 120)
  t.end()
})

t.test('a message in a message is a part with a header of its own', t => {
  const inner = ['Subject: inner', 'MIME-Version: 1.0', 'Content-Type: text/html', '', '<p>x</p>']
  const reading = read(
    multipart('--b', 'Content-Type: message/rfc822', '', ...inner, '--b', '', 'y', '--b--', ''),
  )
  t.strictSame(reading.parts, [
    'multipart multipart/mixed',
    '  message message/rfc822',
    '    html text/html',
    '  text text/plain',
  ])
  t.strictSame(
    reading.rows.map(({ parent }) => parent),
    [undefined, 0, 1, 0],
  )
  t.strictSame(reading.fields.slice(2, 4), ['content-type: message/rfc822', 'subject: inner'])
  t.equal(reading.text(2, 'text'), 'x')
  t.strictSame(reading.flags, [])
  t.end()
})

t.test('the parts of a digest are messages', t => {
  const head = ['MIME-Version: 1.0', 'Content-Type: multipart/digest; boundary=b', '']
  const reading = read(
    wire(...head, '--b', '', 'Subject: a', '', 'x', '--b', 'Content-Type: text/plain', '', 'y', '--b--', ''),
  )
  t.strictSame(reading.parts, [
    'multipart multipart/digest',
    '  message message/rfc822',
    '    text text/plain',
    '  text text/plain',
  ])
  t.equal(reading.text(2, 'source'), 'x')
  t.end()
})

t.test('an encoding around what is made of parts', t => {
  // RFC 2045 §6.4 forbids it. Nearly all programs look for the boundaries as they stand.
  const head = [
    'MIME-Version: 1.0',
    'Content-Transfer-Encoding: base64',
    'Content-Type: multipart/mixed; boundary=b',
    '',
  ]
  const reading = read(wire(...head, '--b', '', 'x', '--b--', ''))
  t.strictSame(reading.parts, ['multipart multipart/mixed', '  text text/plain'])
  t.strictSame(reading.flags, ['0 encoding-composite'])
  // Of messages some undo it and some do not: the octets are searched as those of a file.
  const nested = [
    'Content-Type: message/rfc822',
    'Content-Transfer-Encoding: base64',
    '',
    base64('Subject: x\r\n\r\ny'),
  ]
  const other = read(multipart('--b', ...nested, '--b--', ''))
  t.strictSame(other.parts, ['multipart multipart/mixed', '  other message/rfc822'])
  t.strictSame(other.flags, ['1 encoding-composite'])
  t.equal(Buffer.from(other.rows[1]!.head).toString(), 'Subject: x\r\n\r\ny')
  t.end()
})

t.test('a uuencoded file is a part of its text', t => {
  const reading = read(wire('Subject: x', '', 'see', 'begin 644 a.exe', '#86)C', '`', 'end', 'bye', ''))
  t.strictSame(reading.parts, ['text text/plain', '  other application/octet-stream a.exe'])
  t.equal(reading.text(0, 'source'), 'see\r\nbye\r\n')
  t.equal(Buffer.from(reading.rows[1]!.head).toString(), 'abc')
  t.equal(reading.rows[1]!.encoding, 'uuencode')
  t.strictSame(reading.flags, ['0 uuencode'])
  t.end()
})

t.test('a body that says it is uuencoded', t => {
  const head = [
    'MIME-Version: 1.0',
    'Content-Type: application/x-a',
    'Content-Transfer-Encoding: x-uuencode',
    '',
  ]
  const { rows, parts } = read(wire(...head, 'begin 644 a.exe', '#86)C', '`', 'end', ''))
  t.strictSame(parts, ['other application/x-a'])
  t.equal(Buffer.from(rows[0]!.head).toString(), 'abc')
  t.end()
})

t.test('limits are flagged, and what is behind them is still told apart', t => {
  const nest = (depth: number): string[] =>
    depth === 0
      ? ['Content-Type: text/plain', '', 'deep']
      : [
          `Content-Type: multipart/mixed; boundary=b${depth}`,
          '',
          `--b${depth}`,
          ...nest(depth - 1),
          `--b${depth}--`,
        ]
  const deep = read(wire('MIME-Version: 1.0', ...nest(4), ''), { depth: 3 })
  t.equal(deep.rows.length, 4)
  t.strictSame(deep.flags, ['3 nesting-deep'])
  t.strictSame(read(wire('MIME-Version: 1.0', ...nest(4), ''), { depth: 4 }).flags, [])

  const many = read(multipart('--b', '', 'one', '--b', '', 'two', '--b', '', 'three', '--b--', 'end'), {
    parts: 2,
  })
  t.strictSame(many.parts, ['multipart multipart/mixed', '  text text/plain'])
  t.strictSame(many.flags, ['0 epilogue', '0 parts-many'])

  const message = read(
    multipart('--b', 'Content-Type: message/rfc822', '', 'Subject: x', '', 'y', '--b--', ''),
    { parts: 2 },
  )
  t.strictSame(message.flags, ['1 parts-many'])

  const links = read(wire('Subject: x', '', 'http://a.example http://b.example', ''), { links: 1 })
  t.equal(links.text(0, 'url'), 'http://a.example')
  t.strictSame(links.flags, ['0 links-many'])
  t.end()
})
