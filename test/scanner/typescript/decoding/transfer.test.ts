import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Encoding } from '#scanner/layout.ts'
import { cutAt, cutOctets, decoders, missing, native, typescript } from './decoders.ts'

/** Wire offset of the first octet of every body here. */
const start = 1_000

interface Row {
  readonly why: string
  readonly body: string
  readonly octets: string
  readonly flags?: readonly string[]
}

const base64: readonly Row[] = [
  { why: 'a plain group', body: 'QUJD', octets: 'ABC' },
  { why: 'lines end as they may', body: 'QUJD\r\nREVG\nR0hJ\r\n', octets: 'ABCDEFGHI' },
  { why: 'a line end may stand within a group', body: 'QU\r\nJD', octets: 'ABC' },
  { why: 'white space means nothing', body: ' Q U\tJ D ', octets: 'ABC' },
  { why: 'two octets and their padding', body: 'QUI=', octets: 'AB' },
  { why: 'one octet and its padding', body: 'QQ==', octets: 'A' },
  { why: 'padding on the next line is padding', body: 'QQ=\r\n=\r\n', octets: 'A' },
  {
    why: 'a foreign character is skipped: programs that stop there see less than those that do not',
    body: 'QU!JD*',
    octets: 'ABC',
    flags: ['base64-character@1002'],
  },
  {
    why: 'an octet above 127 is foreign too',
    body: 'QU\xffJD',
    octets: 'ABC',
    flags: ['base64-character@1002'],
  },
  {
    why: 'the alphabet of URLs is not that of mail',
    body: 'QU-JD',
    octets: 'ABC',
    flags: ['base64-character@1002'],
  },
  {
    why: 'most mail clients go on behind padding, some stop: what comes there may be hidden from one of them',
    body: 'QQ==\r\nQkM=',
    octets: 'ABC',
    flags: ['base64-padding@1006'],
  },
  {
    why: 'padding that lacks its second sign and goes on',
    body: 'QQ=QkND',
    octets: 'ABCC',
    flags: ['base64-padding@1003'],
  },
  { why: 'padding where no group is open', body: '=QUJD', octets: 'ABC', flags: ['base64-character@1000'] },
  {
    why: 'padding behind one character closes nothing',
    body: 'Q=UJD',
    octets: 'ABC',
    flags: ['base64-character@1001'],
  },
  { why: 'more padding than the group needs', body: 'QUI==', octets: 'AB', flags: ['base64-character@1004'] },
  {
    why: 'an end after three characters gives two octets',
    body: 'QUI',
    octets: 'AB',
    flags: ['base64-length@1003'],
  },
  {
    why: 'an end after two characters gives one octet',
    body: 'QUJDQQ',
    octets: 'ABCA',
    flags: ['base64-length@1006'],
  },
  {
    why: 'an end after one character gives none',
    body: 'QUJDQ',
    octets: 'ABC',
    flags: ['base64-length@1005'],
  },
  { why: 'padding that is not complete at the end', body: 'QQ=', octets: 'A', flags: ['base64-length@1003'] },
  { why: 'nothing is nothing', body: '', octets: '' },
  { why: 'only line ends', body: '\r\n\r\n', octets: '' },
]

const quotedPrintable: readonly Row[] = [
  { why: 'two digits are an octet', body: 'a=3Db', octets: 'a=b' },
  { why: 'small digits too: many write them', body: '=c3=a4', octets: '\xc3\xa4' },
  { why: 'a soft line break is nothing', body: 'one=\r\ntwo', octets: 'onetwo' },
  { why: 'with a bare LF too', body: 'one=\ntwo', octets: 'onetwo' },
  { why: 'white space behind the sign was added on the way', body: 'one= \t\r\ntwo', octets: 'onetwo' },
  { why: 'the end of the body ends its line', body: 'one=', octets: 'one' },
  {
    why: 'white space at the end of a line was added on the way (rule 3)',
    body: 'a \t\r\nb',
    octets: 'a\r\nb',
  },
  { why: 'and at the end of the body', body: 'a  ', octets: 'a' },
  { why: 'and before a bare LF, which stays bare', body: 'a \nb', octets: 'a\nb' },
  { why: 'but not what was encoded', body: 'a=20 \r\nb', octets: 'a \r\nb' },
  { why: 'nor what stands before a soft break', body: 'a =\r\n \r\nb', octets: 'a \r\nb' },
  { why: 'nor within the line', body: 'a  b', octets: 'a  b' },
  { why: 'a bare CR is text', body: 'a \rb', octets: 'a \rb' },
  { why: 'an encoded CR before a LF is text', body: 'a=0D\nb', octets: 'a\r\nb' },
  { why: 'a bad escape stays', body: 'a=ZZb', octets: 'a=ZZb', flags: ['qp-escape@1001'] },
  { why: 'with half of its digits', body: 'a=4Zb', octets: 'a=4Zb', flags: ['qp-escape@1001'] },
  {
    why: 'the octet that broke it may begin the next',
    body: 'a==41',
    octets: 'a=A',
    flags: ['qp-escape@1001'],
  },
  { why: 'or stand behind a digit', body: 'a=4=41', octets: 'a=4A', flags: ['qp-escape@1001'] },
  { why: 'one digit at the end', body: 'a=4', octets: 'a=4', flags: ['qp-escape@1001'] },
  { why: 'white space that no line end follows', body: 'a= b', octets: 'a= b', flags: ['qp-escape@1001'] },
  { why: 'only the first is flagged', body: '=x =y', octets: '=x =y', flags: ['qp-escape@1000'] },
  { why: 'octets above 127 pass; another flag is for them', body: 'a\xe4', octets: 'a\xe4' },
  {
    why: 'what is held back is bounded: of very much white space the last 1,000 octets go',
    body: `a${' '.repeat(1_500)}\r\nb`,
    octets: `a${' '.repeat(500)}\r\nb`,
  },
  {
    why: 'an escape does not wait for ever for its line end either',
    body: `a=${' '.repeat(1_500)}\r\nb`,
    octets: `a=${' '.repeat(500)}\r\nb`,
    flags: ['qp-escape@1001'],
  },
]

const identity: readonly Row[] = [{ why: 'nothing is done', body: 'a=3D \r\n', octets: 'a=3D \r\n' }]

const tables: Partial<Record<Encoding, readonly Row[]>> = {
  base64,
  'quoted-printable': quotedPrintable,
  identity,
  unknown: identity,
}

for (const decoder of decoders) {
  for (const [encoding, rows] of Object.entries(tables) as [Encoding, readonly Row[]][]) {
    t.test(`${decoder.language} decodes ${encoding} as the table says, however it is cut`, async t => {
      for (const { why, body, octets, flags = [] } of rows) {
        const wire = Buffer.from(body, 'latin1')
        for (const pieces of [[wire], Array.from(wire, octet => Buffer.of(octet))]) {
          const got = decoder.decodeTransfer(encoding, pieces, start)
          t.equal(got.octets.toString('latin1'), octets, why)
          t.strictSame(got.flags, flags, why)
        }
      }
    })
  }

  t.test(`${decoder.language} gives back what was encoded, larger than any of its buffers`, async t => {
    const octets = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i + (i >> 3)) & 0xff))
    const lines = octets.toString('base64').replace(/.{76}/g, '$&\r\n')
    const cuts = [1, 77, 4_096, 65_536, 65_537]
    const got = decoder.decodeTransfer('base64', cutAt(Buffer.from(lines), cuts), start)
    t.ok(got.octets.equals(octets))
    t.strictSame(got.flags, [])
    const escaped = Array.from(octets, octet => `=${octet.toString(16).padStart(2, '0')}`).join('')
    const folded = escaped.replace(/.{72}/g, '$&=\r\n')
    const printable = decoder.decodeTransfer('quoted-printable', cutAt(Buffer.from(folded), cuts), start)
    t.ok(printable.octets.equals(octets))
    t.strictSame(printable.flags, [])
  })
}

const tokens: Partial<Record<Encoding, readonly string[]>> = {
  base64: ['QUJD', 'QQ==', 'QUI=', '=', 'Q', '\r\n', ' ', '!', 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0'],
  'quoted-printable': [
    '=41',
    '=\r\n',
    '=',
    ' ',
    '\t',
    '\r\n',
    '\n',
    '\r',
    'text',
    '=20',
    '=4',
    '= ',
    'A'.repeat(40),
  ],
  identity: ['a', '='],
}

for (const [encoding, words] of Object.entries(tokens) as [Encoding, readonly string[]][]) {
  const skip = native ? false : missing!
  t.test(`both languages decode any ${encoding} to the same octets and flags`, { skip }, async t => {
    fc.assert(
      fc.property(cutOctets(words), ({ octets, pieces }) => {
        const whole = typescript.decodeTransfer(encoding, [octets], start)
        deepStrictEqual(native!.decodeTransfer(encoding, [octets], start), whole)
        deepStrictEqual(native!.decodeTransfer(encoding, pieces, start), whole)
        deepStrictEqual(typescript.decodeTransfer(encoding, pieces, start), whole)
      }),
      { numRuns: 1_000 },
    )
    t.pass()
  })
}
