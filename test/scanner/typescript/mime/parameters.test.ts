import t from 'tap'
import { read, wire } from './reading.ts'

type Row = readonly [why: string, field: string, expected: string, flags?: readonly string[]]

function readField(name: string, field: string) {
  const { rows, flags } = read(wire('MIME-Version: 1.0', `${name}: ${field}`, '', 'text', ''))
  return { part: rows[0]!, flags: flags.map(flag => flag.slice(2)) }
}

t.test('media types', t => {
  const rows: readonly Row[] = [
    ['as it should be', 'text/html', 'text/html'],
    ['in any case', 'Text/HTML; Charset=UTF-8', 'text/html'],
    ['a semicolon too many', 'text/html; charset=utf-8;', 'text/html'],
    // RFC 2045 §5.2: what has no valid syntax is text/plain. Some programs take the first word for a whole type.
    ['no subtype', 'text', 'text/plain', ['type-syntax']],
    ['no subtype behind a slash', 'multipart/; boundary=b', 'text/plain', ['type-syntax']],
    ['only the word multipart', 'multipart; boundary=b', 'text/plain', ['type-syntax']],
    ['nothing', '', 'text/plain', ['type-syntax']],
    ['quotes', '"text/html"', 'text/plain', ['parameter-syntax', 'type-syntax']],
    ['an encoded word', '=?utf-8?Q?text/html?=', 'text/plain', ['parameter-syntax', 'type-syntax']],
    ['NUL', 'text/ht\0ml', 'text/ht', ['nul', 'parameter-syntax']],
    ['a comment', '(x) text/html', 'text/html', ['parameter-syntax']],
    ['white space around the slash', 'text / html', 'text/html', ['parameter-syntax']],
    ['a fold before it', '\r\n text/html', 'text/html'],
    ['a missing semicolon', 'text/html charset=utf-8', 'text/html', ['parameter-syntax']],
  ]
  for (const [why, field, type, flags = []] of rows) {
    const found = readField('Content-Type', field)
    t.equal(found.part.type, type, why)
    t.strictSame(found.flags, flags, why)
  }
  t.end()
})

t.test('the value of a parameter', t => {
  const rows: readonly Row[] = [
    ['a token', 'charset=utf-8', 'utf-8'],
    ['in any case', 'CHARSET=UTF-8', 'utf-8'],
    ['a quoted string', 'charset="utf-8"', 'utf-8'],
    ['with quoted pairs', 'charset="a\\"b\\\\c"', 'a"b\\c'],
    ['an empty quoted string', 'charset=""', ''],
    ['a fold between parameters', 'x=y;\r\n\tcharset=utf-8', 'utf-8'],
    // Allowed by the grammar, unknown to many programs: some stop, some take the comment for the value.
    ['a comment behind it', 'charset=utf-8 (Unicode)', 'utf-8', ['parameter-syntax']],
    ['a comment with a parameter in it', '(; charset=x) charset=utf-8', 'utf-8', ['parameter-syntax']],
    ['a comment in a comment', '(a (b) \\) c) charset=utf-8', 'utf-8', ['parameter-syntax']],
    ['a comment without an end', 'charset=utf-8; (x', 'utf-8', ['parameter-syntax']],
    ['white space around the sign', 'charset = utf-8', 'utf-8', ['parameter-syntax']],
    ['a backslash that is none', 'charset="a\\bc"', 'abc', ['parameter-syntax']],
    ['a fold inside quotes', 'charset="a\r\n b"', 'a b', ['parameter-syntax']],
    ['quotes without an end', 'charset="utf-8; x=y', 'utf-8; x=y', ['parameter-syntax']],
    ['octets behind the quotes', 'charset="utf"-8', 'utf', ['parameter-syntax']],
    ['white space without quotes', 'charset=utf 8; x=y', 'utf 8', ['parameter-syntax']],
    ['specials without quotes', 'charset=<a/b>', '<a/b>', ['parameter-syntax']],
    ['a quote in the middle', 'charset=a"b;c"', 'a"b', ['parameter-syntax']],
    ['another one without its semicolon', 'charset=utf-8 x=y', 'utf-8', ['parameter-syntax']],
    ['no value', 'charset=; x=y', '', ['parameter-syntax']],
    ['no sign', 'charset', '', ['parameter-syntax']],
    ['no name', '=x; charset=utf-8', 'utf-8', ['parameter-syntax']],
    ['given twice: the first counts', 'charset=a; charset=b', 'a', ['parameter-duplicate']],
    ['given twice with the same value', 'charset=a; charset=a', 'a', ['parameter-duplicate']],
    ['another given twice', 'charset=a; x=b; X=c', 'a', ['parameter-duplicate']],
    // Who does not know RFC 2231 finds no charset, or the other one.
    ['in the way of RFC 2231', "charset*=us-ascii'en'utf-8", 'utf-8', ['parameter-continuation']],
    ['in sections', 'charset*0=utf; charset*1=-8', 'utf-8', ['parameter-continuation']],
    ['plain beside RFC 2231', 'charset*0=a; charset=b', 'b', ['parameter-continuation']],
  ]
  for (const [why, parameters, charset, flags = []] of rows) {
    const { part, flags: found } = readField('Content-Type', `text/plain; ${parameters}`)
    t.equal(part.charset, charset, why)
    t.strictSame(
      found.filter(flag => flag !== 'charset-unknown'),
      flags,
      why,
    )
  }
  t.end()
})

t.test('the name of a file, in every spelling', t => {
  const rows: readonly Row[] = [
    ['plain', 'filename=a.exe', 'a.exe'],
    ['quoted', 'filename="a b.exe"', 'a b.exe'],
    ['RFC 2231', "filename*=utf-8'de'%c3%a4.exe", 'ä.exe'],
    ['RFC 2231 in another charset', "filename*=iso-8859-1''%E4.exe", 'ä.exe'],
    ['sections', 'filename*0=a.e; filename*1=xe', 'a.exe'],
    ['sections in any order', 'filename*1=xe; filename*0=a.e', 'a.exe'],
    ['sections, some encoded', "filename*0*=utf-8''%c3%a4; filename*1=.e%78; filename*2*=%65", 'ä.e%78e'],
    ['a character in two sections', "filename*0*=utf-8''%c3; filename*1*=%a4.exe", 'ä.exe'],
    [
      'eleven sections',
      `${Array.from('abcdefghi.e', (c, i) => `filename*${i}=${c}`).join('; ')}`,
      'abcdefghi.e',
    ],
    ['both, saying the same', "filename=a.exe; filename*=utf-8''a.exe", 'a.exe'],
    ['octets above 127', 'filename="\xc3\xa4.exe"', 'ä.exe'],
    ['of another charset', 'filename="\xe4.exe"', 'ä.exe', ['header-8bit']],
    // Everything below is read in another way by some program.
    [
      'both, saying different things',
      "filename=a.txt; filename*=utf-8''a.exe",
      'a.exe',
      ['parameter-continuation'],
    ],
    ['both, one in sections', 'filename*0=a.exe; filename=a.txt', 'a.exe', ['parameter-continuation']],
    ['two of RFC 2231', "filename*=''a.exe; filename*0=a.txt", 'a.exe', ['parameter-continuation']],
    ['a gap', 'filename*0=a.; filename*2=exe', 'a.exe', ['parameter-continuation']],
    ['no first section', 'filename*1=a.exe', 'a.exe', ['parameter-continuation']],
    ['a section twice', 'filename*0=a.exe; filename*0=a.txt', 'a.exe', ['parameter-continuation']],
    ['a section with a zero', 'filename*00=a.exe', 'a.exe', ['parameter-continuation']],
    ['a section that is none', 'filename*x=a.exe', 'a.exe', ['parameter-continuation']],
    ['no charset', 'filename*=a.exe', 'a.exe', ['parameter-syntax']],
    ['an unknown charset', "filename*=x-none''%e4.exe", 'ä.exe', ['parameter-syntax']],
    ['a bad escape', "filename*=utf-8''a%zz.exe", 'a%zz.exe', ['parameter-syntax']],
    ['quotes around RFC 2231', 'filename*="utf-8\'\'a.exe"', 'a.exe', ['parameter-syntax']],
    ['an encoded word', 'filename="=?utf-8?Q?a=2Eexe?="', 'a.exe', ['parameter-encoded-word']],
    [
      'several, split in a character',
      'filename="=?utf-8?Q?=C3?=\r\n =?utf-8?Q?=A4.exe?="',
      'ä.exe',
      ['parameter-syntax', 'parameter-encoded-word'],
    ],
    ['spaces without quotes', 'filename=a b.exe', 'a b.exe', ['parameter-syntax']],
    ['brackets without quotes', 'filename=a (1).exe', 'a (1).exe', ['parameter-syntax']],
    ['a Windows path', 'filename="C:\\temp\\a.exe"', 'C:tempa.exe', ['parameter-syntax']],
    ['twice', 'filename=a.exe; filename=b.txt', 'a.exe', ['parameter-duplicate']],
    ['a dot at the end, which Windows drops', 'filename="a.exe."', 'a.exe.', ['filename-control']],
    ['a space at the end', 'filename="a.exe "', 'a.exe', ['filename-control']],
    ['a path', 'filename="../a.exe"', '../a.exe', ['filename-control']],
    ['a path of Windows', 'filename="..\\\\a.exe"', '..\\a.exe', ['filename-control']],
    [
      'a bidirectional override',
      "filename*=utf-8''a%e2%80%aetxt.exe",
      'a\u202etxt.exe',
      ['filename-control'],
    ],
    ['a character without width', "filename*=utf-8''a.e%e2%80%8bxe", 'a.e\u200bxe', ['filename-control']],
    ['a control character', "filename*=utf-8''a.exe%00.txt", 'a.exe\0.txt', ['filename-control']],
  ]
  for (const [why, parameters, name, flags = []] of rows) {
    const { part, flags: found } = readField('Content-Disposition', `attachment; ${parameters}`)
    t.equal(part.filename, name, why)
    t.strictSame(found, flags, why)
  }
  t.end()
})

t.test('names in two fields', t => {
  const named = (...fields: readonly string[]) => {
    const { rows, flags } = read(wire('MIME-Version: 1.0', ...fields, '', ''))
    return { name: rows[0]!.filename, flags: flags.map(flag => flag.slice(2)) }
  }
  const type = 'Content-Type: application/x-a; name='
  const disposition = 'Content-Disposition: attachment; filename='
  t.strictSame(named(`${type}a.exe`), { name: 'a.exe', flags: [] })
  t.strictSame(named(`${type}a.exe`, `${disposition}a.exe`), { name: 'a.exe', flags: [] })
  t.strictSame(named(`${type}a.txt`, `${disposition}a.exe`), { name: 'a.exe', flags: ['filename-disagrees'] })
  t.strictSame(named('Content-Type: application/x-a; filename=a.exe'), { name: 'a.exe', flags: [] })
  t.strictSame(named('Content-Disposition: attachment; name=a.exe'), { name: 'a.exe', flags: [] })
  // RFC 7578 §4.2
  t.strictSame(named('Content-Disposition: form-data; name=field', `${type}a.exe`), {
    name: 'a.exe',
    flags: [],
  })
  t.end()
})

t.test('of a name that is too long the end is kept', t => {
  const { part, flags } = readField('Content-Disposition', `attachment; filename="${'ä'.repeat(3000)}.exe"`)
  t.ok(part.filename.endsWith('ä.exe'))
  t.ok(Buffer.byteLength(part.filename) <= 4096)
  t.strictSame(flags, ['long-line', 'header-8bit', 'filename-control'])
  t.end()
})

t.test('encodings', t => {
  const rows: readonly Row[] = [
    ['base64', 'BASE64', 'base64'],
    ['quoted-printable', 'quoted-printable', 'quoted-printable'],
    ['8bit', '8bit', 'identity'],
    ['not in the standard', 'x-uuencode', 'uuencode', ['encoding-unknown']],
    ['a misspelling', 'quoted/printable', 'unknown', ['encoding-unknown']],
    ['another', '7-bit', 'unknown', ['encoding-unknown']],
    ['quotes', '"base64"', 'unknown', ['encoding-unknown']],
    ['nothing', '', 'unknown', ['encoding-unknown']],
    ['an encoded word', '=?utf-8?Q?base64?=', 'unknown', ['encoding-unknown']],
    ['a comment', '(x) base64', 'base64', ['encoding-unknown']],
    ['something behind it', 'base64 7bit', 'base64', ['encoding-unknown']],
    ['a parameter', 'base64; x=y', 'base64', ['encoding-unknown']],
  ]
  for (const [why, field, encoding, flags = []] of rows) {
    const { part, flags: found } = readField('Content-Transfer-Encoding', field)
    t.equal(part.encoding, encoding, why)
    t.strictSame(
      found.filter(flag => !flag.startsWith('base64') && !flag.startsWith('uuencode')),
      flags,
      why,
    )
  }
  t.end()
})

t.test('dispositions and identifiers', t => {
  t.equal(readField('Content-Disposition', 'Attachment').part.disposition, 'attachment')
  t.equal(readField('Content-Disposition', 'inline; filename=a').part.disposition, 'inline')
  t.equal(readField('Content-Disposition', 'x-strange').part.disposition, 'other')
  t.strictSame(readField('Content-Disposition', '; filename=a').flags, ['parameter-syntax'])
  t.equal(readField('Content-ID', ' <a@b> ').part.contentId, 'a@b')
  t.equal(readField('Content-ID', 'a@b').part.contentId, 'a@b')
  t.equal(read(wire('Subject: x', '', '')).rows[0]!.disposition, 'none')
  t.end()
})
