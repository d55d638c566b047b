/**
 * Promise 3, as server: nothing that was sent before TLS is acted on after it, and nothing that was known before it is
 * known after it (RFC 3207 §4.2; CVE-2011-0411, and NO STARTTLS of 2021). With real sockets: test/listener/.
 */
import t from 'tap'
import { bodyOf, type Talk, talk, world } from '../session/fakes.ts'

const facts = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }
const message = 'MAIL FROM:<eve@evil.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n'

const greeted = async (): Promise<Talk> => {
  const it = talk()
  await it.say('EHLO client.example\r\n')
  return it
}

t.test('whatever follows STARTTLS in the clear ends the connection', async t => {
  for (const behind of ['\r\n', 'N', 'NOOP\r\n', '\0', message, '\x16\x03\x01', 'STARTTLS\r\n']) {
    const it = await greeted()
    const answers = await it.say(`STARTTLS\r\n${behind}`)
    t.match(answers, /^554 5\.5\.1 /, JSON.stringify(behind))
    t.ok(it.transport.ended)
    t.equal(it.transport.startedTls, 0)
    t.match(it.events.at(-1), { event: 'refused', reason: 'plaintext-before-tls' })
  }
})

t.test('also when it had to wait behind a message that is being stored', async t => {
  const it = await greeted()
  await it.say(message)
  const stored = Promise.withResolvers<undefined>()
  it.intake.before = () => stored.promise
  it.session.receive(Buffer.from('first\r\n.\r\n'))
  it.session.receive(Buffer.from('STARTTLS\r\n'))
  it.session.receive(Buffer.from('NOOP\r\n'))
  stored.resolve(undefined)
  const answers = await it.say('')
  t.match(answers, /^250 2\.0\.0 Accepted[^\n]*\r\n554 5\.5\.1 [^\n]*\r\n$/)
  t.equal(it.transport.startedTls, 0)
})

t.test('the octets of a line that had begun before TLS are not part of a line within it', async t => {
  const it = await greeted()
  await it.say('STARTTLS\r\n')
  t.equal(it.transport.startedTls, 1)
  it.session.receive(Buffer.from('EHLO evil.example\r\nMAIL FR'))
  t.ok(it.transport.ended, 'a transport that hands on what is not TLS is not believed')
})

t.test('HELO, AUTH, sender, recipients and content are forgotten', async t => {
  const it = await greeted()
  await it.say('MAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\n')
  await it.say('BDAT 4\r\nevil')
  t.match(await it.say('STARTTLS\r\n'), /^220 /)
  it.session.secured(facts)
  t.equal(it.intake.open_.size, 0, 'the content that had begun is gone')
  t.match(await it.say('BDAT 0 LAST\r\n'), /^503 /)
  t.match(await it.say('MAIL FROM:<ann@client.example>\r\n'), /^503 5\.5\.1 Send HELO/)
  t.match(await it.say('EHLO other.example\r\n'), /250 AUTH PLAIN LOGIN\r\n$/)
  await it.say('MAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n')
  await it.say('good\r\n.\r\n')
  const stored = it.intake.stored[0]!
  t.strictSame(
    stored.envelope.recipients.map(({ address }) => address),
    ['bob@example.test'],
  )
  t.match(stored.envelope, {
    reversePath: 'ann@client.example',
    origin: { helo: 'other.example', protocol: 'ESMTPS' },
  })
  t.equal(bodyOf(stored), 'good\r\n')
})

t.test('a password is not even asked for before TLS', async t => {
  const it = world()
  let asked = 0
  const host = {
    ...it.host,
    authenticate: async () => {
      asked++
      return true
    },
  }
  const other = talk({ ...it, host })
  await other.say('EHLO client.example\r\n')
  t.match(await other.say('AUTH PLAIN AGpvAHNlY3JldA==\r\n'), /^538 5\.7\.11 /)
  t.match(await other.say('AUTH LOGIN\r\nam8=\r\n'), /^538 [^\n]*\r\n500 /)
  t.equal(asked, 0)
})
