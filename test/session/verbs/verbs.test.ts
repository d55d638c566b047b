/** The verbs one by one, without a session around them: what they check, what they do, what they answer. */
import t from 'tap'
import { isRefusal, refuse } from '#mail/refusal.ts'
import { relayDenied, senderNotFqdn, tooManyHandshakes } from '#mail/replies.ts'
import type { Peer } from '#mail/transport.ts'
import { type Answer, Conversation } from '#session/conversation.ts'
import { verbs } from '#session/verbs/index.ts'
import { peer, settingsOf, type World, world } from '../fakes.ts'

const secure = { tlsMode: 'implicit', tls: { version: 'TLSv1.3', cipher: 'x' } } as const

function begin(from: World = world(), other: Partial<Peer> = {}): Conversation {
  return new Conversation(from.host, { ...peer, ...other })
}

/** As a session does it: check, then proceed. Answers are shown as their wire form. */
async function run(conversation: Conversation, name: string, argument = ''): Promise<string> {
  const verb = verbs.get(name)!
  conversation.next = { kind: 'command' }
  const answer: Answer = verb.check(conversation, argument) ?? (await verb.proceed(conversation, argument))
  return answer === undefined
    ? ''
    : isRefusal(answer)
      ? `${answer.reason}: ${answer.reply.wire}`
      : answer.wire
}

async function inMail(from: World = world(), other: Partial<Peer> = {}): Promise<Conversation> {
  const conversation = begin(from, other)
  await run(conversation, 'EHLO', 'client.example')
  await run(conversation, 'MAIL', 'FROM:<ann@client.example>')
  return conversation
}

t.test('there are these verbs and no others', async t => {
  t.strictSame(
    [...verbs.keys()],
    'HELO EHLO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY HELP STARTTLS AUTH'.split(' '),
  )
})

t.test('HELO and EHLO take a name and forget the message', async t => {
  const conversation = await inMail()
  t.equal(await run(conversation, 'HELO', 'other.example'), '250 mx.sluice.test\r\n')
  t.match(conversation, { helo: 'other.example', extended: false, transaction: undefined })
  t.match(await run(conversation, 'EHLO', '[192.0.2.1]'), /^250-mx\.sluice\.test\r\n/)
  t.match(conversation, { helo: '[192.0.2.1]', extended: true })
  for (const name of ['', 'two names', 'x'.repeat(256), 'bücher'])
    t.match(await run(conversation, 'EHLO', name), /^command-syntax: 501 /, JSON.stringify(name))
  t.equal(conversation.helo, '[192.0.2.1]', 'a refused name changes nothing')
})

t.test('EHLO offers what can be had', async t => {
  const offers = async (other: Partial<Peer>, settings = settingsOf()): Promise<string[]> =>
    (await run(begin(world(settings), other), 'EHLO', 'c')).split('\r\n').map(line => line.slice(4))
  const always = [
    'PIPELINING',
    '8BITMIME',
    'SMTPUTF8',
    'ENHANCEDSTATUSCODES',
    'CHUNKING',
    'DSN',
    'SIZE 52428800',
  ]
  for (const other of [{}, secure, { tlsMode: 'off' as const }])
    for (const extension of always) t.ok((await offers(other)).includes(extension), extension)
  const has = async (extension: string, ...from: Parameters<typeof offers>) =>
    (await offers(...from)).includes(extension)
  t.equal(await has('STARTTLS', {}), true)
  t.equal(await has('STARTTLS', { tlsMode: 'off' }), false)
  t.equal(await has('STARTTLS', secure), false)
  t.equal(await has('REQUIRETLS', {}), false)
  t.equal(await has('REQUIRETLS', secure), true)
  t.equal(await has('AUTH PLAIN LOGIN', {}), false)
  t.equal(await has('AUTH PLAIN LOGIN', secure), true)
  t.equal(await has('AUTH PLAIN LOGIN', secure, settingsOf({}, false)), false, 'without users')
  t.equal(await has('AUTH PLAIN LOGIN', secure, settingsOf({ zones: { outside: { auth: false } } })), false)
})

t.test('MAIL begins a message with what was asked for', async t => {
  const conversation = begin(world(), secure)
  await run(conversation, 'EHLO', 'c')
  const argument =
    'FROM:<ann@client.example> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=a+2Bb REQUIRETLS AUTH=x'
  t.equal(await run(conversation, 'MAIL', argument), '250 2.1.0 Sender OK\r\n')
  t.match(conversation.transaction, {
    reversePath: 'ann@client.example',
    parameters: {
      body: '8BITMIME',
      smtputf8: true,
      requireTls: true,
      returnContent: 'full',
      envelopeId: 'a+b',
    },
  })
})

t.test('MAIL asks admission, and a refused sender begins nothing', async t => {
  const from = world()
  from.admission.sender = () => refuse('sender-not-fqdn', senderNotFqdn)
  const conversation = await inMail(from)
  t.equal(conversation.transaction, undefined)
  t.match(await run(conversation, 'MAIL', 'FROM:<>'), /^sender-not-fqdn: 550 5\.1\.8 /)
})

t.test('AUTH= is not offered, and so not known, where nobody can sign in', async t => {
  const conversation = begin(world(settingsOf({}, false)))
  await run(conversation, 'EHLO', 'c')
  t.match(
    await run(conversation, 'MAIL', 'FROM:<ann@client.example> AUTH=<>'),
    /^unsupported-parameter: 555 /,
  )
})

t.test('RCPT adds recipients in order, each address once, with its DSN parameters', async t => {
  const conversation = await inMail()
  const rcpt = (argument: string) => run(conversation, 'RCPT', argument)
  t.equal(
    await rcpt('TO:<bob@example.test> NOTIFY=DELAY,FAILURE ORCPT=RFC822;bob@old.example'),
    '250 2.1.5 Recipient OK\r\n',
  )
  t.match(await rcpt('TO:<eve@example.test> NOTIFY=never'), /^250 /)
  t.match(await rcpt('TO:<bob@EXAMPLE.test>'), /^250 /)
  t.match(await rcpt('TO:<Bob@example.test>'), /^250 /, 'local parts differ by case')
  t.strictSame(
    [...conversation.transaction!.recipients.values()],
    [
      {
        address: 'bob@example.test',
        notify: ['delay', 'failure'],
        originalRecipient: 'rfc822;bob@old.example',
      },
      { address: 'eve@example.test', notify: 'never' },
      { address: 'Bob@example.test' },
    ],
  )
})

t.test('RCPT keeps the limit, and a repeated address does not count', async t => {
  const conversation = await inMail(world({ ...settingsOf(), recipients: 2 }))
  for (const name of ['a', 'b', 'a'])
    t.match(await run(conversation, 'RCPT', `TO:<${name}@example.test>`), /^250 /)
  t.match(await run(conversation, 'RCPT', 'TO:<c@example.test>'), /^recipients-exceeded: 452 4\.5\.3 /)
})

t.test('RCPT asks admission with what is known of the client', async t => {
  const from = world()
  const asked: unknown[] = []
  from.admission.recipient = (...question: unknown[]) => {
    asked.push(question)
    return refuse('relay-denied', relayDenied)
  }
  const conversation = await inMail(from, { ...secure, tls: { ...secure.tls, certificate: 'ab12' } })
  t.match(await run(conversation, 'RCPT', 'TO:<bob@elsewhere.example>'), /^relay-denied: 550 5\.7\.1 /)
  t.match(asked, [
    [
      { address: '198.51.100.7', zone: 'outside', secure: true, certificate: 'ab12' },
      'bob@elsewhere.example',
    ],
  ])
})

t.test('DATA and BDAT say what follows', async t => {
  const data = await inMail()
  await run(data, 'RCPT', 'TO:<bob@example.test>')
  t.match(await run(data, 'DATA'), /^354 /)
  t.strictSame(data.next, { kind: 'data' })

  const bdat = await inMail()
  await run(bdat, 'RCPT', 'TO:<bob@example.test>')
  t.equal(await run(bdat, 'BDAT', '12 last'), '')
  t.strictSame(bdat.next, { kind: 'chunk', octets: 12, last: true })
  t.match(await run(begin(), 'BDAT', '7'), '')
  const early = begin()
  await run(early, 'BDAT', '7')
  t.match(early.next, { kind: 'chunk', octets: 7, refusal: { reason: 'bad-sequence' } })
})

t.test('STARTTLS takes a place and hands it on', async t => {
  const conversation = begin()
  t.equal(await run(conversation, 'STARTTLS'), '220 2.0.0 Ready to start TLS\r\n')
  t.match(conversation.next, { kind: 'tls', place: { kind: 'place' } })
  t.match(await run(conversation, 'STARTTLS', 'now'), /^command-syntax: 501 /)
  t.match(await run(begin(world(), secure), 'STARTTLS'), /^bad-sequence: 503 /)
  t.match(await run(begin(world(), { tlsMode: 'off' }), 'STARTTLS'), /^command-unknown: 502 /)
  const full = world()
  full.admission.handshake = () => refuse('tls-handshakes', tooManyHandshakes)
  t.match(await run(begin(full), 'STARTTLS'), /^tls-handshakes: 454 /)
})

t.test('AUTH makes the client a user', async t => {
  const conversation = begin(world(), secure)
  await run(conversation, 'EHLO', 'c')
  t.match(await run(conversation, 'AUTH', 'PLAIN AGpvAHNlY3JldA=='), /^235 2\.7\.0 /)
  t.match(conversation.client, { user: 'jo', secure: true })
})

t.test('AUTH refuses what is not exactly a response', async t => {
  const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
  for (const [response, code] of [
    [base64('jo\0secret'), 501],
    [base64('\0jo'), 501],
    [base64('\0\0secret'), 501],
    [base64('\0jo\0secret\0x'), 501],
    [base64('\0jo\0\xff'), 501],
    ['AGpvAHNlY3JldA', 501],
    ['AGpvAHNlY3JldA===', 501],
    ['=', 501],
    [base64('jo\0jo\0secret'), 235],
    [base64('root\0jo\0secret'), 535],
    [base64('\0jo\0'), 535],
  ] as const) {
    const conversation = begin(world(), secure)
    await run(conversation, 'EHLO', 'c')
    t.match(await run(conversation, 'AUTH', `plain ${response}`), new RegExp(`(?:^|: )${code} `), response)
  }
})

t.test('RSET and QUIT forget the message and its content', async t => {
  for (const name of ['RSET', 'QUIT']) {
    const from = world()
    const conversation = await inMail(from)
    await run(conversation, 'RCPT', 'TO:<bob@example.test>')
    await run(conversation, 'BDAT', '7')
    t.equal(from.intake.open_.size, 1)
    t.match(await run(conversation, name), /^2/)
    t.equal(from.intake.open_.size, 0)
    t.equal(conversation.transaction, undefined)
  }
})
