import t from 'tap'
import { flagsOfHeader, multipart, read, wire } from './reading.ts'

t.test('where a header ends, and what is a field', t => {
  const rows: readonly (readonly [
    why: string,
    lines: readonly string[],
    fields: readonly string[],
    body: string,
    flags: readonly string[],
  ])[] = [
    ['an empty line ends it', ['A: b', '', 'C: d', ''], ['a: b'], 'C: d\r\n', []],
    ['a value may be empty', ['A:', 'B:  ', '', 'x'], ['a: ', 'b: '], 'x', []],
    ['white space around a value is not part of it', ['A:  \t b c \t', '', 'x'], ['a: b c'], 'x', []],
    ['a field goes on in the next line', ['A: b', '  c', '\td', '', 'x'], ['a: b  c\td'], 'x', []],
    // Python and sendmail end the header here, others skip the line: what would come behind it is a header to them.
    [
      'a line without a colon is body',
      ['A: b', 'no field', 'C: d', '', 'x'],
      ['a: b'],
      'no field\r\nC: d\r\n\r\nx',
      ['0 header-line'],
    ],
    [
      'a name with a space in it is no name',
      ['A: b', 'Reply To: c', '', 'x'],
      ['a: b'],
      'Reply To: c\r\n\r\nx',
      ['0 header-line'],
    ],
    ['an empty name is no name', ['A: b', ': c', '', 'x'], ['a: b'], ': c\r\n\r\nx', ['0 header-line']],
    [
      '8-bit octets make no name',
      ['A: b', 'B\xe4: c', '', 'x'],
      ['a: b'],
      'Bä: c\r\n\r\nx',
      ['0 header-line', '0 encoding-8bit'],
    ],
    // Outlook once took such a line for empty; to others the fields behind it count.
    [
      'a line of white space goes on',
      ['A: b', ' ', 'C: d', '', 'x'],
      ['a: b', 'c: d'],
      'x',
      ['0 header-blank-fold'],
    ],
    [
      'a line with a lone CR is not empty',
      ['A: b', '\r', 'C: d', '', 'x'],
      ['a: b'],
      '\r\r\nC: d\r\n\r\nx',
      ['0 bare-cr', '0 header-line'],
    ],
    [
      'white space before the colon',
      ['A : b', 'B\t: c', '', 'x'],
      ['a: b', 'b: c'],
      'x',
      ['0 header-space-colon'],
    ],
    ['the first line continues nothing', [' A: b', 'C: d', '', 'x'], ['c: d'], 'x', ['0 header-line']],
    [
      'what a mail box writes before a message',
      ['From a@b Thu Jan  1', 'C: d', '', 'x'],
      ['c: d'],
      'x',
      ['0 header-line'],
    ],
    [
      'a mail box line further down is body',
      ['C: d', 'From a@b', '', 'x'],
      ['c: d'],
      'From a@b\r\n\r\nx',
      ['0 header-line'],
    ],
    ['the message ends in the header', ['A: b', 'C: d'], ['a: b', 'c: d'], '', ['0 header-unfinished']],
    ['an empty line comes first', ['', 'A: b'], [], 'A: b', []],
    ['names with signs', ['X-#!$%&*: b', '', 'x'], ['x-#!$%&*: b'], 'x', []],
  ]
  for (const [why, lines, fields, body, flags] of rows) {
    const reading = read(wire(...lines))
    t.strictSame(reading.fields, fields, why)
    t.equal(reading.text(0, 'source'), body, why)
    t.strictSame(reading.flags, flags, why)
  }
  t.end()
})

t.test('a boundary ends a header that has no end', t => {
  const { parts, flags, text } = read(
    multipart('--b', 'Content-Type: text/html', '--b', '', 'x', '--b--', ''),
  )
  t.strictSame(parts, ['multipart multipart/mixed', '  html text/html', '  text text/plain'])
  t.strictSame(flags, ['1 header-unfinished'])
  t.equal(text(2, 'source'), 'x')
  t.end()
})

t.test('the body of a part may begin without its empty line', t => {
  const { text, flags, rows } = read(multipart('--b', 'Hello there', '--b--', ''))
  t.equal(text(1, 'source'), 'Hello there')
  t.strictSame(flags, ['1 header-line'])
  t.equal(rows[1]!.bodyStart, rows[1]!.headerStart)
  t.end()
})

t.test('a line that is no field is read again by the message inside', t => {
  const { parts, text, flags } = read(
    multipart('--b', 'Content-Type: message/rfc822', 'Hello there', '--b--', ''),
  )
  t.strictSame(parts, ['multipart multipart/mixed', '  message message/rfc822', '    text text/plain'])
  t.equal(text(2, 'source'), 'Hello there')
  t.strictSame(flags, ['1 header-line', '2 header-line'])
  t.end()
})

t.test('fields that must occur once', t => {
  t.strictSame(flagsOfHeader('Subject: a', 'Subject: b'), ['header-duplicate'])
  t.strictSame(flagsOfHeader('Received: a', 'Received: b'), [])
  const { parts, flags } = read(
    wire('MIME-Version: 1.0', 'content-type: text/html', 'Content-Type: text/plain', '', ''),
  )
  t.strictSame(parts, ['html text/html'], 'the first counts')
  t.strictSame(flags, ['0 header-duplicate'])
  t.end()
})

t.test('names that are properties of every object are names', t => {
  const { fields } = read(wire('__proto__: a', 'constructor: b', 'toString: c', '', ''))
  t.strictSame(fields, ['__proto__: a', 'constructor: b', 'tostring: c'])
  t.end()
})

t.test('octets above 127 in a value are UTF-8, else windows-1252', t => {
  t.strictSame(read(wire('A: \xc3\xa4', '', '')).fields, ['a: ä'])
  t.strictSame(read(wire('A: \xe4', '', '')).fields, ['a: ä'])
  t.strictSame(flagsOfHeader('A: \xc3\xa4'), [])
  t.strictSame(flagsOfHeader('A: \xe4'), ['header-8bit'])
  t.end()
})

t.test('MIME needs its version', t => {
  t.strictSame(read(wire('Content-Type: text/html', '', '')).flags, ['0 mime-version'])
  t.strictSame(read(wire('MIME-Version: 2.0', '', '')).flags, ['0 mime-version'])
  t.strictSame(read(wire('MIME-Version: (x) 1.0 (y)', 'Content-Type: text/html', '', '')).flags, [])
  t.strictSame(read(wire('Subject: a', '', '')).flags, [], 'mail from before MIME')
  t.end()
})

t.test('a header beyond the limit is not read, and its end is found', t => {
  const lines = ['A: b', `X: ${'x'.repeat(80)}`, 'Subject: late', '', 'body']
  const { fields, flags, text, offsets } = read(wire(...lines), { header: 60 })
  t.strictSame(fields, ['a: b'])
  t.strictSame(flags, ['0 header-large'])
  t.equal(offsets.get('0 header-large'), 60)
  t.equal(text(0, 'source'), 'body')
  t.strictSame(
    read(wire('A: b', ' c', ' d', '', ''), { header: 12 }).fields,
    [],
    'a field is read whole or not at all',
  )
  t.end()
})

t.test('fields beyond the limit have no row, and count for MIME', t => {
  const { fields, flags, parts } = read(
    wire('MIME-Version: 1.0', 'A: b', 'Content-Type: text/html', '', ''),
    { fields: 1 },
  )
  t.strictSame(fields, ['mime-version: 1.0'])
  t.strictSame(flags, ['0 fields-many'])
  t.strictSame(parts, ['html text/html'])
  t.end()
})
