/**
 * The content of a message passes the scan on its way to the spool, and every way out of the content gives the scanner
 * back.
 */
import t from 'tap'
import type { ContentScan, ContentScanning } from '#mail/content.ts'
import { refuse } from '#mail/refusal.ts'
import { storageFull } from '#mail/replies.ts'
import { rulesFor, scanningWith, suspicious, usableEngines, writeLexicon } from '../content/rig.ts'
import { lines, settingsOf, type Talk, talk, type World, world } from './fakes.ts'

const [engine] = usableEngines()
const opening = lines('EHLO c.example', 'MAIL FROM:<a@c.example>', 'RCPT TO:<b@example.test>')
const withScanning = (from: World, content: ContentScanning): World => ({
  ...from,
  host: { ...from.host, content },
})

/** Notes what a scan is given. */
function recording(): { readonly scanning: ContentScanning; readonly pieces: Uint8Array[] } {
  const pieces: Uint8Array[] = []
  const scan: ContentScan = { take: piece => pieces.push(piece), finish: () => undefined, abandon() {} }
  return { scanning: { open: () => scan }, pieces }
}

t.test('the very buffers that are written to the spool are scanned, in the same order', async t => {
  const { scanning, pieces } = recording()
  const it = withScanning(world(), scanning)
  const written: Uint8Array[] = []
  const honest = it.intake.open.bind(it.intake)
  it.intake.open = id => {
    const writer = honest(id)
    const write = (piece: Uint8Array) => {
      written.push(piece)
      return writer.write(piece)
    }
    return { ...writer, write }
  }
  const { say } = talk(it)
  await say(opening)
  await say('DATA\r\n')
  await say(`Subject: long\r\n\r\n${'..stuffed and long\r\n'.repeat(10_000)}.\r\n`)
  t.ok(pieces.length > 2)
  t.equal(pieces.length, written.length)
  t.ok(
    pieces.every((piece, index) => piece === written[index]),
    'not even a copy',
  )
  t.match(Buffer.from(pieces[0]!).toString('latin1'), /^Received: /)
})

const ways: readonly (readonly [way: string, go: (it: Talk) => Promise<unknown>])[] = [
  ['DATA', ({ say }) => say('DATA\r\n').then(() => say(`${suspicious.toString('latin1')}.\r\n`))],
  [
    'BDAT in chunks, cut anywhere',
    async ({ say }) => {
      const text = suspicious.toString('latin1')
      await say(`BDAT 41\r\n${text.slice(0, 41)}`)
      await say('BDAT 0\r\n')
      await say(`BDAT ${text.length - 41} LAST\r\n${text.slice(41, 90)}`)
      await say(text.slice(90))
    },
  ],
]

for (const [way, go] of ways)
  t.test(`what was found is told before the message is accepted: ${way}`, async t => {
    const rules = await rulesFor(engine!, [await writeLexicon(t.testdir(), 'elephant', 'purple elephant')])
    const { scanning } = await scanningWith(engine!, rules)
    const it = talk(withScanning(world(), scanning))
    await it.say(opening)
    await go(it)
    const [scanned, accepted] = it.events.slice(-2)
    t.match(accepted, { event: 'accepted' })
    t.match(scanned, {
      event: 'scanned',
      session: 'test1',
      id: accepted?.event === 'accepted' ? accepted.id : '',
      parts: 3,
      rules: [{ rule: 'elephant', score: 2.5 }],
    })
    t.equal(scanned?.event === 'scanned' && scanned.size, it.intake.stored[0]!.content.length)
    t.match(scanning.scanners(), { out: 0, idle: 1 })
  })

const long = 'word '.repeat(15).concat('\r\n').repeat(400)
const begun = `Subject: x\r\n\r\n${long}`

const exits: readonly (readonly [exit: string, go: (it: Talk) => Promise<unknown>])[] = [
  ['the client is gone within DATA', async ({ session }) => session.closed()],
  ['the client says no more', async ({ session }) => session.ended()],
  ['we shut down', async ({ session }) => session.terminate()],
  [
    'the deadline of the message',
    async it => {
      it.timers.advance(3_600_000)
      it.session.expire(it.timers.now)
    },
  ],
  ['a bare line feed', ({ say }) => say('a\nb\r\n')],
  ['a message that is too large', ({ say }) => say(long.repeat(8))],
  [
    'a full disk',
    ({ say, intake }) => {
      intake.before = () => refuse('storage-full', storageFull)
      return say('.\r\n')
    },
  ],
]

for (const [exit, go] of exits)
  t.test(`a scanner comes back after ${exit}`, async t => {
    const { scanning } = await scanningWith(engine!)
    const it = talk(
      withScanning(world(settingsOf({ limits: { messageSize: '200KiB', headerSize: '16KiB' } })), scanning),
    )
    await it.say(opening)
    await it.say('DATA\r\n')
    await it.say(begun)
    t.match(scanning.scanners(), { out: 1 })
    await go(it)
    t.match(scanning.scanners(), { out: 0, idle: 1 })
  })

const chunkExits: readonly (readonly [exit: string, commands: string])[] = [
  ['RSET', 'RSET\r\n'],
  ['a second EHLO', 'EHLO again.example\r\n'],
  ['DATA behind BDAT', 'DATA\r\n'],
  ['QUIT', 'QUIT\r\n'],
  ['a chunk with a fault', 'BDAT 3 LAST\r\na\nb'],
]

for (const [exit, commands] of chunkExits)
  t.test(`a scanner comes back after ${exit} between chunks`, async t => {
    const { scanning } = await scanningWith(engine!)
    const it = talk(withScanning(world(), scanning))
    await it.say(opening)
    await it.say(`BDAT ${begun.length}\r\n${begun}`)
    t.match(scanning.scanners(), { out: 1 })
    await it.say(commands)
    t.match(scanning.scanners(), { out: 0, idle: 1 })
  })

t.test('a client that has sent little holds no scanner', async t => {
  const { scanning } = await scanningWith(engine!)
  const it = talk(withScanning(world(), scanning))
  await it.say(opening)
  await it.say('DATA\r\n')
  await it.say('Subject: slow\r\n\r\none word')
  t.match(scanning.scanners(), { out: 0 })
})
