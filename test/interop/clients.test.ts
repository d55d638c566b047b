/**
 * Real clients: what swaks and Python's smtplib send arrives as it was sent, in the clear, over TLS and with UTF-8 addresses.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { maildirMessages } from '../peers/maildir.ts'
import { peerDirectory, run } from '../peers/process.ts'
import { until } from '../peers/ready.ts'
import { startSluice } from '../peers/sluice.ts'
import { smtplib } from '../peers/smtplib.ts'
import { swaks } from '../peers/swaks.ts'

const text =
  'From: ann@client.test\nTo: jo@example.test\nSubject: from a client\n\nOne.\n.dot\n..dots\n\nEnd.\n'
const envelope = ['--from', 'ann@client.test', '--to', 'jo@example.test']
const elsewhere = ['--from', 'ann@client.test', '--to', 'jo@elsewhere.test']

const users = await peerDirectory('users', t)
const main = join(import.meta.dirname, '../../src/main.ts')
const { output: line } = await run(process.execPath, [main, 'password', 'ann'], { input: 'correct horse\n' })
await writeFile(join(users, 'users'), line)
const sluice = await startSluice(t, {
  nextHop: 'capture',
  domains: { 'example.test': {} },
  users: { file: join(users, 'users') },
})

t.test('swaks', async t => {
  await t.test('in the clear', async t => {
    const { code, transcript } = await swaks(sluice.port, envelope, text)
    t.equal(code, 0, 'every step is accepted', { transcript })
    const message = await captured()
    t.ok(message.endsWith(text), 'what was sent is what is stored', { message })
    t.match(message, /with ESMTP\b/)
  })
  await t.test('over STARTTLS', async t => {
    const { code, transcript } = await swaks(sluice.port, [...envelope, '--tls'], text)
    t.equal(code, 0, 'every step is accepted', { transcript })
    t.match(await captured(), /with ESMTPS\b/)
  })
  await t.test('pipelined', async t => {
    const { code, transcript } = await swaks(sluice.port, [...envelope, '--pipeline'], text)
    t.equal(code, 0, 'every step is accepted', { transcript })
    await captured()
  })
  for (const mechanism of ['PLAIN', 'LOGIN'])
    await t.test(`signed in with ${mechanism}, to any domain`, async t => {
      const auth = ['--auth', mechanism, '--auth-user', 'ann', '--auth-password', 'correct horse']
      const { code, transcript } = await swaks(sluice.port, [...elsewhere, '--tls', ...auth], text)
      t.equal(code, 0, 'every step is accepted', { transcript })
      t.match(await captured(), /with ESMTPSA\b/)
    })
  await t.test('signed in with a wrong password', async t => {
    const auth = ['--auth', 'PLAIN', '--auth-user', 'ann', '--auth-password', 'wrong']
    const { code, transcript } = await swaks(sluice.port, [...elsewhere, '--tls', ...auth])
    t.equal(code, 28, 'swaks ends with the status of a refused AUTH')
    t.match(transcript, /<~\* 535 5\.7\.8 /)
  })
  await t.test('AUTH is not offered in the clear', async t => {
    const auth = ['--auth', 'PLAIN', '--auth-user', 'ann', '--auth-password', 'correct horse']
    const { code, transcript } = await swaks(sluice.port, [...elsewhere, ...auth])
    t.equal(code, 28)
    t.notMatch(transcript, /250[ -]AUTH/)
  })
  await t.test('to a domain that is not ours', async t => {
    const { code, transcript } = await swaks(sluice.port, elsewhere)
    t.equal(code, 24, 'swaks ends with the status of a refused RCPT')
    t.match(transcript, /<\*\* 550 5\.7\.1 /)
  })
})

t.test("Python's smtplib", async t => {
  await t.test('sendmail to several recipients', async t => {
    const refused = await smtplib(
      sluice.port,
      `print(smtp.sendmail('ann@client.test', ['jo@example.test', 'mo@example.test', 'no@elsewhere.test'],
        ${JSON.stringify(text)}))\nsmtp.quit()`,
    )
    t.match(refused, /no@elsewhere\.test/, 'only the one that is not ours is refused')
    t.notMatch(refused, /@example\.test/)
    t.ok((await captured()).endsWith(text))
  })
  await t.test('STARTTLS, and EHLO again behind it', async t => {
    const version = await smtplib(
      sluice.port,
      `smtp.starttls(context=ssl_any)
print(smtp.sock.version(), smtp.esmtp_features)
smtp.sendmail('ann@client.test', ['jo@example.test'], ${JSON.stringify(text)})
smtp.quit()`,
    )
    t.match(version, /TLSv1\.3/)
    t.notMatch(version, /starttls/, 'STARTTLS is not offered twice')
    t.match(await captured(), /with ESMTPS\b/)
  })
  await t.test('an address and a body in UTF-8', async t => {
    await smtplib(
      sluice.port,
      `message = EmailMessage()
message['From'] = 'ann@client.test'
message['To'] = 'jürgen@example.test'
message['Subject'] = 'Grüße'
message.set_content('Schöne Grüße aus Köln\\n', cte='8bit')
smtp.send_message(message)
smtp.quit()`,
    )
    const message = await captured()
    t.match(message, /with UTF8SMTP\b/)
    t.match(message, /To: jürgen@example\.test\nSubject: Grüße\n/)
    t.match(message, /\nSchöne Grüße aus Köln\n/)
  })
})

let taken = 0

/** The next message that was captured, with LF line ends. */
async function captured(): Promise<string> {
  taken++
  const messages = await until(`${taken} captured messages`, async () => {
    const now = await maildirMessages(join(sluice.data, 'capture'))
    return now.length >= taken && now
  })
  return messages.at(-1)!.toString('utf8').replaceAll('\r\n', '\n')
}
