/** Mbox files: every list of messages comes back from the file that was made of it, however it is cut into pieces. */
import fc from 'fast-check'
import t from 'tap'
import { isSeparator, MboxSplitter } from '#content/spam/training/mbox.ts'

const separator = 'From writer@example.org Thu Jan  1 00:00:00 1970\n'

/** As mboxrd is written. */
const mboxrd = (messages: readonly string[]) =>
  messages.map(text => `${separator}${text.replace(/^(>*From )/gm, '>$1')}\n`).join('')

function split(octets: Buffer, cuts: readonly number[] = [], limit = 1_000_000): (string | undefined)[] {
  const found: (string | undefined)[] = []
  const splitter = new MboxSplitter(
    { message: message => found.push(message.toString('latin1')), tooLarge: () => found.push(undefined) },
    limit,
  )
  let start = 0
  for (const cut of [...cuts.map(each => each % (octets.length + 1)).sort((a, b) => a - b), octets.length]) {
    splitter.write(octets.subarray(start, cut))
    start = cut
  }
  splitter.end()
  return found
}

t.test('what was written as mboxrd is read again, octet for octet, however it is cut', async () => {
  const line = fc.oneof(
    fc.constantFrom(
      '',
      '',
      'From ',
      'From me to you',
      '>From ',
      '>>From you',
      '>',
      '\r',
      separator.trim(),
      'Subject: x',
    ),
    fc.string({ maxLength: 20 }).map(text => text.replaceAll('\n', '')),
  )
  const message = fc
    .array(line, { minLength: 1, maxLength: 8 })
    .map(lines => Buffer.from(`${lines.join('\n')}\n`).toString('latin1'))
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 5 }),
      fc.array(fc.nat(2_000), { maxLength: 6 }),
      (messages, cuts) => {
        const found = split(Buffer.from(mboxrd(messages), 'latin1'), cuts)
        return JSON.stringify(found) === JSON.stringify(messages)
      },
    ),
    { numRuns: 500 },
  )
})

t.test(
  'a line that only begins with "From " is text, and so is a separator in the middle of a paragraph',
  async t => {
    const text = `A: b\n\nFrom here on it is text.\n\nFrom now on, too.\nFrom x Thu Jan  1 00:00:00 1970\nend\n`
    t.same(split(Buffer.from(`${separator}${text}\n${separator}C: d\n\n`)), [text, 'C: d\n'])
  },
)

t.test('mboxo, with CRLF, and without an end of the last line', async t => {
  t.same(split(Buffer.from(`${separator}A: b\n\n>From me\n\n`)), ['A: b\n\nFrom me\n'])
  const crlf = separator.replace('\n', '\r\n')
  t.same(split(Buffer.from(`${crlf}A: b\r\n\r\ntext\r\n\r\n${crlf}C: d\r\n\r\n`)), [
    'A: b\r\n\r\ntext\r\n',
    'C: d\r\n',
  ])
  t.same(split(Buffer.from(`${separator}A: b\n\ntext`)), ['A: b\n\ntext'])
})

t.test('a message above the limit is told and left out, and those beside it are read', async t => {
  const large = `A: b\n\n${'word '.repeat(100)}\n`
  const mbox = Buffer.from(mboxrd(['C: d\n', large, 'E: f\n']))
  for (const cuts of [[], [60, 61, 200, 300]]) t.same(split(mbox, cuts, 200), ['C: d\n', undefined, 'E: f\n'])
  t.same(split(Buffer.from(mboxrd([`A: b\n\n${'x'.repeat(1_000)}\n${'y'.repeat(1_000)}\n`])), [], 200), [
    undefined,
  ])
})

t.test('separators of the programs that write them', async t => {
  const lines = [
    'From a@example.org Tue Mar  5 10:11:12 2024',
    'From - Tue Mar 05 10:11:12 2024',
    'From 1790000000000000000@xxx Tue Mar 05 10:11:12 +0000 2024',
    'From "a b"@example.org Tue Mar 5 10:11 2024',
  ]
  for (const line of lines) t.ok(isSeparator(Buffer.from(line)), line)
  for (const line of ['From here on', 'From', 'from a 10:11:12 2024', 'Fromage 10:11 2024'])
    t.notOk(isSeparator(Buffer.from(line)), line)
})
