/**
 * Real next hops: what Postfix and Dovecot store is what the client sent, but for the trace fields on top.
 */
import t, { type Test } from 'tap'
import { dovecotMissing, startDovecot } from '../peers/dovecot.ts'
import { maildirMessages } from '../peers/maildir.ts'
import { postfixMissing, startPostfix } from '../peers/postfix.ts'
import { rawClient } from '../peers/raw-client.ts'
import { until } from '../peers/ready.ts'
import { selfSigned } from '../peers/self-signed.ts'
import { startSluice } from '../peers/sluice.ts'
import { hardMessages } from './hard-messages.ts'
import { withLineFeeds, withoutTrace } from './trace-fields.ts'

const missing = (await postfixMissing()) ?? (await dovecotMissing())

t.test('real next hops', { skip: missing ?? false }, async t => {
  const { certificate, key } = await selfSigned(t)
  const [postfix, withTls, dovecot] = await Promise.all([
    startPostfix(t, { role: 'maildir' }),
    startPostfix(t, {
      role: 'maildir',
      settings: {
        smtpd_tls_security_level: 'may',
        smtpd_tls_cert_file: certificate,
        smtpd_tls_key_file: key,
        smtpd_tls_received_header: 'yes',
      },
    }),
    startDovecot(t),
  ])
  const sluice = await startSluice(t, {
    domains: {
      'postfix.test': { nextHop: `127.0.0.1:${postfix.port}` },
      'tls.test': { nextHop: `127.0.0.1:${withTls.port}` },
      'dovecot.test': { nextHop: `lmtp://127.0.0.1:${dovecot.port}` },
    },
  })

  await t.test('Postfix stores each message octet for octet', async t => {
    await sendAll(sluice.port, 'jo@postfix.test')
    await compare(t, postfix.maildir)
  })
  await t.test('Dovecot stores over LMTP each message octet for octet', async t => {
    await sendAll(sluice.port, 'jo@dovecot.test')
    await compare(t, dovecot.maildir('jo@dovecot.test'))
  })
  await t.test('a next hop that offers STARTTLS gets each message over TLS', async t => {
    await sendAll(sluice.port, 'jo@tls.test')
    await compare(t, withTls.maildir)
    for (const message of await maildirMessages(withTls.maildir))
      t.match(
        message.toString('latin1'),
        /using TLSv1\.3 with cipher/,
        'Postfix says so in its Received field',
      )
  })
})

async function sendAll(port: number, recipient: string): Promise<void> {
  for (const message of hardMessages.values()) await send(port, recipient, message)
}

async function send(port: number, recipient: string, message: Buffer): Promise<void> {
  const client = await rawClient(port)
  await client.reply()
  for (const line of [
    'EHLO client.test',
    'MAIL FROM:<ann@client.test> BODY=8BITMIME',
    `RCPT TO:<${recipient}>`,
  ])
    if ((await client.command(line)).code !== 250) throw new Error(`${line} was refused`)
  await client.command('DATA')
  client.send(Buffer.from(message.toString('latin1').replaceAll(/^\./gm, '..'), 'latin1'))
  const { code, text } = await client.command('.')
  if (code !== 250) throw new Error(`the message was refused: ${code} ${text}`)
  await client.command('QUIT')
}

async function compare(t: Test, maildir: string): Promise<void> {
  const stored = await until('every message', async () => {
    const messages = await maildirMessages(maildir)
    return messages.length >= hardMessages.size && messages.map(withoutTrace)
  })
  for (const [name, message] of hardMessages) {
    const wanted = withLineFeeds(message)
    const found = stored.some(candidate => candidate.equals(wanted))
    const near = stored.find(candidate => subject(candidate) === subject(wanted))
    t.ok(found, name, found ? {} : { stored: near?.toString('latin1').slice(0, 2_000) ?? 'nothing' })
  }
  t.equal(stored.length, hardMessages.size, 'and nothing else')
}

const subject = (message: Buffer): string => /^Subject: (.*)$/m.exec(message.toString('latin1'))?.[1] ?? ''
