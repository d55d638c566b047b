import t from 'tap'
import type { Address } from '#mail/address.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import { mailDate, traceField } from '#session/trace-field.ts'
import { talk } from './fakes.ts'

const envelope: Envelope = {
  id: '65wzsb8000g00' as MessageId,
  reversePath: '',
  recipients: [{ address: 'bob@example.test' as Address }],
  body: '7BIT',
  smtputf8: false,
  requireTls: false,
  receivedAt: Date.UTC(2026, 10, 4, 7, 5, 9),
  origin: {
    zone: 'outside',
    listener: '192.0.2.25:25',
    clientAddress: '198.51.100.7',
    clientPort: 4711,
    helo: 'client.example',
    protocol: 'ESMTPS',
    session: 'x',
  },
}
const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }
const field = (other: Partial<Envelope> = {}, origin: Partial<Envelope['origin']> = {}): string =>
  traceField(
    { ...envelope, ...other, origin: { ...envelope.origin, ...origin } },
    'mx.sluice.test',
    tls,
  ).toString()

t.test('it says from where, by whom, how, for whom and when (RFC 5321 §4.4)', async t => {
  t.equal(
    field(),
    [
      'Received: from client.example ([198.51.100.7])',
      '\tby mx.sluice.test (Sluice) with ESMTPS',
      '\t(TLSv1.3 cipher TLS_AES_256_GCM_SHA384)',
      '\tid 65wzsb8000g00',
      '\tfor <bob@example.test>;',
      '\tWed, 4 Nov 2026 07:05:09 +0000',
      '',
    ].join('\r\n'),
  )
})

t.test('two recipients do not learn of each other', async t => {
  const two = ['bob@example.test', 'eve@example.test'].map(address => ({ address: address as Address }))
  t.notMatch(field({ recipients: two }), /for|bob|eve/)
})

t.test('an IPv6 address is a tagged literal, a UTF-8 recipient is UTF-8', async t => {
  t.match(field({}, { clientAddress: '2001:db8::1' }), /\(\[IPv6:2001:db8::1\]\)/)
  t.match(field({ recipients: [{ address: 'böb@example.test' as Address }] }), /for <böb@example\.test>;/)
})

t.test('a name that is none is made harmless', async t => {
  const from = (helo: string) => /^Received: from (.*) \(\[/.exec(field({}, { helo }))?.[1]
  t.equal(from('[192.0.2.1]'), '[192.0.2.1]')
  t.equal(from('[IPv6:2001:db8::1]'), '[IPv6:2001:db8::1]')
  t.equal(from('my_host'), 'my_host')
  t.equal(from('a(b)c;by'), 'a_b_c_by')
  t.equal(from('[x]'), '_x_')
  t.equal(from(''), 'unknown')
})

t.test('dates are those of RFC 5322 §3.3', async t => {
  t.equal(mailDate(0), 'Thu, 1 Jan 1970 00:00:00 +0000')
  t.equal(mailDate(Date.UTC(2028, 1, 29, 23, 59, 59)), 'Tue, 29 Feb 2028 23:59:59 +0000')
})

t.test('the keyword says what protected the transfer (RFC 3848, RFC 6531 §4.3)', async t => {
  const secure = { tlsMode: 'implicit', tls } as const
  const keyword = async (
    hello: string,
    other: object,
    parameters = '',
    before = '',
  ): Promise<string | undefined> => {
    const it = talk(undefined, other)
    await it.say(`${hello} c\r\n${before}`)
    await it.say(`MAIL FROM:<ann@client.example>${parameters}\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n`)
    await it.say('.\r\n')
    return it.intake.stored[0]?.envelope.origin.protocol
  }
  const login = 'AUTH PLAIN AGpvAHNlY3JldA==\r\n'
  t.equal(await keyword('HELO', {}), 'SMTP')
  t.equal(await keyword('EHLO', {}), 'ESMTP')
  t.equal(await keyword('EHLO', secure), 'ESMTPS')
  t.equal(await keyword('EHLO', secure, '', login), 'ESMTPSA')
  t.equal(await keyword('EHLO', {}, ' SMTPUTF8'), 'UTF8SMTP')
  t.equal(await keyword('EHLO', secure, ' SMTPUTF8', login), 'UTF8SMTPSA')
})
