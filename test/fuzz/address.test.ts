/** Whatever bytes stand between `<` and `>`: one reading, one canonical form, nothing that could split a command. */
import fc from 'fast-check'
import t from 'tap'
import {
  type Address,
  domainOf,
  isAddressError,
  localPartOf,
  localPartText,
  parsePath,
} from '../../src/mail/address.ts'

const tokens = fc.constantFrom(
  ...'@."\\<>[]()%!,:; \t\r\n\0\x7f',
  ...[
    'a',
    'B',
    '1',
    '-',
    '_',
    'ü',
    'ß',
    'K',
    'ｅ',
    '。',
    '\u0308',
    '\u200b',
    '\u202e',
    '\ud83d',
    '😀',
    '\u00a0',
  ],
  ...[
    'example.org',
    'xn--bcher-kva',
    'xn--',
    'IPv6:',
    '::1',
    '127.0.0.1',
    '@example.org',
    '"@example.org',
    '\\"',
  ],
)
const grammarLike = fc.array(tokens, { maxLength: 24 }).map(parts => parts.join(''))
const quoted = fc.array(tokens, { maxLength: 12 }).map(parts => `"${parts.join('')}"@example.org`)
const anything = fc.string({ unit: 'binary', maxLength: 80 })
const input = fc.oneof(grammarLike, quoted, anything)

const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

t.test('what is accepted is canonical: read again, it is the same', async () => {
  fc.assert(
    fc.property(input, fc.boolean(), (text, smtputf8) => {
      const address = parsePath(text, { smtputf8 })
      return isAddressError(address) || parsePath(address, { smtputf8 }) === address
    }),
    { numRuns: 20_000 },
  )
})

t.test('what is accepted can be written between angle brackets', async () => {
  fc.assert(
    fc.property(input, text => {
      const address = parsePath(text, { smtputf8: true })
      if (isAddressError(address) || address === '') return true
      // Outside its quotes an address has no blank, bracket or quote, so a `>` can only stand where readers skip it.
      const bare = address.replace(/^"(?:[^"\\]|\\.)*"/, '')
      return (
        !controls.test(address) &&
        address.isWellFormed() &&
        !/[\s<>"\\,;]/.test(bare) &&
        Buffer.byteLength(address) <= 254
      )
    }),
    { numRuns: 20_000 },
  )
})

t.test('every local part comes back from its wire form', async () => {
  const local = fc.string({ unit: fc.constantFrom(...'ab.@"\\ <>%!'), minLength: 0, maxLength: 32 })
  fc.assert(
    fc.property(local, content => {
      const wire = `"${content.replace(/["\\]/g, '\\$&')}"@example.org`
      const address = parsePath(wire) as Address
      return localPartText(address) === content && domainOf(address) === 'example.org'
    }),
    { numRuns: 5_000 },
  )
})

t.test('two readings of the same mailbox are the same text', async () => {
  const local = fc.string({ unit: fc.constantFrom(...'ab.1+'), minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(local, fc.boolean(), (content, escaped) => {
      const quotedForm = `"${escaped ? [...content].map(character => `\\${character}`).join('') : content}"@Example.ORG`
      const plain = parsePath(`${content}@example.org`)
      const canonical = parsePath(quotedForm)
      return isAddressError(plain) ? localPartOf(canonical as Address).startsWith('"') : canonical === plain
    }),
  )
})
