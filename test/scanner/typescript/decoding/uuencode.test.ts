import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { cutOctets, decoders, missing, native, typescript } from './decoders.ts'

interface Row {
  readonly why: string
  readonly body: string
  readonly text: string
  readonly names?: readonly string[]
  readonly files?: readonly string[]
  readonly flags?: readonly string[]
}

const cat = '#0V%T' // "Cat"

const rows: readonly Row[] = [
  { why: 'text without files stays as it is', body: 'one\r\ntwo', text: 'one\r\ntwo' },
  {
    why: 'a file goes out of the text, with the lines around it',
    body: `see\r\nbegin 644 cat.txt\r\n${cat}\r\n\`\r\nend\r\nbye\r\n`,
    text: 'see\r\nbye\r\n',
    names: ['cat.txt'],
    files: ['Cat'],
    flags: ['uuencode'],
  },
  {
    why: 'with bare LF too, at the very beginning and the very end, and a mode of four digits',
    body: `begin 0644 a b\n${cat}\n\`\nend`,
    text: '',
    names: ['a b'],
    files: ['Cat'],
    flags: ['uuencode'],
  },
  {
    why: 'the line without octets may be a space, or a space that the way has taken, or missing',
    body: `begin 644 a\n \nend\nbegin 644 b\n\nend\nbegin 644 c\n${cat}\nend\n`,
    text: '',
    names: ['a', 'b', 'c'],
    files: ['', '', 'Cat'],
    flags: ['uuencode', 'uuencode', 'uuencode'],
  },
  {
    why: 'a line may carry one character more: a checksum, in old programs',
    body: `begin 644 a\n${cat}X\n\`\nend\n`,
    text: '',
    names: ['a'],
    files: ['Cat'],
    flags: ['uuencode'],
  },
  {
    why: 'spaces that the way has taken from the end of a line are zeros, and flagged: the length is wrong',
    body: 'begin 644 a\n#0V$\n`\nend\n',
    text: '',
    names: ['a'],
    files: ['Ca\0'],
    flags: ['uuencode', 'uuencode-broken'],
  },
  {
    why: 'a line that cannot be one of a file ends it and is text: what a client shows must not be hidden from the scanner',
    body: `begin 644 a\n${cat}\nBuy cheap pills\nend\n`,
    text: 'Buy cheap pills\nend\n',
    names: ['a'],
    files: ['Cat'],
    flags: ['uuencode', 'uuencode-broken'],
  },
  {
    why: 'behind the line without octets comes `end`, or the file is broken',
    body: `begin 644 a\n\`\n${cat}\n`,
    text: `${cat}\n`,
    names: ['a'],
    files: [''],
    flags: ['uuencode', 'uuencode-broken'],
  },
  {
    why: 'a message that ends within a file',
    body: `begin 644 a\n${cat}\n`,
    text: '',
    names: ['a'],
    files: ['Cat'],
    flags: ['uuencode', 'uuencode-broken'],
  },
  {
    why: 'or within a line of it',
    body: `begin 644 a\n${cat}`,
    text: '',
    names: ['a'],
    files: ['Cat'],
    flags: ['uuencode', 'uuencode-broken'],
  },
  {
    why: 'the line that breaks a file may begin the next',
    body: `begin 644 a\nbegin 644 b\n${cat}\n\`\nend\n`,
    text: '',
    names: ['a', 'b'],
    files: ['', 'Cat'],
    flags: ['uuencode', 'uuencode-broken', 'uuencode'],
  },
  {
    why: 'a file that nobody wants leaves the text all the same',
    body: `x\nbegin 644 skip\n${cat}\n\`\nend\ny\n`,
    text: 'x\ny\n',
    names: ['skip'],
    files: [],
    flags: ['uuencode'],
  },
  {
    why: 'a letter may begin a line with the word',
    body: 'begin at once\nbegin 64 x\nbegin 64x x\nbegin 899 x\nbegin 644\nbegin 644 \nbeginning\nbeg\n',
    text: 'begin at once\nbegin 64 x\nbegin 64x x\nbegin 899 x\nbegin 644\nbegin 644 \nbeginning\nbeg\n',
  },
  {
    why: 'not at the beginning of a line it is text',
    body: ` begin 644 a\n${cat}\n`,
    text: ` begin 644 a\n${cat}\n`,
  },
  {
    why: 'a line of more than 128 octets begins nothing',
    body: `begin 644 ${'x'.repeat(119)}\r\n${cat}\n`,
    text: `begin 644 ${'x'.repeat(119)}\r\n${cat}\n`,
  },
  {
    why: 'one of 128 does',
    body: `begin 644 ${'x'.repeat(118)}\r\nend\r\n`,
    text: '',
    names: ['x'.repeat(118)],
    files: [''],
    flags: ['uuencode'],
  },
  { why: 'the beginning of the word at the end of the text', body: 'one\nbegi', text: 'one\nbegi' },
]

for (const decoder of decoders) {
  t.test(`${decoder.language} finds uuencoded files as the table says, however the text is cut`, async t => {
    for (const { why, body, text, names = [], files = [], flags = [] } of rows) {
      const octets = Buffer.from(body, 'latin1')
      for (const pieces of [[octets], Array.from(octets, octet => Buffer.of(octet))]) {
        const got = decoder.splitUuencode(pieces)
        t.equal(got.text.toString('latin1'), text, why)
        t.strictSame(
          got.names.map(name => name.toString('latin1')),
          names,
          why,
        )
        t.strictSame(
          got.files.map(file => file?.toString('latin1')),
          files,
          why,
        )
        t.strictSame(got.flags, flags, why)
        t.ok(got.ended, 'the text is ended')
      }
    }
  })
}

const skip = native ? false : missing!
t.test('both languages find the same files in anything', { skip }, async t => {
  const tokens = [
    'begin 644 a\n',
    'begin 644 skip\r\n',
    `${cat}\n`,
    `${cat}\r\n`,
    '`\n',
    ' \n',
    'end\n',
    'end\r\n',
    'begin ',
    'beg',
    '\n',
    `${'M'.padEnd(61, '0')}\n`,
    'text\n',
    '#0V\n',
    '\r',
    'A'.repeat(125),
  ]
  fc.assert(
    fc.property(cutOctets(tokens), ({ octets, pieces }) => {
      const whole = typescript.splitUuencode([octets])
      deepStrictEqual(native!.splitUuencode([octets]), whole)
      deepStrictEqual(native!.splitUuencode(pieces), whole)
      deepStrictEqual(typescript.splitUuencode(pieces), whole)
    }),
    { numRuns: 1_000 },
  )
  t.pass()
})
