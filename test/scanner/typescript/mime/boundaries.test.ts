import t from 'tap'
import { multipart, type Reading, read, wire } from './reading.ts'

const leaves = (reading: Reading) =>
  reading.rows.filter(({ kind }) => kind === 'text').map(({ row }) => reading.text(row, 'source'))

t.test('what is a delimiter', t => {
  const rows: readonly (readonly [
    why: string,
    body: readonly string[],
    leaves: readonly string[],
    flags?: readonly string[],
  ])[] = [
    ['two parts', ['--b', '', 'one', '--b', '', 'two', '--b--', ''], ['one', 'two']],
    ['the line break before it is not content', ['--b', '', 'one', '', '--b--', ''], ['one\r\n']],
    ['a part without a body', ['--b', '', '--b', '', 'two', '--b--', ''], ['', 'two']],
    ['white space behind it', ['--b \t', '', 'one', '--b--  ', ''], ['one']],
    ['no line break behind the last', ['--b', '', 'one', '--b--'], ['one']],
    ['a preamble', ['This is MIME.', '--b', '', 'one', '--b--', ''], ['one']],
    [
      'dashes that are none',
      ['--b', '', '--', '-b', '---b', '-- b', '--B', '--c', ' --c', '\t-b', ' - -b', 'x--b', '--b--', ''],
      ['--\r\n-b\r\n---b\r\n-- b\r\n--B\r\n--c\r\n --c\r\n\t-b\r\n - -b\r\nx--b'],
    ],
    // RFC 2046 §5.1.1 takes the beginning of the line for enough, most programs want all of it.
    [
      'more than the boundary',
      ['--b', '', 'one', '--bc', 'two', '--b--', ''],
      ['one\r\n--bc\r\ntwo'],
      ['0 boundary-near'],
    ],
    [
      'more than the last',
      ['--b', '', 'one', '--b-- x', '--b--', ''],
      ['one\r\n--b-- x'],
      ['0 boundary-near'],
    ],
    ['one dash behind it', ['--b', '', 'one', '--b-', '--b--', ''], ['one\r\n--b-'], ['0 boundary-near']],
    [
      'a lone CR behind it',
      ['--b', '', 'one', '--b\r', '', 'two', '--b--', ''],
      ['one\r\n--b\r\r\n\r\ntwo'],
      ['0 boundary-near', '1 bare-cr'],
    ],
    [
      'NUL behind it',
      ['--b', '', 'one', '--b\0', '--b--', ''],
      ['one\r\n--b\0'],
      ['0 boundary-near', '1 nul'],
    ],
    [
      'more white space than a line may have',
      ['--b', '', 'one', `--b${' '.repeat(3000)}`, '--b--', ''],
      [`one\r\n--b${' '.repeat(3000)}`],
      ['0 boundary-near', '1 long-line'],
    ],
    // Programs that trim lines take it for one; RFC 2046 §5.1.1 wants it at the beginning of the line.
    [
      'a space before it',
      ['--b', '', 'one', ' --b', '', 'two', '--b--', ''],
      ['one\r\n --b\r\n\r\ntwo'],
      ['0 boundary-near'],
    ],
    [
      'a tab before the last',
      ['--b', '', 'one', '\t--b--', 'two', '--b--', ''],
      ['one\r\n\t--b--\r\ntwo'],
      ['0 boundary-near'],
    ],
    [
      'white space before the first of all',
      [' \t --b', '--b', '', 'one', '--b--', ''],
      ['one'],
      ['0 boundary-near'],
    ],
    ['at the beginning of a body', ['--b', '', ' --b', '--b--', ''], [' --b'], ['0 boundary-near']],
    [
      'in a header, where it continues a field',
      ['--b', 'X: a', ' --b', '', 'one', '--b--', ''],
      ['one'],
      ['0 boundary-near'],
    ],
    ['behind the last it counts no more', ['--b', '', 'one', '--b--', ' --b'], ['one'], ['0 epilogue']],
    [
      'as much white space as a delimiter may have',
      ['--b', '', `${' '.repeat(2045)}--b`, '--b--', ''],
      [`${' '.repeat(2045)}--b`],
      ['0 boundary-near', '1 long-line'],
    ],
    [
      'more white space than that',
      ['--b', '', `${' '.repeat(2046)}--b`, '--b--', ''],
      [`${' '.repeat(2046)}--b`],
      ['1 long-line'],
    ],
    ['behind a bare CR there is none', ['--b', '', 'one\r--b', '--b--', ''], ['one\r--b'], ['1 bare-cr']],
    ['behind a bare LF there is', ['--b', '', 'one\n--b--', ''], ['one'], ['1 bare-lf']],
    ['no last one', ['--b', '', 'one', ''], ['one\r\n'], ['0 boundary-unclosed']],
    ['none at all', ['text', ''], [], ['0 boundary-absent']],
    ['only the last one', ['text', '--b--', ''], []],
    ['something behind the last', ['--b', '', 'one', '--b--', '', 'more', ''], ['one'], ['0 epilogue']],
    ['white space behind the last', ['--b', '', 'one', '--b--', '', ' \t', ''], ['one']],
    [
      'another part behind the last',
      ['--b', '', 'one', '--b--', '--b', '', 'two', '--b--', ''],
      ['one'],
      ['0 epilogue'],
    ],
    // What a program without MIME, or with another boundary, would see.
    [
      'fields in the preamble',
      ['Content-Type: text/html', '--b', '', 'one', '--b--', ''],
      ['one'],
      ['0 preamble'],
    ],
    ['another boundary in the preamble', ['--other', '--b', '', 'one', '--b--', ''], ['one'], ['0 preamble']],
    ['base64 in the preamble', ['A'.repeat(76), '--b', '', 'one', '--b--', ''], ['one'], ['0 preamble']],
    ['uuencode in the preamble', ['begin 644 a', '--b', '', 'one', '--b--', ''], ['one'], ['0 preamble']],
  ]
  for (const [why, body, expected, flags = []] of rows) {
    const reading = read(multipart(...body))
    t.strictSame(leaves(reading), expected, why)
    t.strictSame(reading.flags, flags, why)
  }
  t.end()
})

t.test('the parameter', t => {
  const rows: readonly (readonly [
    why: string,
    parameter: string,
    delimiter: string,
    flags: readonly string[],
  ])[] = [
    ['every character that is allowed', `boundary="0aA'()+_,-./:=? x"`, "--0aA'()+_,-./:=? x", []],
    ['70 characters', `boundary=${'b'.repeat(70)}`, `--${'b'.repeat(70)}`, []],
    ['71 characters', `boundary=${'b'.repeat(71)}`, `--${'b'.repeat(71)}`, ['boundary-syntax']],
    ['a character that is not allowed', 'boundary="a#b"', '--a#b', ['boundary-syntax']],
    ['a space at its end', 'boundary="a "', '--a', ['boundary-syntax']],
    ['without its quotes', 'boundary=a=b', '--a=b', ['parameter-syntax']],
    ['two: the first counts', 'boundary=a; boundary=c', '--a', ['parameter-duplicate']],
    ['in the way of RFC 2231', 'boundary*0=a; boundary*1=c', '--ac', ['parameter-continuation']],
    [
      'as an encoded word, which some undo',
      'boundary="=?utf-8?Q?a?="',
      '--=?utf-8?Q?a?=',
      ['parameter-encoded-word'],
    ],
  ]
  for (const [why, parameter, delimiter, flags] of rows) {
    const head = ['MIME-Version: 1.0', `Content-Type: multipart/mixed; ${parameter}`, '']
    const reading = read(wire(...head, delimiter, '', 'one', `${delimiter}--`, ''))
    t.strictSame(leaves(reading), ['one'], why)
    t.strictSame(
      reading.flags.map(flag => flag.slice(2)),
      flags,
      why,
    )
  }
  t.end()
})

t.test('a multipart that cannot be taken apart is read as text', t => {
  const rows: readonly (readonly [why: string, parameter: string, flags: readonly string[]])[] = [
    ['no boundary', '', ['boundary-missing']],
    ['an empty one', '; boundary=""', ['boundary-syntax']],
    ['one of white space', '; boundary=" "', ['boundary-syntax']],
    ['one that no line could hold', `; boundary=${'b'.repeat(1001)}`, ['long-line', 'boundary-syntax']],
  ]
  for (const [why, parameter, flags] of rows) {
    const reading = read(
      wire(
        'MIME-Version: 1.0',
        `Content-Type: multipart/mixed${parameter}`,
        '',
        '--',
        'http://a.example',
        '',
      ),
    )
    t.strictSame(reading.parts, ['text multipart/mixed'], why)
    t.equal(reading.text(0, 'url'), 'http://a.example', why)
    t.strictSame(
      reading.flags.map(flag => flag.slice(2)),
      flags,
      why,
    )
  }
  t.end()
})

t.test('boundaries inside boundaries', t => {
  const inner = (boundary: string, ...body: readonly string[]) =>
    multipart('--b', `Content-Type: multipart/mixed; boundary="${boundary}"`, '', ...body)
  const rows: readonly (readonly [
    why: string,
    message: Buffer,
    leaves: readonly string[],
    flags?: readonly string[],
  ])[] = [
    [
      'each has its own',
      inner('c', '--c', '', 'one', '--c--', '--b', '', 'two', '--b--', ''),
      ['one', 'two'],
    ],
    [
      'the outer one ends the inner',
      inner('c', '--c', '', 'one', '--b', '', 'two', '--b--', ''),
      ['one', 'two'],
      ['1 boundary-unclosed'],
    ],
    [
      'the outer last one ends both',
      inner('c', '--c', '', 'one', '--b--', ''),
      ['one'],
      ['1 boundary-unclosed'],
    ],
    [
      'behind its end the inner one counts no more',
      inner('c', '--c', '', 'one', '--c--', '--c', '', 'x', '--b--', ''),
      ['one'],
      ['1 epilogue'],
    ],
    ['an outer one that never comes inside', inner('c', 'x', '--b--', ''), [], ['1 boundary-absent']],
    // The same boundary twice: the inner one comes first, the outer one has no end left.
    ['the same', inner('b', '--b', '', 'one', '--b--', '--b--', ''), ['one'], ['1 boundary-same']],
    [
      'one that begins like the outer',
      inner('bc', '--bc', '', 'one', '--bc--', '--b--', ''),
      ['one'],
      ['1 boundary-same'],
    ],
    [
      'one that looks like the end of the outer',
      inner('b--', '--b--', '', 'one', '--b----', '--b--', ''),
      ['one'],
      ['1 boundary-same'],
    ],
  ]
  for (const [why, message, expected, flags = []] of rows) {
    const reading = read(message)
    t.strictSame(leaves(reading), expected, why)
    t.strictSame(reading.flags, flags, why)
  }
  t.end()
})

t.test('the end of a body is where the line break of the boundary begins', t => {
  const message = multipart('--b', '', 'one', '--b--', 'end')
  const { rows } = read(message)
  const [outer, part] = rows
  t.equal(message.toString('latin1', part!.bodyStart, part!.bodyEnd), 'one')
  t.equal(message.toString('latin1', outer!.bodyStart, outer!.bodyEnd), '--b\r\n\r\none\r\n--b--\r\nend')
  const nested = multipart(
    '--b',
    'Content-Type: multipart/mixed; boundary=c',
    '',
    '--c',
    '',
    'one',
    '--c--',
    '--b--',
    '',
  )
  const inner = read(nested).rows[1]!
  t.equal(nested.toString('latin1', inner.bodyStart, inner.bodyEnd), '--c\r\n\r\none\r\n--c--')
  t.end()
})

t.test('preamble and epilogue are texts of the multipart', t => {
  const reading = read(multipart('before', '--b', '', 'one', '--b--', '', 'behind', ''))
  t.equal(reading.text(0, 'source'), 'before')
  t.equal(reading.text(0, 'hidden'), 'behind\r\n')
  t.end()
})
