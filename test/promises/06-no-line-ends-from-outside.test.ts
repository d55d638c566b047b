/**
 * Promise 6, as server: no CR, LF or other control character from HELO, an address or a DSN parameter gets into an
 * envelope, a header field or a reply, from where it would reach another server's commands (nodemailer
 * GHSA-c7w3-x93f-qmm8).
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Envelope } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import { traceField } from '#session/trace-field.ts'
import { anyText } from '../session/chunking.ts'
import { bodyOf, settingsOf, talk, world } from '../session/fakes.ts'

const settings = settingsOf({ limits: { tarpitAfterErrors: 1_000, errorsPerSession: 1_000 } })
const patient = () => world(settings)
const injected = '\r\nRCPT TO:<eve@evil.example>'
const xtext = '+0D+0ARCPT TO:<eve+40evil.example>'.replaceAll(' ', '+20')

t.test('a line end in xtext, quoted strings or names is refused', async t => {
  const it = talk(patient())
  await it.say('EHLO client.example\r\n')
  for (const command of [
    `MAIL FROM:<ann@client.example> ENVID=x${xtext}`,
    'MAIL FROM:<ann@client.example> ENVID=x+00',
    'MAIL FROM:<ann@client.example> ENVID=x+7F',
    'MAIL FROM:<ann@client.example> AUTH=x+0A',
    'MAIL FROM:<"a\rb"@client.example>',
    'MAIL FROM:<"a\\\nb"@client.example>',
    'MAIL FROM:<ann@client.example\r>',
  ])
    t.match(await it.say(`${command}\r\n`), /^50[01] /, JSON.stringify(command))
  await it.say('MAIL FROM:<ann@client.example>\r\n')
  for (const command of [
    `RCPT TO:<bob@example.test> ORCPT=rfc822;bob${xtext}`,
    'RCPT TO:<bob@example.test> ORCPT=rfc822;bob+0Ax',
    'RCPT TO:<bob@example.test> ORCPT=utf-8;bob\\x{0A}x',
    'RCPT TO:<bob@example.test> NOTIFY=NEVER+0D',
    'RCPT TO:<"bob\r"@example.test>',
  ])
    t.match(await it.say(`${command}\r\n`), /^50[01] /, JSON.stringify(command))
})

t.test('what is stored of a session holds no control character', async () => {
  const any = anyText()
  await fc.assert(
    fc.asyncProperty(any, any, any, any, async (helo, envid, orcpt, local) => {
      const it = talk(patient())
      const text =
        `EHLO ${helo}\r\nEHLO safe.example\r\n` +
        `MAIL FROM:<ann@client.example> ENVID=${envid}\r\nMAIL FROM:<ann@client.example>\r\n` +
        `RCPT TO:<"${local}"@example.test> ORCPT=rfc822;${orcpt}\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n`
      it.session.receive(Buffer.from(text, 'latin1'))
      await it.say('x\r\n.\r\n')
      for (const { envelope, content } of it.intake.stored) {
        const texts = JSON.stringify(envelope)
        assert.ok(!/\\u00[01]|\\[rnbtf]|[\x00-\x1f\x7f]/.test(texts), texts)
        assert.ok(!/[\x00-\x1f\x7f]/.test(content.replace(/\r\n[\t]?/g, '')), content)
      }
    }),
    { numRuns: 500 },
  )
})

t.test('no name from HELO breaks the Received field', async () => {
  fc.assert(
    fc.property(anyText(60), helo => {
      const envelope = {
        id: '65wzsb8000g00' as MessageId,
        recipients: [],
        receivedAt: 0,
        origin: { helo, clientAddress: '192.0.2.1', protocol: 'ESMTP' },
      } as unknown as Envelope
      const lines = traceField(envelope, 'mx.sluice.test', undefined).toString('latin1').split('\r\n')
      assert.match(lines[0]!, /^Received: from (?:[A-Za-z0-9._-]+|\[[0-9A-Za-z.:]+\]) \(\[192\.0\.2\.1\]\)$/)
      assert.match(lines[1]!, /^\tby mx\.sluice\.test \(Sluice\) with ESMTP$/)
      assert.equal(lines.length, 5)
    }),
    { numRuns: 1_000 },
  )
})

t.test('no reply repeats what the client said', async t => {
  const it = talk(patient())
  const mark = 'mArKeD'
  const answers = await it.say(
    [
      mark,
      `EHLO ${mark}`,
      `VRFY ${mark}`,
      `HELP ${mark}`,
      `MAIL FROM:<${mark}@x> ${mark}=1`,
      `MAIL FROM:<${mark}@client.example>`,
      `RCPT TO:<${mark}@example.test>`,
      `RCPT TO:<${mark}>`,
      `RCPT TO:<bob@example.test> ${mark}`,
      '',
    ].join('\r\n') + injected,
  )
  t.notMatch(answers, new RegExp(mark, 'i'))
})

t.test('a name of a user that is not there is told to tracking as data', async t => {
  const it = talk(patient(), { tls: { version: 'TLSv1.3', cipher: 'x' }, tlsMode: 'implicit' })
  await it.say('EHLO client.example\r\n')
  const credentials = Buffer.from('\0jo\r\nx\0wrong').toString('base64')
  t.match(await it.say(`AUTH PLAIN ${credentials}\r\n`), /^535 /)
  t.match(it.events.at(-1), { event: 'refused', reason: 'authentication-failed', detail: 'user "jo\\r\\nx"' })
  t.equal(it.intake.stored.map(bodyOf).length, 0)
})
