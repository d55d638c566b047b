/**
 * Messages for property tests, made up: structured mail with every construct that the scanner knows, the same with damage,
 * and strings of fragments that no grammar would make.
 *
 * Promises: small (a few kilobytes), so that hundreds are scanned in a second; a seed of fast-check gives the same messages.
 */
import fc from 'fast-check'

type Octets = fc.Arbitrary<Buffer>

const latin = (text: string) => Buffer.from(text, 'latin1')
const line = (...pieces: string[]) => pieces.join('')

const word = fc.constantFrom(
  ...[
    'invoice',
    'Hello',
    'the',
    'cheap',
    'watches',
    'Überweisung',
    'данные',
    '会議',
    'a\u200bb',
    '\u202eexe.',
    'x_y',
    'don’t',
  ],
  ...[
    'https://example.com/a?b=c&d',
    'http://user@xn--e1afmkfd.example:8080/%20',
    'www.example.org',
    'mailto:a@b.example',
  ],
  ...[
    'someone@example.net',
    '<b@c.example>',
    '=41',
    '=',
    '==',
    '--',
    '.',
    '..',
    'From ',
    '\t',
    '  ',
    '\u00a0',
    '&amp;',
    '<',
    '>',
  ],
)
const sentence = fc.array(word, { maxLength: 12 }).map(words => words.join(' '))
const paragraphs = fc.array(sentence, { maxLength: 8 }).map(lines => lines.join('\r\n'))

const tag = fc.constantFrom(
  ...[
    '<p>',
    '</p>',
    '<br>',
    '<div style="display:none">',
    '</div>',
    '<!-- hidden -->',
    '<!--',
    '-->',
    '<!DOCTYPE html>',
  ],
  ...[
    '<a href="https://evil.example/x?y=%41&amp;z">www.bank.example</a>',
    "<a href='http://a.example'",
    '<img src=cid:1@b alt="a picture">',
  ],
  ...[
    '<style>p{color:red}</style>',
    '<script>if (a</b) "</p>"</script>',
    '<script>',
    '<span style="font-size:0;color:#fff">',
    '</span>',
  ],
  ...[
    '&lt;',
    '&#65;',
    '&#x200b;',
    '&nbsp;',
    '&notanentity;',
    '&#1114112;',
    '&',
    '<',
    '<td>',
    '<li>',
    '<b>',
    '</b>',
    '<font color=white>',
    '</font>',
  ],
  ...[
    '<textarea>',
    '<title>',
    '<base href="https://base.example/">',
    '<p hidden>',
    '<![CDATA[x]]>',
    '<?php x ?>',
    '</',
    '</ >',
    '< p>',
  ],
)
const html = fc.array(fc.oneof(tag, sentence), { maxLength: 24 }).map(pieces => pieces.join(''))

const charsets: [label: string, encode: (text: string) => Buffer][] = [
  ['utf-8', text => Buffer.from(text)],
  ['UTF-16LE', text => Buffer.from(text, 'utf16le')],
  ['utf-16', text => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()])],
  ['iso-8859-1', latin],
  ['windows-1252', latin],
  ['us-ascii', text => Buffer.from(text)],
  // Octets of another charset than the label says: whatever comes of them, both scanners must say the same.
  ...[
    'koi8-r',
    'iso-2022-jp',
    'shift_jis',
    'euc-kr',
    'gb18030',
    'big5',
    'utf-7',
    'windows-1251',
    'iso-8859-15',
    'x-unheard-of',
    '',
  ].map((label): [string, (text: string) => Buffer] => [label, text => Buffer.from(text)]),
]
const text: fc.Arbitrary<{ label: string; octets: Buffer; html: boolean }> = fc
  .record({
    of: fc.oneof(
      paragraphs.map(body => [body, false] as const),
      html.map(body => [body, true] as const),
    ),
    charset: fc.constantFrom(...charsets),
  })
  .map(({ of: [body, isHtml], charset: [label, encode] }) => ({ label, octets: encode(body), html: isHtml }))

const quotedPrintable = (octets: Buffer) =>
  latin(
    [...octets]
      .map((octet, index) => {
        const soft = index % 70 === 69 ? '=\r\n' : ''
        const plain =
          (octet >= 33 && octet <= 126 && octet !== 61) || octet === 32 || octet === 13 || octet === 10
        return (
          soft +
          (plain ? String.fromCharCode(octet) : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`)
        )
      })
      .join(''),
  )
const base64 = (octets: Buffer) => latin(octets.toString('base64').replace(/.{1,76}/g, '$&\r\n'))
const uuencode = (octets: Buffer) => {
  const character = (value: number) => (value === 0 ? '`' : String.fromCharCode(value + 32))
  const lines = [...Array(Math.ceil(octets.length / 45)).keys()].map(index => {
    const run = octets.subarray(index * 45, index * 45 + 45)
    const groups = [...Array(Math.ceil(run.length / 3)).keys()].map(group => {
      const [a = 0, b = 0, c = 0] = run.subarray(group * 3, group * 3 + 3)
      return [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63].map(character).join('')
    })
    return character(run.length) + groups.join('')
  })
  return latin(['begin 644 some file.txt', ...lines, '`', 'end', ''].join('\r\n'))
}
const encodings: [label: string, encode: (octets: Buffer) => Buffer][] = [
  ['', octets => octets],
  ['8bit', octets => octets],
  ['7bit', octets => octets],
  ['binary', octets => octets],
  ['base64', base64],
  ['BASE64 ', base64],
  ['base64', octets => latin(octets.toString('base64'))],
  ['quoted-printable', quotedPrintable],
  ['quoted-printable', octets => octets],
  ['base64', octets => octets],
  ['x-uuencode', uuencode],
  ['', uuencode],
  ['unheard-of', octets => octets],
]

const encodedWord = fc
  .record({
    words: sentence,
    charset: fc.constantFrom('utf-8', 'UTF-8*en', 'iso-8859-1', 'koi8-r', 'x-none', ''),
    form: fc.constantFrom('B', 'q', 'Q', 'X'),
  })
  .map(({ words, charset, form }) => {
    const octets = Buffer.from(words)
    const body =
      form === 'B'
        ? octets.toString('base64')
        : quotedPrintable(octets).toString('latin1').replaceAll(' ', '_').replaceAll('\r\n', '')
    return `=?${charset}?${form}?${body}?=`
  })
const fieldText = fc
  .array(fc.oneof({ weight: 3, arbitrary: word }, { weight: 2, arbitrary: encodedWord }), { maxLength: 6 })
  .chain(words => fc.constantFrom(' ', '\r\n ', '\r\n\t', '', '\r\n \r\n ').map(glue => words.join(glue)))
const field = fc
  .tuple(
    fc.constantFrom(
      'Subject',
      'From',
      'To',
      'X-Thing',
      'Received',
      'MIME-Version',
      'Date',
      'subject',
      'Content-Type',
      'Message-ID',
      '__proto__',
      'Bad Name',
      '',
    ),
    fc.constantFrom(': ', ':', ' :', ':\t', ''),
    fieldText,
  )
  .map(pieces => line(...pieces))
const fields = fc.array(field, { maxLength: 5 })

const fileName = fc.constantFrom(
  ...[
    'a.txt',
    'invoice.pdf.exe',
    '"with \\"quotes\\".doc"',
    '"../../etc/passwd"',
    '"=?utf-8?Q?=C3=BC.exe?="',
    "'a b'",
    '"naïve.txt"',
    '',
    '"unclosed',
  ],
)
const disposition = fc
  .tuple(
    fc.constantFrom('attachment', 'inline', 'ATTACHMENT', 'form-data', ''),
    fileName,
    fc.constantFrom(
      (name: string) => `; filename=${name}`,
      (name: string) => `; filename*=utf-8''${encodeURIComponent(name)}`,
      (name: string) => `; filename*0=${name}; filename*1*=%41; filename*3=x`,
      (name: string) => `; filename*0*=iso-8859-1'en'%e4; filename*1=${name}`,
      (name: string) => `; filename=${name}; filename=other.txt`,
      (name: string) => `;filename = ${name};; size=1`,
      () => '',
    ),
  )
  .map(([kind, name, spell]) => `Content-Disposition: ${kind}${spell(name)}`)

interface Part {
  readonly header: readonly string[]
  readonly body: Buffer
}

const textPart: fc.Arbitrary<Part> = fc
  .record({
    text,
    encoding: fc.constantFrom(...encodings),
    disposition: fc.option(disposition),
    type: fc.constantFrom('', 'text/plain', 'text/html', 'TEXT/Html', 'text', 'text/enriched'),
  })
  .map(
    ({ text: { label, octets, html: isHtml }, encoding: [encoding, encode], disposition: placed, type }) => {
      const stated = isHtml && type !== '' ? 'text/html' : type
      return {
        header: [
          ...(stated === '' ? [] : [`Content-Type: ${stated}${label === '' ? '' : `; charset="${label}"`}`]),
          ...(encoding === '' ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
          ...(placed === null ? [] : [placed]),
        ],
        body: encode(octets),
      }
    },
  )

const filePart: fc.Arbitrary<Part> = fc
  .record({
    octets: fc.uint8Array({ maxLength: 300 }),
    encoding: fc.constantFrom(...encodings),
    disposition,
    name: fileName,
    type: fc.constantFrom('application/pdf', 'image/png', 'application/octet-stream', 'nonsense', 'a/b/c'),
  })
  .map(({ octets, encoding: [encoding, encode], disposition: placed, name, type }) => ({
    header: [
      `Content-Type: ${type}; name=${name}`,
      `Content-Transfer-Encoding: ${encoding}`,
      placed,
      'Content-ID: <part@example.org>',
    ],
    body: encode(Buffer.from(octets)),
  }))

const join = (part: Part, more: readonly string[] = []) =>
  Buffer.concat([
    latin([...more.map(text => Buffer.from(text).toString('latin1')), ...part.header, '', ''].join('\r\n')),
    part.body,
  ])

const boundary = fc.constantFrom(
  'b',
  'b1',
  'bb',
  '----=_NextPart_000',
  'with space',
  "o'(k)+_,-./:=?",
  'b ',
  '',
  'x'.repeat(71),
)

const composite = (part: fc.Arbitrary<Part>): fc.Arbitrary<Part> =>
  fc
    .record({
      boundary,
      parts: fc.array(part, { maxLength: 4 }),
      type: fc.constantFrom('mixed', 'alternative', 'related', 'digest', 'Mixed'),
      spell: fc.constantFrom(
        (b: string) => `; boundary="${b}"`,
        (b: string) => `; boundary=${b}`,
        (b: string) => `;\r\n\tboundary="${b}"; boundary=other`,
        (b: string) => `; boundary*0="${b}"; boundary*1=""`,
        (b: string) => `; BOUNDARY = "${b}" (comment)`,
        () => '',
      ),
      preamble: fc.constantFrom('', '', 'This is a message in MIME.\r\n', 'Subject: not a field\r\n\r\n'),
      close: fc.constantFrom(
        (b: string) => `\r\n--${b}--\r\n`,
        (b: string) => `\r\n--${b}-- \t\r\nepilogue\r\n`,
        (b: string) => `\r\n--${b}--x\r\n`,
        (b: string) => `\r\n \t--${b}--\r\n`,
        () => '',
      ),
      gap: fc.constantFrom('\r\n', '\r\n', ' \r\n', '\n', 'x\r\n'),
      encoding: fc.constantFrom('', '', '', 'base64', '7bit'),
    })
    .map(({ boundary: b, parts, type, spell, preamble, close, gap, encoding }) => ({
      header: [
        `Content-Type: multipart/${type}${spell(b)}`,
        ...(encoding === '' ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
      ],
      body: Buffer.concat([
        latin(preamble),
        ...parts.flatMap((inner, index) => [
          latin(`${index === 0 && preamble === '' ? '' : '\r\n'}--${b}${gap}`),
          join(inner),
        ]),
        latin(close(b)),
      ]),
    }))

const enclosed = (part: fc.Arbitrary<Part>): fc.Arbitrary<Part> =>
  fc.tuple(part, fields, fc.constantFrom('', 'base64')).map(([inner, more, encoding]) => ({
    header: [
      'Content-Type: message/rfc822',
      ...(encoding === '' ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
    ],
    body: encoding === '' ? join(inner, more) : base64(join(inner, more)),
  }))

const { part } = fc.letrec<{ part: Part }>(tie => ({
  part: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 4, arbitrary: textPart },
    { weight: 2, arbitrary: filePart },
    { weight: 3, arbitrary: composite(tie('part')) },
    { weight: 1, arbitrary: enclosed(tie('part')) },
  ),
}))

/** Mail as programs write it, with all their liberties. */
export const structuredMail: Octets = fc.tuple(part, fields).map(([inner, more]) => join(inner, more))

type Damage = (message: Buffer) => Buffer
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const fragment = fc.constantFrom(
  ...[
    '\r',
    '\n',
    '\r\n',
    '\r\r\n',
    '\r\n\r\n',
    '\n\n',
    '\0',
    '\x80',
    '\xff',
    '\xef\xbb\xbf',
    '=',
    '=\r\n',
    '--',
    '--b',
    '--b--',
    '\r\n--b\r\n',
    ' ',
    '\t',
    ':',
    ';',
    '"',
    '\\',
    '<',
    '>',
    '&',
    '<!--',
  ],
  ...[
    '=?',
    '?=',
    '=?utf-8?Q?',
    '%',
    "'",
    '*',
    '\x1b$B',
    '+AGE-',
    '\f',
    '\v',
    '\r\n.\r\n',
    '\r\nbegin 644 x\r\n',
    '\r\nend\r\n',
    'Content-Type: multipart/mixed; boundary=b\r\n',
  ],
)
const damage: fc.Arbitrary<Damage> = fc.oneof(
  place.map(
    (at): Damage =>
      message =>
        message.subarray(0, Math.floor(at * message.length)),
  ),
  fc.tuple(place, fragment).map(
    ([at, what]): Damage =>
      message => {
        const cut = Math.floor(at * message.length)
        return Buffer.concat([message.subarray(0, cut), latin(what), message.subarray(cut)])
      },
  ),
  fc.tuple(place, fc.nat(255)).map(
    ([at, value]): Damage =>
      message => {
        const copy = Buffer.from(message)
        if (copy.length > 0) copy[Math.floor(at * copy.length)] = value
        return copy
      },
  ),
  fc.tuple(place, place, place).map(
    ([from, to, at]): Damage =>
      message => {
        const [start, end] = [from, to].map(share => Math.floor(share * message.length)).sort((a, b) => a - b)
        const cut = Math.floor(at * message.length)
        return Buffer.concat([message.subarray(0, cut), message.subarray(start, end), message.subarray(cut)])
      },
  ),
  fc.tuple(place, fc.nat(40)).map(
    ([at, length]): Damage =>
      message => {
        const cut = Math.floor(at * message.length)
        return Buffer.concat([message.subarray(0, cut), message.subarray(cut + length)])
      },
  ),
  fc.constantFrom<Damage>(
    message => latin(message.toString('latin1').replaceAll('\r\n', '\n')),
    message => latin(message.toString('latin1').replaceAll('\r\n', '\r')),
    message => latin(message.toString('latin1').replaceAll('\r\n', '\r\r\n')),
    message => latin(message.toString('latin1').replaceAll('\r\n\r\n', '\n\r\n')),
  ),
)

/** The same with accidents and intentions. */
export const damagedMail: Octets = fc
  .tuple(structuredMail, fc.array(damage, { minLength: 1, maxLength: 4 }))
  .map(([message, damages]) => damages.reduce((damaged, apply) => apply(damaged), message))

/** Fragments in any order. */
export const fragments: Octets = fc
  .array(
    fc.oneof(
      fragment,
      tag,
      word.map(text => Buffer.from(text).toString('latin1')),
      field.map(text => `${Buffer.from(text).toString('latin1')}\r\n`),
    ),
    { maxLength: 60 },
  )
  .map(pieces => latin(pieces.join('')))

export const message: Octets = fc.oneof(
  { weight: 4, arbitrary: structuredMail },
  { weight: 4, arbitrary: damagedMail },
  { weight: 1, arbitrary: fragments },
)

/** Where a message is cut, as shares of its length: some cuts, or one before every octet. */
export const cuts = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(place, { maxLength: 12 })
      .map(
        shares => (length: number) => shares.map(share => Math.floor(share * length)).sort((a, b) => a - b),
      ),
  },
  { weight: 1, arbitrary: fc.constant((length: number) => Array.from({ length }, (_, index) => index)) },
)
