/**
 * Sessions under arbitrary octets and arbitrary turns of fate (time, slow disks, refusals, lost connections): whatever
 * comes, the invariants of a session hold.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { refuse } from '#mail/refusal.ts'
import { relayDenied, storageFull } from '#mail/replies.ts'
import { anyText, awkwardText, cut, cuts, perOctet } from '../session/chunking.ts'
import { settingsOf, type Talk, talk, turn, world } from '../session/fakes.ts'

const settings = {
  ...settingsOf({ limits: { tarpitAfterErrors: 3, errorsPerSession: 8, tarpitDelay: '2s' } }),
  messageSize: 200,
}
const patient = {
  ...settingsOf({ limits: { tarpitAfterErrors: 1_000_000, errorsPerSession: 1_000_000 } }),
  messageSize: 200,
}

const commands = fc.constantFrom(
  'EHLO c\r\n',
  'HELO c\r\n',
  'MAIL FROM:<a@b.example>\r\n',
  'MAIL FROM:<a@b.example> SIZE=100 BODY=8BITMIME RET=FULL\r\n',
  'RCPT TO:<c@d.example>\r\n',
  'RCPT TO:<c@d.example> NOTIFY=NEVER\r\n',
  'DATA\r\n',
  'text\r\n.\r\n',
  '.\r\n',
  'BDAT 3\r\nabc',
  'BDAT 3 LAST\r\nabc',
  'BDAT 0 LAST\r\n',
  'BDAT x\r\n',
  'RSET\r\n',
  'NOOP\r\n',
  'VRFY x\r\n',
  'HELP\r\n',
  'AUTH PLAIN AGpvAHNlY3JldA==\r\n',
  'AUTH LOGIN\r\n',
  'am8=\r\n',
  'c2VjcmV0\r\n',
  '*\r\n',
  'QUIT\r\n',
)

const opening = 'MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n'

const octets = fc.oneof(
  { weight: 8, arbitrary: commands },
  { weight: 1, arbitrary: anyText(20) },
  { weight: 1, arbitrary: awkwardText(8) },
  { weight: 1, arbitrary: fc.constant(`EHLO c\r\n${opening}`) },
  { weight: 2, arbitrary: fc.constant(`${opening}text\r\n.\r\n`) },
)

const answered = (sent: string): number => sent.match(/^250 2\.0\.0 Accepted/gm)?.length ?? 0
const wellFormed = /^(?:\d{3}[ -][\x20-\x7e]*\r\n)*$/

function assertSound(it: Talk, sent: string): void {
  assert.match(sent, wellFormed)
  assert.deepEqual(it.complaints, [])
  assert.equal(it.transport.afterEnd, 0, 'something was said after the end')
  assert.ok(answered(sent) <= it.intake.stored.length, 'a 250 without a message')
}

t.test('the answers do not depend on how the octets are cut', async () => {
  const secure = { tlsMode: 'implicit', tls: { version: 'TLSv1.3', cipher: 'x' } } as const
  const hear = async (chunks: readonly Buffer[]): Promise<[string, string[]]> => {
    const it = talk(world(patient), secure)
    for (const chunk of chunks) it.session.receive(chunk)
    await turn()
    assertSound(it, it.transport.sent)
    const answers = it.transport.sent.replace(/queued as \w+/g, 'queued')
    return [answers, it.intake.stored.map(({ content }) => content.replace(/\tid \w+/, ''))]
  }
  await fc.assert(
    fc.asyncProperty(fc.array(octets, { maxLength: 20 }), cuts, async (parts, at) => {
      const text = `EHLO c\r\n${parts.join('')}`
      const whole = await hear([Buffer.from(text, 'latin1')])
      assert.deepEqual(await hear(cut(text, at)), whole)
      assert.deepEqual(await hear(perOctet(text)), whole)
    }),
    { numRuns: 400 },
  )
})

type Fate =
  | { readonly kind: 'octets'; readonly text: string }
  | { readonly kind: 'time'; readonly milliseconds: number }
  | { readonly kind: 'turn' | 'store' | 'full' | 'secured' | 'drain' | 'ended' | 'terminate' | 'strict' }

const fates: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 12, arbitrary: octets.map(text => ({ kind: 'octets', text }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 400_000 })
      .map(milliseconds => ({ kind: 'time', milliseconds }) as const),
  },
  { weight: 3, arbitrary: fc.constantFrom('turn', 'store').map(kind => ({ kind }) as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'octets', text: 'STARTTLS\r\n' } as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('full', 'secured', 'strict', 'turn', 'store', 'drain', 'ended', 'terminate')
      .map(kind => ({ kind }) as const),
  },
)

t.test('whatever happens in whatever order, nothing is lost, doubled or left open', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fates, { maxLength: 40 }), fc.boolean(), async (script, early) => {
      const from = world(settings)
      from.admission.delay = early ? 100 : 0
      const waiting: PromiseWithResolvers<ReturnType<typeof refuse> | undefined>[] = []
      from.intake.before = () => {
        const stored = Promise.withResolvers<ReturnType<typeof refuse> | undefined>()
        waiting.push(stored)
        return stored.promise
      }
      const it = talk(from)
      for (const fate of script) {
        switch (fate.kind) {
          case 'octets':
            // A connection that is in the middle of a handshake hands on nothing.
            if (it.transport.startedTls === 0) it.session.receive(Buffer.from(fate.text, 'latin1'))
            break
          case 'time':
            it.timers.advance(fate.milliseconds)
            break
          case 'turn':
            await turn()
            break
          case 'store':
            waiting.shift()?.resolve(undefined)
            await turn()
            break
          case 'full':
            waiting.shift()?.resolve(refuse('storage-full', storageFull))
            await turn()
            break
          case 'strict':
            it.admission.recipient = () => refuse('relay-denied', relayDenied)
            break
          case 'secured':
            if (it.transport.startedTls > 0) it.session.secured({ version: 'TLSv1.3', cipher: 'x' })
            it.transport.startedTls = 0
            break
          default:
            it.session[fate.kind]()
        }
        assert.ok(waiting.length <= 1, 'two messages of one session in flight')
      }
      it.session.closed()
      for (const stored of waiting) stored.resolve(undefined)
      await turn()
      assertSound(it, it.transport.sent)
      assert.equal(it.intake.open_.size, 0, 'content that nobody owns is left open')
      const events = it.events.map(({ event }) => event)
      assert.equal(events.filter(event => event === 'connected').length, 1)
      assert.equal(events.filter(event => event === 'disconnected').length, 1)
      assert.equal(events.filter(event => event === 'accepted').length, it.intake.stored.length)
      it.timers.advance(1_000)
      assert.equal(it.timers.pending, 0, 'a timer is left')
    }),
    { numRuns: 1_500 },
  )
})
