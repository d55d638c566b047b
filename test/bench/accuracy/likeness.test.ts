/** Copies of a mail are recognised by what they say, and different mails are not taken for copies. */
import t from 'tap'
import { plainText, senderOf, textKey } from '../../../bench/accuracy/likeness.ts'

const said = 'Our office is closed on Monday and on Tuesday, and we are back for you on Wednesday morning.'
const mail = (body: string, from = 'Ann <ann@example.com>') => `From: ${from}\nSubject: one\n\n${body}\n`

t.test('a copy with other line breaks, capitals, digits, links or tags is a copy', async t => {
  const key = textKey(mail(said))
  for (const [what, body] of [
    ['line breaks', said.replaceAll(' ', '\r\n')],
    ['capitals', said.toUpperCase()],
    ['digits', `${said} 4711-0815`],
    ['a link and an address', `${said} http://example.net/a?b=c someone@example.org`],
    ['HTML', `<html><p style="x">${said.replaceAll('and', '<b>and</b>')}</p></html>`],
    ['quoted-printable', said.replaceAll('closed', 'clo=\nsed').replaceAll(',', '=2C')],
  ] as const)
    t.equal(textKey(mail(body)), key, what)
  t.equal(textKey(`Subject: another\r\n\r\n${said}`), key, 'the header does not matter')
})

t.test('another text is another mail, and a mail without text is like none but itself', async t => {
  t.not(textKey(mail(said)), textKey(mail(said.replace('Monday', 'Friday'))))
  t.not(textKey(mail('1', 'a@example.com')), textKey(mail('2', 'a@example.com')))
  t.equal(textKey(mail('1')), textKey(mail('1')))
  t.equal(plainText('Subject: no body at all'), '')
})

t.test('the sender is the domain in From, without the names below it', async t => {
  t.equal(senderOf(mail(said)), 'example.com')
  t.equal(senderOf(mail(said, '"x@bank.example" <ann@news.Example.ORG.>')), 'example.org')
  t.equal(senderOf(`Subject: x\nFrom: Ann\n <ann@mail.example.net>\n\nFrom: x@example.com`), 'example.net')
  t.equal(senderOf('Subject: no sender\n\nFrom: x@example.com'), '?')
})
