import t from 'tap'
import { flagsOfHeader, read, wire } from './reading.ts'

const subject = (value: string) =>
  read(wire(`Subject: ${value}`, '', '')).fields[0]!.slice('subject: '.length)

t.test('encoded words are undone', t => {
  const rows: readonly (readonly [why: string, value: string, text: string, flags?: readonly string[]])[] = [
    ['quoted-printable of its own kind', '=?utf-8?Q?a_=C3=A4?=', 'a ä'],
    ['base64', '=?UTF-8?b?w6Q=?=', 'ä'],
    ['another charset', '=?iso-8859-1?q?=E4?=', 'ä'],
    ['with a language (RFC 2231 §5)', '=?iso-8859-1*de?q?=E4?=', 'ä'],
    ['among words', 'a =?utf-8?Q?b?= c', 'a b c'],
    ['white space between two is not shown', '=?utf-8?Q?a?=  =?utf-8?Q?b?=', 'ab'],
    ['nor is a fold', '=?utf-8?Q?a?=\r\n\t=?utf-8?Q?b?=', 'ab'],
    // Mailers that count octets split characters; the parts alone are no characters.
    ['a character in two words', '=?utf-8?Q?=C3?= =?UTF-8?B?pA==?=', 'ä'],
    ['two charsets', '=?utf-8?Q?a?= =?iso-8859-1?Q?=E4?=', 'aä'],
    ['in the middle of a word, as mail programs read it', 'x=?utf-8?Q?a?=y', 'xay'],
    ['in quotes, as mail programs read it', '"=?utf-8?Q?a?=" <a@b>', '"a" <a@b>'],
    ['an empty one', '=?utf-8?Q??=', ''],
    // From here on the standard says otherwise, or programs do.
    ['white space in it', '=?utf-8?Q?a b?=', 'a b', ['encoded-word']],
    ['a question mark in it', '=?utf-8?Q?really??=', 'really?', ['encoded-word']],
    ['an escape that is none', '=?utf-8?Q?=G1?=', '=G1', ['encoded-word']],
    ['base64 without padding', '=?utf-8?B?w6Q?=', 'ä', ['encoded-word']],
    ['base64 with something behind its padding', '=?utf-8?B?w6Q=YQ==?=', 'ä', ['encoded-word']],
    ['base64 with other characters', '=?utf-8?B?w-6Q=?=', 'ä', ['encoded-word']],
    ['an unknown charset', '=?x-nobody?Q?=E4?=', 'ä', ['encoded-word']],
    ['octets that the charset does not have', '=?utf-8?Q?=E4?=', '\ufffd', ['encoded-word']],
    ['no charset', '=??Q?a?=', 'a', ['encoded-word']],
    [
      'a line break behind decoding (header smuggling)',
      '=?utf-8?Q?a=0D=0ABcc:_b?=',
      'a\r\nBcc: b',
      ['encoded-word'],
    ],
    ['no end', '=?utf-8?Q?abc', '=?utf-8?Q?abc'],
    ['no encoding', '=?utf-8?abc?=', '=?utf-8?abc?='],
    ['another encoding', '=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
    ['a beginning in a beginning', '=?=?utf-8?Q?a?=', '=?a'],
  ]
  for (const [why, value, text, flags = []] of rows) {
    t.equal(subject(value), text, why)
    t.strictSame(flagsOfHeader(`Subject: ${value}`), flags, why)
  }
  t.end()
})
