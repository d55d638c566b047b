/** A mail whose texts are replaced is otherwise the mail that it was, and says what it was made to say. */
import t from 'tap'
import { rewriteMail, textsOf } from '../../../bench/accuracy/rewrite.ts'

const longer = (text: string): string => text.replaceAll('e', 'е€')
const same = (text: string): string => text

const mixed = (encoding: string, body: string, charset = 'iso-8859-1') => `Subject: Offer of the week
Content-Type: multipart/mixed; boundary="a b"

preamble
--a b
Content-Type: multipart/alternative;
 boundary=inner

--inner
Content-Type: text/plain;
 charset=${charset}
Content-Transfer-Encoding: ${encoding}

${body}
--inner--
--a b
Content-Type: image/png

eeee
--a b--
epilogue
`

const texts = (octets: string) => textsOf(octets).map(({ text }) => text.trimEnd())

t.test('every encoding for transfer is read, and written again', async t => {
  for (const [encoding, body, text] of [
    ['7bit', 'see here', 'see here'],
    ['8bit', 'caf\xe9 here', 'café here'],
    ['quoted-printable', 'caf=E9 he=\nre, =3D', 'café here, ='],
    ['base64', Buffer.from('caf\xe9 here', 'latin1').toString('base64'), 'café here'],
  ] as const) {
    t.strictSame(texts(mixed(encoding, body)), [text], encoding)
    const rewritten = rewriteMail(mixed(encoding, body), longer)
    t.strictSame(texts(rewritten), [longer(text)], `${encoding}, rewritten`)
    t.match(rewritten, new RegExp(`charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n`))
    t.match(rewritten, 'Content-Type: image/png\n\neeee\n--a b--\nepilogue\n', 'what is no text stays')
  }
})

t.test('long lines of quoted-printable are broken, and no escape is', async t => {
  const body = `${'wee '.repeat(60)}=20`
  const rewritten = rewriteMail(mixed('quoted-printable', body), longer)
  t.strictSame(texts(rewritten), [longer('wee '.repeat(60)).trimEnd()])
  t.ok(Math.max(...rewritten.split('\n').map(({ length }) => length)) <= 76)
})

t.test('a text that comes back as it was leaves the mail octet for octet', async t => {
  for (const octets of [
    mixed('quoted-printable', 'caf=E9 =\nx'),
    'Subject: x\r\n\r\nbody\r\n',
    'no header',
    '',
  ])
    t.equal(rewriteMail(octets, same), octets)
})

t.test('a mail without a type is plain text, and gets one', async t => {
  const rewritten = rewriteMail('Subject: here\n\nsee here\n', longer)
  t.match(rewritten, /^Content-Type: text\/plain; charset=utf-8\nSubject: =\?utf-8\?B\?/)
  t.strictSame(texts(rewritten), [longer('see here')])
})

t.test('a changed subject is encoded words of at most 75 characters', async t => {
  const subject = 'the very best of these '.repeat(8).trim()
  const rewritten = rewriteMail(`Subject: ${subject}\n\nx\n`, longer)
  const words = [...rewritten.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)]
  t.equal(words.map(([, word]) => Buffer.from(word!, 'base64').toString()).join(''), longer(subject))
  t.ok(words.every(([word]) => word.length <= 75))
})

t.test('a charset that nobody knows, and a boundary that never comes, are no obstacle', async t => {
  t.strictSame(texts(mixed('8bit', 'see', 'x-unknown')), ['see'])
  const broken = 'Content-Type: multipart/mixed; boundary=gone\n\nsee\n'
  t.equal(rewriteMail(broken, longer), broken)
})
