import fc from 'fast-check'
import t from 'tap'
import {
  decodeXtext,
  encodeXtext,
  formatOriginalRecipient,
  parseEnvelopeId,
  parseOriginalRecipient,
} from '../../src/mail/xtext.ts'

t.test('xtext is read to the letter (RFC 3461 §4)', async t => {
  const rows: readonly (readonly [string, string | undefined, string])[] = [
    ['', '', 'nothing says nothing'],
    ['QQ314159', 'QQ314159', 'plain characters'],
    ['a+2Bb', 'a+b', 'a plus'],
    ['a+3Db', 'a=b', 'an equals sign'],
    ['a+20b', 'a b', 'a space'],
    ['a+2b', undefined, 'lower-case hexadecimal'],
    ['a+2', undefined, 'half a number'],
    ['a+', undefined, 'none'],
    ['a=b', undefined, 'a bare equals sign'],
    ['a b', undefined, 'a bare space'],
    ['a+0D+0AQUIT', undefined, 'a line end: it would come back in a command of ours'],
    ['a+00', undefined, 'NUL'],
    ['a+7F', undefined, 'DEL'],
    ['a+FF', undefined, 'not ASCII'],
    ['ü', undefined, 'not ASCII'],
  ]
  for (const [text, expected, why] of rows) t.equal(decodeXtext(text), expected, why)
})

t.test('what is printable survives the way there and back', async () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const encoded = encodeXtext(text)
      return /^[!-~]*$/.test(encoded) && !encoded.includes('=') && decodeXtext(encoded) === text
    }),
  )
})

t.test('nothing that is decoded holds a control character', async () => {
  const hostile = fc.array(
    fc.constantFrom('+', '0D', '0A', '00', 'a', ';', 'utf-8;', '\\x{A}', '\\x{202E}', 'ü'),
    {
      maxLength: 12,
    },
  )
  fc.assert(
    fc.property(hostile, parts => {
      const text = parts.join('')
      const results = [
        decodeXtext(text),
        parseOriginalRecipient(text, { smtputf8: true }),
        parseOriginalRecipient(`utf-8;${text}`, { smtputf8: true }),
      ]
      return results.every(result => result === undefined || !/[\p{Cc}\p{Bidi_Control}]/u.test(result))
    }),
    { numRuns: 2_000 },
  )
})

t.test('ENVID has 1 to 100 characters (RFC 3461 §4.4)', async t => {
  t.equal(parseEnvelopeId('QQ+3D1'), 'QQ=1')
  t.equal(parseEnvelopeId('a'.repeat(100)), 'a'.repeat(100))
  t.equal(parseEnvelopeId('a'.repeat(101)), undefined)
  t.equal(parseEnvelopeId(''), undefined)
})

t.test('ORCPT names its address type (RFC 3461 §4.2, RFC 6533 §3)', async t => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['rfc822;jo@example.org', 'rfc822;jo@example.org'],
    ['RFC822;jo+2Btag@example.org', 'rfc822;jo+tag@example.org'],
    ['x400;/c=de', undefined],
    ['x400;/c+3Dde', 'x400;/c=de'],
    ['jo@example.org', undefined],
    [';jo@example.org', undefined],
    ['rfc822;', undefined],
    ['a b;jo', undefined],
    [`rfc822;${'a'.repeat(493)}`, `rfc822;${'a'.repeat(493)}`],
    [`rfc822;${'a'.repeat(494)}`, undefined],
    ['utf-8;b\\x{FC}cher@example.org', 'utf-8;bücher@example.org'],
    ['utf-8;a\\x{2B}b@example.org', 'utf-8;a+b@example.org'],
    ['utf-8;a\\x{0D}\\x{0A}b@example.org', undefined],
    ['utf-8;a\\x{110000}b@example.org', undefined],
    ['utf-8;a\\x{D800}b@example.org', undefined],
  ]
  for (const [value, expected] of rows) t.equal(parseOriginalRecipient(value), expected, value.slice(0, 60))
  t.equal(parseOriginalRecipient('utf-8;bücher@example.org'), undefined)
  t.equal(parseOriginalRecipient('utf-8;bücher@example.org', { smtputf8: true }), 'utf-8;bücher@example.org')
})

t.test('an original recipient can be passed on to the next hop', async t => {
  for (const value of ['rfc822;a+b=c d@example.org', 'utf-8;bü+=\\ 😀@example.org']) {
    const wire = formatOriginalRecipient(value)
    t.match(wire, /^[!-~]*$/)
    t.equal(parseOriginalRecipient(wire), value)
  }
})
