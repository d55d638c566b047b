import t from 'tap'
import { refuse } from '#mail/refusal.ts'
import { connectingTooOften, storageFull, tooManyErrors } from '#mail/replies.ts'
import { bodyOf, settingsOf, talk, turn, world } from './fakes.ts'

const open = 'MAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n'

t.test('a chunk of pipelined commands is answered in one write', async t => {
  const it = talk()
  const before = it.transport.writes
  it.session.receive(Buffer.from(`EHLO client.example\r\n${open}`))
  t.equal(it.transport.writes, before + 1)
})

t.test('while a message is stored nothing is read, and then everything in order', async t => {
  const it = talk()
  await it.say(`EHLO client.example\r\n${open}`)
  const stored = Promise.withResolvers<undefined>()
  it.intake.before = () => stored.promise
  it.session.receive(Buffer.from(`one\r\n.\r\n${open}tw`))
  t.ok(it.transport.paused)
  t.equal(it.transport.taken(), '', 'no answer goes ahead of its turn')
  it.session.receive(Buffer.from('o\r\n.\r\nQU'))
  it.session.receive(Buffer.from('IT\r\n'))
  stored.resolve(undefined)
  await turn()
  t.match(
    it.transport.taken(),
    /^250 2\.0\.0 [^\n]*\n250 [^\n]*\n250 [^\n]*\n354 [^\n]*\n250 2\.0\.0 [^\n]*\n221 [^\n]*\n$/,
  )
  t.strictSame(it.intake.stored.map(bodyOf), ['one\r\n', 'two\r\n'])
})

t.test('a client that waits gives reading back', async t => {
  const it = talk()
  await it.say(`EHLO client.example\r\n${open}`)
  const stored = Promise.withResolvers<undefined>()
  it.intake.before = () => stored.promise
  await it.say('one\r\n.\r\nNOOP\r\n')
  t.ok(it.transport.paused)
  stored.resolve(undefined)
  await turn()
  t.notOk(it.transport.paused)
})

t.test('a writer that asks to wait is waited for, and the content stays in order', async t => {
  const it = talk()
  const pieces: string[] = []
  const ready: (() => void)[] = []
  it.intake.open = id => ({
    id,
    size: 0,
    write(chunk) {
      pieces.push(Buffer.from(chunk).toString('latin1'))
      return new Promise(resolve => ready.push(resolve))
    },
    abandon() {},
  })
  it.intake.accept = async () => refuse('storage-full', storageFull)
  await it.say(`EHLO client.example\r\n${open}`)
  // More than is gathered before a write, three times.
  const lines = ['one', 'two', 'end'].map(word => `${word.padEnd(60_000, word)}\r\n`)
  for (const line of lines) it.session.receive(Buffer.from(line))
  it.session.receive(Buffer.from('.\r\n'))
  t.equal(pieces.length, 1, 'only what came before the writer asked was written')
  t.ok(it.transport.paused)
  while (ready.length > 0) {
    ready.shift()!()
    await turn()
  }
  t.ok(pieces.length > 2)
  t.ok(pieces.join('').endsWith(lines.join('')), 'complete, and in order')
  t.match(it.transport.taken(), /^452 4\.3\.1 /)
  t.match(it.events.at(-1), { event: 'refused', stage: 'data', reason: 'storage-full', id: /^\w{13}$/ })
})

t.test('a refusal of storage is its own reply, and the session goes on', async t => {
  const it = talk()
  it.intake.before = () => refuse('storage-full', storageFull, 'no room')
  await it.say(`EHLO client.example\r\n${open}`)
  t.match(await it.say('one\r\n.\r\n'), /^452 4\.3\.1 /)
  t.match(it.events.at(-1), {
    event: 'refused',
    stage: 'data',
    reason: 'storage-full',
    detail: 'no room',
    from: 'ann@client.example',
    to: 'bob@example.test',
    id: /^\w{13}$/,
  })
  t.equal(it.admission.errors, 0, 'that is not an error of the client')
  it.intake.before = () => undefined
  await it.say(open)
  t.match(await it.say('one\r\n.\r\n'), /^250 2\.0\.0 /)
})

t.test('a message that was handed over is stored though its client has gone', async t => {
  const it = talk()
  await it.say(`EHLO client.example\r\n${open}`)
  const stored = Promise.withResolvers<undefined>()
  it.intake.before = () => stored.promise
  await it.say('one\r\n.\r\n')
  it.session.closed()
  stored.resolve(undefined)
  await turn()
  t.equal(it.intake.stored.length, 1)
  t.equal(it.intake.abandoned, 0)
  t.match(it.events.at(-1), { event: 'accepted' })
})

t.test('a known client is greeted at once, an unknown one waits and is known then', async t => {
  const known = talk()
  t.match(known.transport.taken(), /^220 /)
  t.strictSame(known.admission.behavedClients, [])

  const from = world()
  from.admission.delay = 100
  const unknown = talk(from)
  from.timers.advance(99)
  t.equal(unknown.transport.taken(), '')
  from.timers.advance(1)
  t.match(unknown.transport.taken(), /^220 /)
  t.match(from.admission.behavedClients, [{ address: '198.51.100.7' }])

  const gone = talk(from)
  gone.session.closed()
  from.timers.advance(1_000)
  t.equal(gone.transport.sent, '', 'who has gone is not greeted')
  t.equal(from.admission.behavedClients.length, 1, 'and is not known')
})

t.test('new settings hold from the next message on, not for the one that has begun', async t => {
  const from = world()
  const it = talk(from)
  await it.say('EHLO client.example\r\nMAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\n')
  from.settings = { ...settingsOf({ zones: { outside: { lineEndings: 'normalise' } } }), messageSize: 4 }
  await it.say('DATA\r\n')
  t.match(await it.say('longer than four\r\n.\r\n'), /^250 /)
  await it.say(open)
  t.match(await it.say('longer than four\r\n.\r\n'), /^552 /)
  await it.say(open)
  t.match(await it.say('a\n.\r\n'), /^354 |^$/)
  await it.say('\r\n.\r\n')
})

t.test('the error rate of admission ends the session', async t => {
  const it = talk()
  it.admission.error = () => refuse('error-rate', tooManyErrors, '60 per minute')
  t.match(await it.say('FOO\r\nNOOP\r\n'), /\n500 [^\n]*\n421 4\.7\.0 [^\n]*\n$/)
  t.ok(it.transport.ended)
})

t.test('a refusal with 421 is said and then the session is over', async t => {
  const it = talk()
  it.admission.sender = () => refuse('message-rate', connectingTooOften)
  await it.say('EHLO client.example\r\n')
  t.match(await it.say('MAIL FROM:<ann@client.example>\r\nNOOP\r\n'), /^421 [^\n]*\n$/)
  t.ok(it.transport.ended)
})

t.test('a drain waits for the message, and only for that', async t => {
  const idle = talk()
  idle.transport.taken()
  idle.session.drain()
  t.match(idle.transport.taken(), /^421 4\.3\.2 /)

  const sending = talk()
  await sending.say(`EHLO client.example\r\n${open}`)
  sending.session.drain()
  t.notOk(sending.transport.ended)
  t.match(await sending.say('one\r\n.\r\n'), /^250 2\.0\.0 [^\n]*\n421 4\.3\.2 /)
  t.ok(sending.transport.ended)

  const between = talk()
  await between.say('EHLO client.example\r\nMAIL FROM:<ann@client.example>\r\n')
  between.session.drain()
  t.match(await between.say('RSET\r\n'), /^250 [^\n]*\n421 4\.3\.2 /)
})

t.test('each refusal is told with its stage, and with what it is about', async t => {
  const it = talk()
  const refused = async (command: string) => {
    await it.say(`${command}\r\n`)
    return it.events.at(-1)
  }
  t.match(await refused('EHLO'), { stage: 'helo', reason: 'command-syntax' })
  await it.say('EHLO client.example\r\n')
  t.match(await refused('MAIL FROM:<ann>'), { stage: 'mail', reason: 'address-syntax', from: 'ann' })
  await it.say('MAIL FROM:<ann@client.example>\r\n')
  t.match(await refused('RCPT TO:<b b>'), { stage: 'rcpt', from: 'ann@client.example', to: 'b b' })
  t.match(await refused('DATA'), { stage: 'data', reason: 'bad-sequence', from: 'ann@client.example' })
  t.match(await refused('EXPN staff'), {
    stage: 'session',
    detail: 'EXPN',
    reply: '500 5.5.2 Command not recognized',
  })
})

t.test('an accepted message is told with everything that trace wants to know', async t => {
  const it = talk()
  await it.say(`EHLO client.example\r\n${open}`)
  await it.say('one\r\n.\r\n')
  it.timers.advance(5_000)
  it.session.closed()
  it.session.closed()
  t.match(it.events.slice(1), [
    {
      event: 'accepted',
      session: 'test1',
      client: '198.51.100.7',
      helo: 'client.example',
      from: 'ann@client.example',
      to: ['bob@example.test'],
      size: 5,
      id: it.intake.stored[0]!.envelope.id,
    },
    { event: 'disconnected', messages: 1, seconds: 5 },
  ])
  t.equal(it.events.length, 3)
})

t.test('a password reaches neither tracking nor a reply', async t => {
  const it = talk(world(), { tls: { version: 'TLSv1.3', cipher: 'x' }, tlsMode: 'implicit' })
  const password = 'correct horse'
  const plain = Buffer.from(`\0jo\0${password}`).toString('base64')
  const login = Buffer.from(password).toString('base64')
  const answers = await it.say(`EHLO c\r\nAUTH PLAIN ${plain}\r\nAUTH LOGIN am8=\r\n${login}\r\n${plain}\r\n`)
  t.match(
    answers,
    /\n535 [^\n]*\n334 [^\n]*\n535 [^\n]*\n500 [^\n]*\n$/,
    'the last line was taken for a command',
  )
  for (const secret of [password, plain, login]) {
    t.notOk(answers.includes(secret))
    t.notOk(JSON.stringify(it.events).toLowerCase().includes(secret.toLowerCase()))
  }
})
