/**
 * Promise 7, the session's half: an octet now and then holds nothing open, however it is spread; and thousands who try
 * keep nobody else from his mail.
 */
import t from 'tap'
import { type Talk, talk, world } from '../session/fakes.ts'

const second = 1_000
const drip = 700

/** One octet each 0.7 s until it is over; returns the milliseconds that it took. */
async function drippedOut(it: Talk, octets: string): Promise<number> {
  const begun = it.timers.now
  for (let count = 0; !it.transport.ended; count++) {
    it.session.receive(Buffer.from(octets[count % octets.length]!))
    it.timers.advance(drip)
    if (count > 1_000_000) throw new Error('it never ends')
  }
  return it.timers.now - begun
}

t.test('a command that is dripped out ends at its deadline', async t => {
  for (const octets of ['x', '\n', ' ', 'EHLO ']) {
    const it = talk()
    const took = await drippedOut(it, octets)
    t.ok(took <= 300 * second + drip + 250, `${JSON.stringify(octets)}: ${took} ms`)
  }
})

t.test('a message that is dripped out ends at its deadline, by DATA and by BDAT', async t => {
  for (const begin of ['DATA\r\n', 'BDAT 1000000\r\n', 'BDAT 1\r\nxBDAT 1\r\nxBDAT 1000000 LAST\r\n']) {
    const it = talk()
    await it.say(`EHLO c\r\nMAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\n${begin}`)
    const took = await drippedOut(it, 'line\r\n')
    t.ok(took <= 900 * second + drip + 250, `${JSON.stringify(begin)}: ${took} ms`)
    t.match(it.events.at(-1), { event: 'refused', reason: 'deadline-message' })
    t.equal(it.intake.open_.size, 0)
  }
})

t.test('chunks that come one after the other share one deadline', async t => {
  const it = talk()
  await it.say('EHLO c\r\nMAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\n')
  for (let count = 0; count < 1_000 && !it.transport.ended; count++) {
    await it.say('BDAT 1\r\nx')
    it.timers.advance(second)
  }
  t.ok(it.transport.ended)
  t.ok(it.timers.now <= 902 * second)
})

t.test('an exchange of AUTH is one command', async t => {
  const it = talk(world(), { tls: { version: 'TLSv1.3', cipher: 'x' }, tlsMode: 'implicit' })
  await it.say('EHLO c\r\nAUTH LOGIN\r\n')
  it.timers.advance(200 * second)
  await it.say('am8=\r\n')
  it.timers.advance(101 * second)
  t.ok(it.transport.ended)
})

t.test('a session that is busy with nothing ends at its deadline', async t => {
  const it = talk()
  for (let count = 0; count < 10_000 && !it.transport.ended; count++) {
    // A command every 80 seconds: far below the limit on idle talk, and no command is late.
    await it.say('NOOP\r\n')
    it.timers.advance(80 * second)
  }
  t.ok(it.timers.now <= 7_282 * second, `${it.timers.now} ms`)
  t.match(it.events.at(-1), { event: 'refused', reason: 'deadline-session' })
})

t.test('while we owe the answer the client is not to blame', async t => {
  const it = talk()
  await it.say('EHLO c\r\nMAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n')
  const stored = Promise.withResolvers<undefined>()
  it.intake.before = () => stored.promise
  await it.say('hello\r\n.\r\n')
  it.timers.advance(3_600 * second)
  t.notOk(it.transport.ended)
  stored.resolve(undefined)
  t.match(await it.say(''), /^250 2\.0\.0 Accepted/)
  it.timers.advance(299 * second)
  t.notOk(it.transport.ended, 'the time for the next command begins with the answer')
})

t.test('mail is accepted beside 5,000 slow sessions, and all of those end', async t => {
  const shared = world()
  const slow = Array.from({ length: 5_000 }, () => talk(shared))
  for (let count = 0; count < 10; count++) {
    for (const { session } of slow) session.receive(Buffer.from('x'))
    shared.timers.advance(drip)
    const honest = talk(shared)
    await honest.say('EHLO c\r\nMAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n')
    t.match(await honest.say('hello\r\n.\r\nQUIT\r\n'), /^250 2\.0\.0 Accepted/)
    honest.session.closed()
  }
  shared.timers.advance(301 * second)
  t.equal(slow.filter(({ transport }) => !transport.ended).length, 0)
  t.equal(shared.timers.pending, 0, 'without sessions there is no timer')
})
