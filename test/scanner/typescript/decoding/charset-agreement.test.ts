/** The charsets of both languages against each other: all short sequences, and anything by property. */
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { cutAt, cutOctets, missing, native, typescript } from './decoders.ts'

const skip = native ? false : missing!

/** Every encoding of the standard by its name, and those that stand beside it. */
const names = [
  ...[
    'utf-8',
    'utf-16le',
    'utf-16be',
    'us-ascii',
    'utf-7',
    'x-user-defined',
    'macintosh',
    'x-mac-cyrillic',
    'ibm866',
  ],
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map(part => `iso-8859-${part}`),
  ...['iso-8859-8-i', 'koi8-r', 'koi8-u', 'windows-874'],
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map(page => `windows-125${page}`),
  ...['big5', 'euc-jp', 'euc-kr', 'gbk', 'gb18030', 'iso-2022-jp', 'shift_jis'],
  ...['hz-gb-2312', 'iso-2022-kr', 'iso-2022-cn'],
]

t.test('both languages decode every sequence of two octets alike', { skip }, async t => {
  for (const label of names) {
    for (let first = 0; first < 256; first++) {
      const octets = Buffer.from(Array.from({ length: 256 }, (_, second) => [first, second, 0x0a]).flat())
      const [here, there] = [typescript.decodeShort(label, octets), native!.decodeShort(label, octets)]
      if (!here.utf8.equals(there.utf8) || here.clean !== there.clean)
        t.strictSame(there, here, `${label} ${first}`)
    }
  }
  t.pass()
})

t.test(
  'both languages decode every three octets of euc-jp, and gb18030 in four, alike',
  { skip },
  async t => {
    const triples = Array.from({ length: 128 * 256 }, (_, i) => [
      0x8f,
      0x80 + (i >> 8),
      i & 0xff,
      0x0a,
    ]).flat()
    t.ok(
      native!
        .decodeShort('euc-jp', Buffer.from(triples))
        .utf8.equals(typescript.decodeShort('euc-jp', Buffer.from(triples)).utf8),
    )
    // The basic plane, the ends of the ranges, and a sample of the rest.
    const pointers = Array.from({ length: 1_587_600 }, (_, i) => i).filter(
      i => i < 39_500 || (i > 188_900 && i < 189_100) || i % 61 === 0 || (i > 1_237_500 && i < 1_237_650),
    )
    const quads = pointers.flatMap(i => [
      0x81 + Math.floor(i / 12_600),
      0x30 + (Math.floor(i / 1_260) % 10),
      0x81 + (Math.floor(i / 10) % 126),
      0x30 + (i % 10),
      0x0a,
    ])
    t.ok(
      native!
        .decodeShort('gb18030', Buffer.from(quads))
        .utf8.equals(typescript.decodeShort('gb18030', Buffer.from(quads)).utf8),
    )
  },
)

t.test('both languages know the same labels', { skip }, async t => {
  const decorated = fc.constantFrom(
    ...names,
    'latin1',
    'cskoi8r',
    'x-x-big5',
    'unicodefffe',
    'csiso2022kr',
    'utf-16',
    '',
  )
  fc.assert(
    fc.property(
      fc.oneof(decorated, fc.string({ maxLength: 12 })),
      fc.constantFrom('', ' ', '\t', '_', '-'),
      (label, more) => {
        for (const text of [label, label.toUpperCase(), label + more, more + label])
          deepStrictEqual(native!.isKnownCharset(text), typescript.isKnownCharset(text), JSON.stringify(text))
      },
    ),
    { numRuns: 500 },
  )
  t.pass()
})

t.test('both languages decode anything to the same UTF-8 and flags, however it is cut', { skip }, async t => {
  const tokens = [
    ...[
      '\x1b',
      '$B',
      '(B',
      '$)C',
      '$)A',
      '$)G',
      '$*H',
      'N',
      '\x0e',
      '\x0f',
      '0!',
      '~',
      '~{',
      '~}',
      '~~',
      '\r',
      '\n',
      'A',
    ],
    ...[
      '+',
      '-',
      '+AD',
      'ADw',
      '2D3',
      '\x81',
      '\x8e',
      '\x8f',
      '\xa1',
      '\xfe',
      '\xff',
      '\x80',
      '0',
      '9',
      '\xc3',
      '\xa9',
    ],
    ...[
      '\xe2\x82',
      '\xac',
      '\xf0\x9f',
      '\x98\x80',
      '\xed\xa0',
      '\0',
      '\xd8',
      '\xdc',
      '\xfe\xff',
      '\xef\xbb\xbf',
      'a'.repeat(300),
    ],
  ]
  for (const label of names) {
    fc.assert(
      fc.property(cutOctets(tokens), ({ octets, pieces }) => {
        const whole = typescript.decodeText(label, [octets])
        deepStrictEqual(native!.decodeText(label, [octets]), whole)
        deepStrictEqual(native!.decodeText(label, pieces), whole)
        deepStrictEqual(typescript.decodeText(label, pieces), whole)
        deepStrictEqual(native!.decodeShort(label, octets).utf8, whole.utf8)
        deepStrictEqual(Buffer.from(whole.utf8.toString()), whole.utf8, 'valid UTF-8')
      }),
      { numRuns: 100 },
    )
  }
  t.pass()
})

t.test('texts larger than any buffer are decoded alike', { skip }, async t => {
  const octets = Buffer.from(Array.from({ length: 40_000 }, (_, i) => (i * i * 7 + (i >> 5)) & 0xff))
  for (const label of names) {
    const pieces = cutAt(octets, [1, 4_095, 4_096, 9_999, 30_001])
    deepStrictEqual(native!.decodeText(label, pieces), typescript.decodeText(label, [octets]), label)
  }
  t.pass()
})
