import fc from 'fast-check'
import t from 'tap'
import type { Address } from '#mail/address.ts'
import { fieldsOf } from '#policy/fields.ts'
import { opinionOf } from './mail.ts'

const all = ['flag', 'score', 'symbols', 'report', 'recipient'] as const

t.test('fields stand in the order that was asked for, and one with nothing to say is left out', async t => {
  t.strictSame(fieldsOf(['score', 'flag', 'recipient'], { flag: 'NO', opinion: opinionOf(0.25) }), [
    'X-Sluice-Spam-Score: 0.2500',
    'X-Sluice-Spam-Flag: NO',
  ])
})

t.test('a score is rounded down, so that it never looks like a band that it is not in', async t => {
  const scoreOf = (score: number) => fieldsOf(['score'], { flag: 'YES', opinion: opinionOf(score) })[0]
  t.equal(scoreOf(0.899_999_9), 'X-Sluice-Spam-Score: 0.8999')
  t.equal(scoreOf(1 - 1e-12), 'X-Sluice-Spam-Score: 0.9999')
  t.equal(scoreOf(1e-12), 'X-Sluice-Spam-Score: 0.0000')
})

t.test('a report says what each symbol means, folded at spaces', async t => {
  const symbols = [
    {
      name: 'FROM_NAME_IS_ADDRESS',
      weight: 1.2,
      sentence: 'the name of the sender is an address of somebody else',
    },
    { name: 'LIST', weight: -0.5, sentence: 'it came over a mailing list' },
  ]
  t.equal(
    fieldsOf(['report'], { flag: 'YES', opinion: opinionOf(0.9, symbols) })[0],
    [
      'X-Sluice-Spam-Report: FROM_NAME_IS_ADDRESS=+1.20: the name of the sender is an',
      ' address of somebody else, LIST=-0.50: it came over a mailing list',
    ].join('\r\n'),
  )
})

t.test(
  'whatever a name, a sentence or an address holds, a field is one field of printable ASCII',
  async () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constant('a\r\nBcc: x@example.org\r\n\r\nb'),
      fc.constant('😀'.repeat(300)),
    )
    const symbol = fc.record({ name: text, weight: fc.double({ noNaN: true }), sentence: text })
    fc.assert(
      fc.property(
        fc.array(symbol, { maxLength: 30 }),
        fc.array(text, { maxLength: 60 }),
        (symbols, recipients) => {
          const fields = fieldsOf(all, {
            flag: 'YES',
            opinion: opinionOf(0.5, symbols),
            recipients: recipients as Address[],
          })
          for (const field of fields) {
            // RFC 5322 §2.2: a name, a colon, lines that begin with a space, and nothing else.
            if (!/^X-Sluice-Spam-[A-Z][a-z]+: [ -~]*(\r\n [ -~]*\S[ -~]*)*$/.test(field))
              throw new Error(field)
            if (field.split('\r\n').some(line => line.length > 998)) throw new Error(field)
          }
        },
      ),
    )
  },
)
