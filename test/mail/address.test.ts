/** The grammar of RFC 5321 §4.1.2 as tables: each row has the reason for which it is right or wrong. */
import { isIP } from 'node:net'
import t from 'tap'
import {
  type Address,
  addressOfLiteral,
  domainOf,
  isAddressError,
  localPartOf,
  localPartText,
  needsSmtpUtf8,
  parseAddress,
  parseDomain,
  parsePath,
} from '../../src/mail/address.ts'

const long = (character: string, count: number) => character.repeat(count)

/** For names of tests: beginning, in ASCII. A line separator in the name of a test makes tap lose the tests behind it. */
const shown = (input: string) =>
  JSON.stringify(input.slice(0, 60)).replace(
    /[^\x20-\x7e]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Input, canonical form (undefined: the same), why. */
const valid: readonly (readonly [string, string | undefined, string])[] = [
  ['jo@example.org', undefined, 'the plain form'],
  ['Jo.Smith@example.org', undefined, 'the case of a local part is its owner’s business (§2.4)'],
  ['jo@EXAMPLE.Org', 'jo@example.org', 'the case of a domain means nothing (§2.3.5)'],
  ['j@e', undefined, 'one label is a domain by the grammar; whether it may send is for admission'],
  ['jo@localhost', undefined, 'the same'],
  ['1@example.org', undefined, 'digits are atext'],
  ["!#$%&'*+-/=?^_`{|}~@example.org", undefined, 'every special character of atext'],
  ['user%other.example@example.org', undefined, 'a percent sign is atext; relay rules look at it'],
  ['other!user@example.org', undefined, 'a bang is atext; relay rules look at it'],
  ['-jo@example.org', undefined, 'a hyphen may come first in an atom'],
  ['jo+tag@example.org', undefined, 'a plus is atext'],
  ['a.b.c.d@example.org', undefined, 'Dot-string of four atoms'],
  [`${long('a', 128)}@example.org`, undefined, 'VERP: 128 octets of local part, twice what §4.5.3.1.1 names'],
  ['"a b"@example.org', undefined, 'a space is legal inside quotes'],
  ['" "@example.org', undefined, 'also alone'],
  ['""@example.org', undefined, 'Quoted-string may be empty'],
  ['"a@evil x"@good.example', undefined, 'an @ inside quotes does not end the local part'],
  ['"a>b"@example.org', undefined, 'an angle bracket inside quotes does not end the path'],
  ['"a<b"@example.org', undefined, 'nor does it open one'],
  ['"a\\"b"@example.org', undefined, 'an escaped quote does not end the quotes'],
  ['"a\\\\"@example.org', undefined, 'an escaped backslash, then the end'],
  ['"a\\\\\\"b"@example.org', undefined, 'backslash, quote, b'],
  ['"jo"@example.org', 'jo@example.org', 'quotes that are not needed go (§4.1.2)'],
  ['"jo.smith"@example.org', 'jo.smith@example.org', 'the same for a dot-string'],
  ['"\\j\\o"@example.org', 'jo@example.org', 'and for backslashes that are not needed'],
  ['"\\ "@example.org', '" "@example.org', 'a space needs quotes but no backslash'],
  ['".jo"@example.org', undefined, 'a leading dot needs quotes'],
  ['"jo."@example.org', undefined, 'so does a trailing one'],
  ['"a..b"@example.org', undefined, 'and two in a row'],
  ['"a,b;c:d"@example.org', undefined, 'specials inside quotes'],
  ['"(comment)"@example.org', undefined, 'there are no comments in an envelope'],
  ['"[1.2.3.4]"@example.org', undefined, 'brackets inside quotes'],
  [
    `"${long('\\a', 128)}"@example.org`,
    `${long('a', 128)}@example.org`,
    'backslashes do not count when they go',
  ],
  ['jo@a-b.example.org', undefined, 'a hyphen inside a label'],
  ['jo@r3---x.example.org', undefined, 'several of them'],
  ['jo@3com.example', undefined, 'a label may begin with a digit (RFC 1123 §2.1)'],
  ['jo@123.example', undefined, 'or be all digits when it is not the last'],
  [`jo@${long('a', 63)}.example`, undefined, 'a label of 63 octets'],
  [`jo@${long(`${long('a', 62)}.`, 3)}${long('b', 62)}`, undefined, 'an address of 254 octets (§4.5.3.1.3)'],
  ['jo@xn--bcher-kva.example', undefined, 'an A-label'],
  ['jo@XN--BCHER-KVA.example', 'jo@xn--bcher-kva.example', 'in any case'],
  ['jo@[192.0.2.1]', undefined, 'an IPv4 literal (§4.1.3)'],
  ['jo@[IPv6:2001:db8::1]', undefined, 'an IPv6 literal'],
  ['jo@[ipv6:2001:DB8:0:0::1]', 'jo@[IPv6:2001:db8::1]', 'has one canonical form'],
  ['jo@[IPv6:::]', undefined, 'the unspecified address is an address'],
  ['jo@[IPv6:::ffff:192.0.2.1]', 'jo@[IPv6:::ffff:c000:201]', 'the mixed notation of §4.1.3'],
]

const invalid: readonly (readonly [string, string])[] = [
  ['jo', 'no domain'],
  ['jo@', 'an empty domain'],
  ['@example.org', 'no local part'],
  ['@', 'neither'],
  ['@hop.example:jo@example.org', 'a source route (appendix C)'],
  ['@a.example,@b.example:jo@example.org', 'a longer one'],
  ['.jo@example.org', 'a dot first'],
  ['jo.@example.org', 'a dot last'],
  ['a..b@example.org', 'two dots in a row'],
  ['.@example.org', 'only a dot'],
  ['a b@example.org', 'a space outside quotes'],
  [' jo@example.org', 'a space before'],
  ['jo @example.org', 'a space before @'],
  ['jo@ example.org', 'a space behind @'],
  ['jo@example.org ', 'a space at the end'],
  ['jo@exam ple.org', 'a space in the domain'],
  ['jo@evil@example.org', 'two @ outside quotes'],
  ['jo@example.org@evil.example', 'the same'],
  ['jo@example.org,evil@example.net', 'a list'],
  ['jo(comment)@example.org', 'a comment'],
  ['jo@example.org(comment)', 'a comment behind'],
  ['jo@(comment)example.org', 'a comment between'],
  ['<jo@example.org>', 'brackets inside brackets'],
  ['jo@example.org>', 'a bracket behind'],
  ['a>b@example.org', 'a bracket inside'],
  ['a<b@example.org', 'a bracket inside'],
  ['a"b@example.org', 'a quote inside an atom'],
  ['"a"b@example.org', 'an atom behind the quotes'],
  ['a."b"@example.org', 'obs-local-part of RFC 5322 is no part of RFC 5321'],
  ['"a"."b"@example.org', 'the same'],
  ['"a@example.org', 'quotes without end'],
  ['"a\\"@example.org', 'quotes whose end is escaped'],
  ['"a\\', 'a backslash with nothing behind it'],
  ['"', 'a lone quote'],
  ['""', 'quotes without domain'],
  ['"a" @example.org', 'a space behind the quotes'],
  ['"a"@', 'quotes and an empty domain'],
  ['"a\tb"@example.org', 'qtextSMTP has no tab'],
  ['"a\\\tb"@example.org', 'nor has quoted-pairSMTP'],
  ['"a\0b"@example.org', 'NUL inside quotes'],
  ['"a\r\nb"@example.org', 'a line end inside quotes'],
  ['"a\\\nb"@example.org', 'an escaped line feed'],
  ['"a\x7fb"@example.org', 'DEL'],
  ['jo\0@example.org', 'NUL in an atom'],
  ['jo@example.org\0', 'NUL behind the domain'],
  ['jo@example.org\r\n', 'a line end behind the domain'],
  ['jo\r\nRCPT TO:<eve@example.org', 'a second command'],
  ['a,b@example.org', 'a comma is no atext'],
  ['a:b@example.org', 'nor is a colon'],
  ['a;b@example.org', 'nor a semicolon'],
  ['a[b]@example.org', 'nor brackets'],
  ['a\\b@example.org', 'nor a backslash'],
  ['jo@.example.org', 'an empty label first'],
  ['jo@example..org', 'an empty label'],
  ['jo@example.org.', 'a dot at the end: Domain of §4.1.2 has none'],
  ['jo@-example.org', 'a hyphen first in a label'],
  ['jo@example-.org', 'a hyphen last'],
  ['jo@exa_mple.org', 'an underscore: no host name (RFC 1123 §2.1)'],
  ['jo@example.org:25', 'a port'],
  ['jo@exam/ple.org', 'a slash'],
  ['jo@#123', 'the decimal host form of RFC 821'],
  ['jo@123', 'a name that is a number'],
  ['jo@192.0.2.1', 'an address without brackets'],
  ['jo@example.1', 'a numeric top level domain'],
  [`${long('a', 129)}@example.org`, '129 octets of local part'],
  [`"${long('a b', 43)}"@example.org`, '129 octets and the quotes'],
  [`jo@${long('a', 64)}.example`, 'a label of 64 octets'],
  [`jos@${long(`${long('a', 62)}.`, 3)}${long('b', 62)}`, 'an address of 255 octets'],
  [`j@${long('a.', 128)}example`, 'a domain of more than 253 octets'],
  ['jo@xn--0.example', 'an A-label that decodes to nothing'],
  ['jo@xn--.example', 'an A-label without anything'],
  ['jo@[192.0.2]', 'three octets'],
  ['jo@[192.0.2.1.5]', 'five'],
  ['jo@[192.0.2.256]', 'an octet of 256'],
  ['jo@[192.0.2.01]', 'a leading zero: octal or decimal?'],
  ['jo@[0xc0.0.2.1]', 'hexadecimal'],
  ['jo@[3221225985]', 'one number'],
  ['jo@[192.0.2.1', 'no closing bracket'],
  ['jo@192.0.2.1]', 'no opening bracket'],
  ['jo@[]', 'nothing inside'],
  ['jo@[', 'a lone bracket'],
  ['jo@[2001:db8::1]', 'IPv6 without its tag'],
  ['jo@[IPv6:2001:db8::1%eth0]', 'a zone index means nothing to another host'],
  ['jo@[IPv6:192.0.2.1]', 'IPv4 under the IPv6 tag'],
  ['jo@[IPv6:1:2:3:4:5:6:7:8:9]', 'nine groups'],
  ['jo@[IPv6:]', 'no address'],
  ['jo@[tag:content]', 'General-address-literal: no other tag is registered'],
  ['jo@[192.0.2.1]x', 'text behind the literal'],
  ['jo@[192.0.2.1].example.org', 'a domain behind the literal'],
  ['bücher@example.org', 'UTF-8 without SMTPUTF8 (RFC 6531 §3.1)'],
  ['jo@bücher.example', 'the same in the domain'],
]

const validUtf8: readonly (readonly [string, string | undefined, string])[] = [
  ['bücher@example.org', undefined, 'a local part stays as it is'],
  ['"ü ber"@example.org', undefined, 'also inside quotes'],
  ['"über"@example.org', 'über@example.org', 'without need of quotes'],
  ['用户@例子.example', '用户@xn--fsqu00a.example', 'U-labels become A-labels'],
  ['jo@BÜCHER.example', 'jo@xn--bcher-kva.example', 'in any case'],
  ['jo@bu\u0308cher.example', 'jo@xn--bcher-kva.example', 'in any normalisation'],
  ['jo@faß.example', 'jo@xn--fa-hia.example', 'sharp s is a letter of its own (RFC 5892)'],
  ['jo@www.bücher.example', 'jo@www.xn--bcher-kva.example', 'mixed labels'],
  ['दिल्ली\u200dक@example.org', undefined, 'a joiner that a script needs'],
  ['😀@example.org', undefined, 'a character beyond 16 bits'],
  [`${long('ü', 64)}@example.org`, undefined, '128 octets in 64 characters'],
]

const invalidUtf8: readonly (readonly [string, string])[] = [
  [`${long('ü', 65)}@example.org`, '130 octets in 65 characters'],
  ['a\u0085b@example.org', 'a C1 control'],
  ['a\u2028b@example.org', 'a line separator'],
  ['a\u00a0b@example.org', 'a space that trim() would take away'],
  ['a\ufeffb@example.org', 'a byte order mark'],
  ['a\u200bb@example.org', 'a zero width space: looks like another address'],
  ['a\u202eb@example.org', 'a right-to-left override: reads as another address'],
  ['a\ufffdb@example.org', 'what a decoder writes for broken UTF-8'],
  ['a\ud800b@example.org', 'half of a character'],
  ['"a\\üb"@example.org', 'quoted-pair is ASCII only (RFC 6531 §3.3)'],
  ['jo@exam\u00adple.org', 'a soft hyphen: UTS #46 drops it'],
  ['jo@ｅxample.org', 'a full-width letter: UTS #46 maps it'],
  ['jo@example。org', 'an ideographic full stop: UTS #46 maps it to a dot'],
  ['jo@\u212aelvin.example', 'the Kelvin sign lower-cases to k'],
  ['jo@ﬁ.example', 'a ligature'],
  ['jo@a℀b.example', 'a character that holds a slash'],
]

t.test('a valid address is read in its one form', async t => {
  for (const [input, canonical, why] of valid)
    t.equal(parseAddress(input), canonical ?? input, `${shown(input)} is valid: ${why}`)
  for (const [input, canonical, why] of validUtf8)
    t.equal(
      parseAddress(input, { smtputf8: true }),
      canonical ?? input,
      `${shown(input)} is valid with SMTPUTF8: ${why}`,
    )
})

t.test('an invalid address is refused', async t => {
  for (const [input, why] of invalid)
    t.ok(isAddressError(parsePath(input)), `${shown(input)} is refused: ${why}`)
  for (const [input, why] of [...invalid.filter(([text]) => !text.includes('ü')), ...invalidUtf8])
    t.ok(
      isAddressError(parsePath(input, { smtputf8: true })),
      `${shown(input)} is refused with SMTPUTF8: ${why}`,
    )
})

t.test('the canonical form is a fixed point', async t => {
  for (const [input] of [...valid, ...validUtf8]) {
    const address = parseAddress(input, { smtputf8: true })
    t.equal(parseAddress(address as string, { smtputf8: true }), address)
  }
})

t.test('a reason repeats nothing that came from outside', async t => {
  const error = parseAddress('secretmarker @example.org')
  t.ok(isAddressError(error) && !error.reason.includes('secretmarker'))
})

t.test('the null path is valid, a null address is not', async t => {
  t.equal(parsePath(''), '')
  t.ok(isAddressError(parseAddress('')))
})

t.test('postmaster without a domain is taken where the caller names one (RFC 5321 §4.1.1.3)', async t => {
  const postmasterDomain = parseDomain('mx.example.org')!
  t.equal(parsePath('Postmaster', { postmasterDomain }), 'Postmaster@mx.example.org')
  t.ok(isAddressError(parsePath('postmaster')))
  t.ok(isAddressError(parsePath('postmasters', { postmasterDomain })))
})

t.test('an address comes apart at the @ that is not quoted', async t => {
  const quoted = parseAddress('"a@evil \\"x"@good.example') as Address
  t.equal(domainOf(quoted), 'good.example')
  t.equal(localPartOf(quoted), '"a@evil \\"x"')
  t.equal(localPartText(quoted), 'a@evil "x')
  t.equal(localPartText('jo@example.org' as Address), 'jo')
  t.equal(domainOf('jo@[IPv6:2001:db8::1]' as Address), '[IPv6:2001:db8::1]')
})

t.test('the address inside a literal can be connected to', async t => {
  for (const literal of ['[192.0.2.1]', '[IPv6:2001:db8::1]', '[ipv6:2001:db8::1]'])
    t.ok(isIP(addressOfLiteral(literal)!), literal)
  t.equal(addressOfLiteral('example.org'), undefined)
})

t.test('a domain of the configuration may be written in any case and with U-labels', async t => {
  t.equal(parseDomain('Example.ORG'), 'example.org')
  t.equal(parseDomain('Bücher.example'), 'xn--bcher-kva.example')
  for (const wrong of ['', '.', '*', 'a..b', 'a b', '[192.0.2.1]', 'a\r\n.example', 'a@b', '192.0.2.1'])
    t.equal(parseDomain(wrong), undefined, JSON.stringify(wrong))
})

t.test('only a local part in UTF-8 needs SMTPUTF8', async t => {
  t.ok(needsSmtpUtf8(parseAddress('ü@bücher.example', { smtputf8: true }) as Address))
  t.notOk(needsSmtpUtf8(parseAddress('jo@bücher.example', { smtputf8: true }) as Address))
  t.notOk(needsSmtpUtf8(''))
})
