/** Reading files of mail: one message or an mbox, LF or CRLF, and what is no mail. */
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { findFiles } from '#content/spam/training/find-files.ts'
import { asOnTheWire, largestMail, pieceForReading, readMailbox } from '#content/spam/training/mailbox.ts'

function read(path: string) {
  const mails: string[] = []
  const skipped: string[] = []
  readMailbox(path, pieceForReading(), {
    mail: (octets, ordinal) => mails.push(`${ordinal} ${octets.toString('latin1')}`),
    skipped: (reason, ordinal) => skipped.push(`${ordinal} ${reason}`),
  })
  return { mails, skipped }
}

t.test('without any CRLF each LF becomes one, else all stays as it is', async () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', 'é'), { maxLength: 12 }), pieces => {
      const text = pieces.join('')
      const expected = text.includes('\r\n') ? text : text.replaceAll('\n', '\r\n')
      return asOnTheWire(Buffer.from(text, 'latin1')).toString('latin1') === expected
    }),
  )
})

t.test('mails come with their number in an mbox; what is no mail among them is told by it', async t => {
  const folder = t.testdir()
  const from = 'From a@example.org Tue Mar  5 10:11:12 2024\n'
  writeFileSync(join(folder, 'mbox'), `${from}A: b\n\nc\n\n${from}\n${from}no header\n\n${from}D: e\n\n`)
  t.same(read(join(folder, 'mbox')), {
    mails: ['1 A: b\r\n\r\nc\r\n', '4 D: e\r\n'],
    skipped: ['2 it is empty', '3 it is no mail: it does not begin with a header field'],
  })
})

t.test('a mail larger than a piece is read whole, one above the limit is told', async t => {
  const folder = t.testdir()
  const long = `A: b\r\n\r\n${'0123456789abcde\r\n'.repeat(50_000)}`
  writeFileSync(join(folder, 'long.eml'), long)
  t.same(read(join(folder, 'long.eml')).mails, [`0 ${long}`])
  writeFileSync(join(folder, 'huge.eml'), Buffer.alloc(largestMail + 2 ** 19, 'A: b\r\n'))
  t.same(read(join(folder, 'huge.eml')), { mails: [], skipped: ['0 it is larger than 64 MiB'] })
  t.match(read(join(folder, 'absent')).skipped[0], /ENOENT/)
})

t.test(
  'links to folders are not followed, links to files are, and the order is that of the names',
  async t => {
    const folder = t.testdir({ b: { 'x.eml': 'A: b\n' }, 'a.eml': 'A: b\n' })
    symlinkSync(folder, join(folder, 'b', 'round'))
    symlinkSync(join(folder, 'a.eml'), join(folder, 'b', 'linked.eml'))
    t.same(findFiles(folder), {
      files: ['a.eml', 'b/linked.eml', 'b/x.eml'].map(name => join(folder, name)),
    })
    t.same(findFiles(join(folder, 'a.eml')), { files: [join(folder, 'a.eml')] })
    t.match(findFiles(join(folder, 'absent')), { refusal: /There is no/ })
  },
)
