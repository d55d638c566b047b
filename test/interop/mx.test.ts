/**
 * Mail by MX with a real DNS server and real Postfixes: the records that a domain may publish, and where its mail ends up.
 */
import t, { type Test } from 'tap'
import { maildirMessages } from '../peers/maildir.ts'
import { startNsd } from '../peers/nsd.ts'
import { type Postfix, postfixMissing, startPostfix } from '../peers/postfix.ts'
import { rawClient } from '../peers/raw-client.ts'
import { until } from '../peers/ready.ts'
import { startSluice } from '../peers/sluice.ts'
import { sendLoad } from '../peers/smtp-source.ts'

const zone = `
a          A    127.0.0.1
b          A    127.0.0.2
; nobody listens there
dead       A    127.0.0.3
client     MX   10 a
preferred  MX   20 b
preferred  MX   10 a
failover   MX   10 dead
failover   MX   20 b
halfdead   MX   10 dead
halfdead   MX   10 b
equal      MX   10 a
equal      MX   10 b
address    A    127.0.0.2
null       MX   0 .
dangling   MX   10 nobody
; RFC 5321 §5.1: an MX that cannot be used never falls back to the address
dangling   A    127.0.0.1
`

t.test('mail follows the MX records of its domain', { skip: (await postfixMissing()) ?? false }, async t => {
  const a = await startPostfix(t, { role: 'maildir', settings: { myhostname: 'a.test' } })
  const b = await startPostfix(t, { role: 'maildir', address: '127.0.0.2', port: a.port })
  const nsd = await startNsd(t, 'test', zone)
  const sluice = await startSluice(t, {
    nextHop: 'mx',
    domains: { '*': {} },
    // The whole zone is on loopback, where no MX may lead by default.
    delivery: { dns: [nsd.server], mxPort: a.port, mxIgnore: [], retry: ['1s'] },
  })
  const deliver = async (domain: string) => send(sluice.port, `jo@${domain}.test`)

  await t.test('the lowest preference is tried first', async t => {
    await deliver('preferred')
    await arrives(t, a, 'jo@preferred.test')
  })
  await t.test('when it is dead, the next one is', async t => {
    await deliver('failover')
    await arrives(t, b, 'jo@failover.test')
  })
  await t.test('of equals, one that is dead holds nothing up', async t => {
    for (let number = 0; number < 8; number++) await deliver('halfdead')
    await arrives(t, b, 'jo@halfdead.test', 8)
  })
  await t.test('equals share the load and lose nothing', async t => {
    await sendLoad({ port: sluice.port, messages: 100, sessions: 10, size: 100, to: 'jo@equal.test' })
    const both = await until('100 messages', async () => {
      const counts = [await stored(a, 'jo@equal.test'), await stored(b, 'jo@equal.test')]
      return counts[0]! + counts[1]! >= 100 && counts
    })
    t.comment(`${both[0]} and ${both[1]}`)
    t.equal(both[0]! + both[1]!, 100)
  })
  await t.test('without MX, the address of the domain is its host', async t => {
    await deliver('address')
    await arrives(t, b, 'jo@address.test')
  })
  for (const [domain, status, why] of [
    ['null', '5.1.10', 'a null MX'],
    ['dangling', '5.4.4', 'an MX whose host does not exist'],
    ['absent', '5.1.2', 'a domain that does not exist'],
  ] as const) {
    await t.test(`${why} fails at once, and the sender is told with status ${status}`, async t => {
      await deliver(domain)
      const notification = await until(`a notification about ${domain}`, async () =>
        (await messagesTo(a, 'ann@client.test')).find(message => message.includes(`jo@${domain}.test`)),
      )
      t.match(notification, new RegExp(`^Status: ${status.replaceAll('.', '\\.')}$`, 'm'))
    })
  }
})

const messagesTo = async ({ maildir }: Postfix, recipient: string): Promise<string[]> =>
  (await maildirMessages(maildir))
    .map(message => message.toString('latin1'))
    .filter(message => message.includes(`\nX-Original-To: ${recipient}\n`))

const stored = async (postfix: Postfix, recipient: string): Promise<number> =>
  (await messagesTo(postfix, recipient)).length

async function arrives(t: Test, postfix: Postfix, recipient: string, count = 1): Promise<void> {
  await until(`${count} messages for ${recipient}`, async () => (await stored(postfix, recipient)) >= count)
  t.equal(await stored(postfix, recipient), count)
}

async function send(port: number, recipient: string): Promise<void> {
  const client = await rawClient(port)
  await client.reply()
  const message = 'From: <ann@client.test>\r\nSubject: by MX\r\n\r\nHello.\r\n.'
  for (const line of [
    'EHLO client.test',
    'MAIL FROM:<ann@client.test>',
    `RCPT TO:<${recipient}>`,
    'DATA',
    message,
  ]) {
    const { code, text } = await client.command(line)
    if (code >= 400) throw new Error(`${line}: ${code} ${text}`)
  }
  await client.command('QUIT')
}
