import t from 'tap'
import { decoders } from './decoders.ts'

interface Row {
  readonly why: string
  readonly label: string
  /** Each character is an octet. */
  readonly octets: string
  readonly text: string
  readonly flags?: readonly string[]
}

const broken = ['charset-broken']
const x = '\ufffd'

const rows: readonly Row[] = [
  {
    why: 'UTF-8',
    label: 'utf-8',
    octets: 'Gr\xc3\xbc\xc3\x9fe \xe2\x82\xac \xf0\x9f\x98\x80',
    text: 'Grüße € 😀',
  },
  { why: 'its mark is no text', label: 'UTF8', octets: '\xef\xbb\xbfHi', text: 'Hi' },
  { why: 'but only at the beginning', label: 'utf-8', octets: 'a\xef\xbb\xbfb', text: 'a\ufeffb' },
  {
    why: 'overlong forms hide characters and are none',
    label: 'utf-8',
    octets: '\xc0\xbcscript\xe0\x80\xbc',
    text: `${x}${x}script${x}${x}${x}`,
    flags: broken,
  },
  { why: 'nor are surrogates', label: 'utf-8', octets: '\xed\xa0\x80', text: `${x}${x}${x}`, flags: broken },
  {
    why: 'nor what is beyond Unicode',
    label: 'utf-8',
    octets: '\xf4\x90\x80\x80',
    text: x.repeat(4),
    flags: broken,
  },
  {
    why: 'the beginning of a character is one error, and gives the next octet back',
    label: 'utf-8',
    octets: '\xe2\x82<\xf0\x9f\x98',
    text: `${x}<${x}`,
    flags: broken,
  },
  { why: 'U+FFFD itself is a character', label: 'utf-8', octets: '\xef\xbf\xbd', text: x },
  {
    why: 'iso-8859-1 is windows-1252: so mail programs read it',
    label: 'ISO-8859-1',
    octets: '\x80\xe9\x81',
    text: '€é\x81',
  },
  { why: 'iso-8859-9 is windows-1254', label: 'iso-8859-9', octets: '\xdd\xfe', text: 'İş' },
  { why: 'iso-8859-16, which ICU lacks', label: 'iso-8859-16', octets: '\xaa\xde\xfe', text: 'ȘȚț' },
  { why: 'koi8-r', label: 'koi8-r', octets: '\xf0\xf2\xe9', text: 'ПРИ' },
  { why: 'koi8-u', label: 'koi8-ru', octets: '\xa4\xae', text: 'єў' },
  {
    why: 'an octet that a table does not have',
    label: 'iso-8859-7',
    octets: 'a\xffb',
    text: `a${x}b`,
    flags: broken,
  },
  { why: 'UTF-16 without a mark is little endian', label: 'utf-16', octets: 'H\0i\0', text: 'Hi' },
  {
    why: 'a mark says the order, whatever the label',
    label: 'utf-16le',
    octets: '\xfe\xff\0H\0i',
    text: 'Hi',
  },
  { why: 'pairs of surrogates', label: 'utf-16be', octets: '\xd8\x3d\xde\x00', text: '😀' },
  { why: 'lonely ones', label: 'utf-16be', octets: '\xd8\x3d\0A\xde\x00', text: `${x}A${x}`, flags: broken },
  { why: 'half a unit', label: 'utf-16be', octets: '\0A\0', text: `A${x}`, flags: broken },
  { why: 'Shift_JIS', label: 'Shift_JIS', octets: '\x82\xb1\x83\x5c\xb1', text: 'こソｱ' },
  { why: 'the characters of NEC and IBM', label: 'windows-31j', octets: '\x87\x40\xfa\x40', text: '①ⅰ' },
  { why: 'euc-jp', label: 'euc-jp', octets: '\xa4\xb3\x8e\xb1\x8f\xb0\xa1', text: 'こｱ丂' },
  {
    why: 'what ICU has behind 0x8E and the standard does not, amid other pairs',
    label: 'euc-jp',
    octets: '\xa4\xb3\x8e\xe0\xa4\xb3',
    text: `こ${x}こ`,
    flags: broken,
  },
  { why: 'ISO-2022-JP', label: 'iso-2022-jp', octets: 'a\x1b$B$3\x1b(B<\x1b(J\\\x1b(I1', text: 'aこ<¥ｱ' },
  {
    why: 'an escape that is none stays to be read',
    label: 'iso-2022-jp',
    octets: 'a\x1b[1mb\x1b$',
    text: `a${x}[1mb${x}$`,
    flags: broken,
  },
  {
    why: 'ks_c_5601-1987 is windows-949, with all syllables',
    label: 'ks_c_5601-1987',
    octets: '\x8cc\xb0\xa1',
    text: '똠가',
  },
  {
    why: 'big5 with the characters of Hong Kong',
    label: 'big5',
    octets: '\xa4@\x88\x40\x88\x62',
    text: '一㇀Ê̄',
  },
  { why: 'gb2312 is gb18030', label: 'gb2312', octets: '\xc4\xe3\x80\x81\x30\x84\x36', text: '你€¥' },
  { why: 'with all of Unicode', label: 'gb18030', octets: '\x94\x39\xfc\x36', text: '😀' },
  {
    why: 'a broken lead octet does not take ASCII along: a tag or a word would be hidden',
    label: 'big5',
    octets: '\x83<b>\xff\x83',
    text: `${x}<b>${x}${x}`,
    flags: broken,
  },
  { why: 'in Shift_JIS', label: 'shift_jis', octets: '\x81<\x81\xff', text: `${x}<${x}`, flags: broken },
  {
    why: 'in gb18030, where digits may follow',
    label: 'gbk',
    octets: '\x81\x30<\x81\x30\x81<',
    text: `${x}0<${x}0${x}<`,
    flags: broken,
  },
  {
    why: 'UTF-7, in which markup can hide',
    label: 'utf-7',
    octets: 'Hi +ADw-b+AD4 +-',
    text: 'Hi <b> +',
    flags: ['charset-utf7'],
  },
  { why: 'with surrogates', label: 'utf-7', octets: '+2D3eAA-', text: '😀', flags: ['charset-utf7'] },
  {
    why: 'what is left over, octets above 127, and a plus without anything',
    label: 'unicode-1-1-utf-7',
    octets: '+ADwA-\xe4+',
    text: `<${x}${x}${x}`,
    flags: ['charset-utf7', 'charset-broken'],
  },
  {
    why: 'HZ, which browsers give up but mail programs do not',
    label: 'hz-gb-2312',
    octets: 'a~{<:Ky~}~~~\r\nb~\nc',
    text: 'a己所~bc',
  },
  { why: 'ISO-2022-KR', label: 'iso-2022-kr', octets: '\x1b$)Ca\x0e0!\x0f<', text: 'a가<' },
  { why: 'ISO-2022-CN', label: 'iso-2022-cn', octets: '\x1b$)A\x0e<:\x0f<', text: '己<' },
  {
    why: 'and its other sets, one error a pair',
    label: 'iso-2022-cn',
    octets: '\x1b$)G\x0eD!\x1b$*H\x1bNa!\x0f<',
    text: `${x}${x}<`,
    flags: broken,
  },
  {
    why: 'an unknown label: every octet is a character',
    label: 'x-nonsense',
    octets: 'a\xe9',
    text: 'aé',
    flags: ['charset-unknown'],
  },
  {
    why: '"replacement" is none',
    label: 'replacement',
    octets: 'a\xe9',
    text: 'aé',
    flags: ['charset-unknown'],
  },
  { why: 'a label may stand in white space', label: ' \tUTF-8\r\n', octets: '\xc3\xa9', text: 'é' },
  { why: 'ASCII without a label', label: '', octets: 'plain\r\n', text: 'plain\r\n' },
  {
    why: 'UTF-8 without a label',
    label: '',
    octets: '\xef\xbb\xbf\xc3\xa9',
    text: 'é',
    flags: ['charset-missing'],
  },
  {
    why: 'each line for itself: signatures and quotations come from other programs',
    label: 'us-ascii',
    octets: '\xc3\xa9\n\xe9\n\xc3\xa9',
    text: 'é\né\né',
    flags: ['charset-missing'],
  },
  {
    why: 'a run is 1,024 octets at most, and does not cut a character',
    label: '',
    octets: `${'a'.repeat(1_023)}\xc3\xa9${'b'.repeat(1_022)}\xe9`,
    text: `${'a'.repeat(1_023)}é${'b'.repeat(1_022)}é`,
    flags: ['charset-missing'],
  },
  {
    why: 'what is no UTF-8 takes its run along, not more',
    label: 'ascii',
    octets: `\xe9\xc3\xa9${'a'.repeat(1_021)}\xc3\xa9`,
    text: `éÃ©${'a'.repeat(1_021)}é`,
    flags: ['charset-missing'],
  },
]

for (const decoder of decoders) {
  t.test(`${decoder.language} decodes charsets as the table says, however they are cut`, async t => {
    for (const { why, label, octets, text, flags = [] } of rows) {
      const wire = Buffer.from(octets, 'latin1')
      for (const pieces of [[wire], Array.from(wire, octet => Buffer.of(octet))]) {
        const got = decoder.decodeText(label, pieces)
        t.equal(got.utf8.toString(), text, why)
        t.strictSame(got.flags, flags, why)
        t.ok(got.ended, 'the sink is ended')
      }
      const short = decoder.decodeShort(label, wire)
      const clean = !flags.includes('charset-broken') && !flags.includes('charset-unknown')
      t.strictSame({ text: short.utf8.toString(), clean: short.clean }, { text, clean }, why)
    }
  })

  t.test(`${decoder.language} tells which labels are known`, async t => {
    const known = [
      '',
      'utf-8',
      'UTF-8',
      ' latin1 ',
      'iso_8859-4:1988',
      'cp1251',
      'ks_c_5601-1987',
      'utf-7',
      'hz-gb-2312',
    ]
    for (const label of known) t.ok(decoder.isKnownCharset(label), label)
    const unknown = [
      'utf-9',
      'replacement',
      'utf-8 utf-16',
      'latin1 l1',
      '\xa0utf-8',
      '__proto__',
      'constructor',
      'x'.repeat(99),
    ]
    for (const label of unknown) t.notOk(decoder.isKnownCharset(label), label)
  })
}
