import fc from 'fast-check'
import t from 'tap'
import { parseFeatures } from '#delivery/features.ts'
import { type MalformedReply, ReplyReader, type ServerReply, textOfReply } from '#delivery/reply-reader.ts'

const read = (...chunks: (string | Uint8Array)[]): (ServerReply | MalformedReply)[] => {
  const reader = new ReplyReader()
  return chunks.flatMap(chunk => reader.read(Buffer.from(chunk)))
}

const one = (text: string): ServerReply => read(text)[0] as ServerReply

t.test('replies of one line and of several', t => {
  t.match(read('250 ok\r\n354 go\r\n'), [
    { code: 250, lines: ['ok'] },
    { code: 354, lines: ['go'] },
  ])
  t.match(read('250-a\r\n250-b\r\n', '250 c\r\n'), [{ code: 250, lines: ['a', 'b', 'c'] }])
  t.match(read('250\r\n'), [{ code: 250, lines: [''] }])
  t.match(read('250 ok\n'), [{ code: 250, lines: ['ok'] }], 'a lone LF ends a line, too')
  t.end()
})

t.test('an enhanced code counts when its class fits', t => {
  t.equal(one('550 5.1.1 no\r\n').enhanced, '5.1.1')
  t.equal(one('550-5.1.1 no\r\n550 5.1.1 user\r\n').enhanced, '5.1.1')
  t.equal(one('550 4.1.1 no\r\n').enhanced, undefined)
  t.equal(one('550 5.1.1.1 no\r\n').enhanced, undefined)
  t.equal(one('250 2.0.0\r\n').enhanced, '2.0.0')
  t.end()
})

t.test('what is no reply is said to be none', t => {
  for (const text of [
    'ok\r\n',
    '25 ok\r\n',
    '2500 ok\r\n',
    '150 ok\r\n',
    '650 ok\r\n',
    '290 ok\r\n',
    '250_ok\r\n',
    '\r\n',
    ' 250 ok\r\n',
  ])
    t.match(read(text), [{ kind: 'malformed-reply' }], JSON.stringify(text))
  t.match(read('250-a\r\n251 b\r\n'), [{ kind: 'malformed-reply', detail: 'the codes of one reply differ' }])
  t.end()
})

t.test('memory is bounded', t => {
  t.match(read('x'.repeat(3_000)), [{ kind: 'malformed-reply', detail: 'a reply line is too long' }])
  t.match(read(`250 ${'x'.repeat(3_000)}\r\n`), [{ detail: 'a reply line is too long' }])
  t.match(read('250-x\r\n'.repeat(128)), [{ detail: 'a reply has too many lines' }])
  t.ok(textOfReply(one(`250-${'x'.repeat(400)}\r\n250 ${'y'.repeat(400)}\r\n`)).length <= 500)
  t.end()
})

t.test('UTF-8 in a reply survives a cut in the middle of a character; controls do not survive at all', t => {
  const octets = Buffer.from('550 5.1.1 Jörg gibt es nicht\r\n')
  const [reply] = read(octets.subarray(0, 12), octets.subarray(12))
  t.equal(textOfReply(reply as ServerReply), '550 5.1.1 Jörg gibt es nicht')
  t.equal(textOfReply(one('550 \x1b[2Ja\u202eb\0\tc\r\n')), '550 ?[2Ja?b??c')
  t.end()
})

t.test('any octets in any cuts: the same replies, none of them with a control character', t => {
  const part = fc.oneof(
    fc.constantFrom('250 ok\r\n', '250-', '250 ', '\r\n', '\n', '\r', '5', '421 4.3.2 bye\r\n', '\0', '\xff'),
    fc.uint8Array({ maxLength: 6 }).map(octets => String.fromCharCode(...octets)),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), fc.array(fc.nat(100), { maxLength: 5 }), (parts, cuts) => {
      const octets = Buffer.from(parts.join(''), 'latin1')
      const places = [0, ...cuts.map(cut => Math.min(cut, octets.length)), octets.length].sort(
        (a, b) => a - b,
      )
      const upToError = (replies: (ServerReply | MalformedReply)[]) => {
        const at = replies.findIndex(reply => 'kind' in reply)
        return at === -1 ? replies : replies.slice(0, at + 1)
      }
      const whole = upToError(read(octets))
      const inParts = upToError(
        read(...places.slice(1).map((place, index) => octets.subarray(places[index], place))),
      )
      return (
        JSON.stringify(whole) === JSON.stringify(inParts) &&
        whole.every(reply => 'kind' in reply || !/[\x00-\x1f\x7f]/.test(reply.lines.join('')))
      )
    }),
    { numRuns: 1_000 },
  )
  t.end()
})

t.test('what EHLO offers', t => {
  const offered = parseFeatures(
    one(
      '250-mx hello\r\n250-pipelining\r\n250-SIZE 1000\r\n250-LIMITS RCPTMAX=20 MAILMAX=5 OTHER=x\r\n250-AUTH=LOGIN\r\n250-CHUNKING\r\n250 __proto__ yes\r\n',
    ),
  )
  t.match(offered, {
    pipelining: true,
    chunking: true,
    size: 1_000,
    recipients: 20,
    transactions: 5,
    dsn: false,
  })
  t.equal(parseFeatures(one('250-mx\r\n250 SIZE\r\n')).size, Number.POSITIVE_INFINITY)
  t.equal(parseFeatures(one('250-mx\r\n250 SIZE 0\r\n')).size, Number.POSITIVE_INFINITY)
  t.equal(parseFeatures(one('250-mx\r\n250 SIZE 9999999999999999999999\r\n')).size, Number.POSITIVE_INFINITY)
  t.equal(parseFeatures(one('250 PIPELINING\r\n')).pipelining, false, 'the first line is a greeting')
  t.end()
})
