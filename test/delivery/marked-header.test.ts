import fc from 'fast-check'
import t from 'tap'
import { markedHeader } from '#delivery/marked-header.ts'

const header = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const received = 'Received: from a\r\n\tby b'

/** The header as it leaves, or the same when nothing is to be done. */
function leaves(
  head: string,
  subject?: string,
  fields: readonly string[] = [],
  fromStrangers = true,
): string {
  const mark =
    subject === undefined && fields.length === 0 ? undefined : { fields, ...(subject && { subject }) }
  return markedHeader(Buffer.from(head, 'latin1'), { mark, fromStrangers })?.toString('latin1') ?? head
}

t.test('fields of ours go before everything else, and the rest stays octet for octet', async t => {
  const head = header(received, 'Subject: a\xe9', 'DKIM-Signature: v=1;\r\n b=x')
  t.equal(
    leaves(head, undefined, ['X-Sluice-Spam-Flag: YES', 'X-Sluice-Spam-Symbols: A=+1.00,\r\n B=+2.00']),
    `X-Sluice-Spam-Flag: YES\r\nX-Sluice-Spam-Symbols: A=+1.00,\r\n B=+2.00\r\n${head}`,
  )
})

t.test('a field of a stranger under one of our names is taken away, however it is written', async t => {
  for (const forged of [
    'X-Sluice-Spam-Flag: NO',
    'x-sluice-spam-flag:NO',
    'X-SLUICE-Spam-Flag : NO',
    'X-Sluice-Whatever: a\r\n folded\r\n\tand folded again',
  ]) {
    t.equal(leaves(header(received, forged, 'Subject: a')), header(received, 'Subject: a'), forged)
    t.equal(leaves(header(received, 'Subject: a', forged)), header(received, 'Subject: a'), `${forged} last`)
    t.equal(leaves(`${received}\r\n${forged}\r\n`), `${received}\r\n`, `${forged} without a body`)
    t.equal(leaves(`${received}\r\n${forged}`), `${received}\r\n`, `${forged} without an end`)
  }
  t.equal(leaves(header('X-Sluice: a', 'A: X-Sluice-Spam')), header('X-Sluice: a', 'A: X-Sluice-Spam'))
})

t.test('what our own machines wrote stays', async t => {
  const head = header(received, 'X-Sluice-Spam-Flag: YES')
  t.equal(leaves(head, undefined, [], false), head)
})

/** Subject before → after, with the prefix `[SPAM]`. */
const subjects: readonly [why: string, before: string, after: string][] = [
  ['plain', 'Subject: hello', 'Subject: [SPAM] hello'],
  ['without a space', 'Subject:hello', 'Subject: [SPAM] hello'],
  ['in capitals, with the space of old', 'SUBJECT : hello', 'SUBJECT : [SPAM] hello'],
  ['empty', 'Subject:', 'Subject: [SPAM]'],
  ['blank', 'Subject: ', 'Subject: [SPAM] '],
  ['encoded', 'Subject: =?utf-8?Q?h=C3=A9?=', 'Subject: [SPAM] =?utf-8?Q?h=C3=A9?='],
  ['raw octets', 'Subject: h\xe9', 'Subject: [SPAM] h\xe9'],
  ['folded at once', 'Subject:\r\n hello', 'Subject: [SPAM]\r\n hello'],
  ['marked before', 'Subject: [SPAM] hello', 'Subject: [SPAM] hello'],
  [
    // RFC 2047 §2: a line with an encoded word has 76 characters at most.
    'so long that it must be folded',
    `Subject: =?utf-8?Q?${'a'.repeat(50)}?= b`,
    `Subject: [SPAM]\r\n =?utf-8?Q?${'a'.repeat(50)}?= b`,
  ],
  ['long without a space', `Subject:${'a'.repeat(70)}`, `Subject: [SPAM]\r\n ${'a'.repeat(70)}`],
]

t.test('a prefix goes before the subject in every form that a subject has', async t => {
  for (const [why, before, after] of subjects)
    t.equal(leaves(header(received, before, 'To: a'), '[SPAM]'), header(received, after, 'To: a'), why)
})

t.test('a message without a subject gets one, and of two each is marked', async t => {
  t.equal(leaves(header(received), '[SPAM]'), `Subject: [SPAM]\r\n${header(received)}`)
  t.equal(
    leaves(header('Subject: a', 'Subject: b'), '[SPAM]'),
    header('Subject: [SPAM] a', 'Subject: [SPAM] b'),
  )
})

t.test('a prefix beyond ASCII is an encoded word, and its space is kept before another one', async t => {
  const words = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`
  t.equal(leaves(header('Subject: a'), 'Müll'), header(`Subject: ${words('Müll')} a`))
  t.equal(leaves(header('Subject: =?x?Q?a?='), 'Müll'), header(`Subject: ${words('Müll ')} =?x?Q?a?=`))
  const long = leaves(header('Subject: a'), '迷'.repeat(40))
  for (const word of long.match(/=\?\S+/g)!) t.ok(word.length <= 75, word)
})

t.test(
  'whatever the header is, nothing is lost of it but what is ours, and what is added is ASCII',
  async () => {
    const line = fc.oneof(
      fc.constantFrom(
        'X-Sluice-Spam-Flag: NO',
        'Subject: a',
        'Subject:',
        ' folded',
        '\tmore',
        'no field',
        '',
      ),
      fc.string({ unit: fc.integer({ min: 32, max: 255 }).map(code => String.fromCharCode(code)) }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('[SPAM]', 'Müll'), (lines, subject) => {
        const head = `${lines.join('\r\n')}\r\n\r\n`
        const end = head.indexOf('\r\n\r\n') + 4
        const marked = leaves(head.slice(0, end), subject, ['X-Sluice-Spam-Flag: YES'])
        const kept = leaves(head.slice(0, end))
        let at = 0
        for (const octet of kept) {
          const found = marked.indexOf(octet, at)
          if (found < 0) throw new Error(`${JSON.stringify(kept)} is not in ${JSON.stringify(marked)}`)
          if (!/^[\r\n -~]*$/.test(marked.slice(at, found))) throw new Error('something else than ASCII')
          at = found + 1
        }
        if (!marked.startsWith('X-Sluice-Spam-Flag: YES\r\n')) throw new Error(marked)
      }),
    )
  },
)
