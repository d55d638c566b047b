import t from 'tap'
import type { Address } from '#mail/address.ts'
import type { Envelope, Recipient } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import { treated } from '#mail/treated.ts'
import type { Verdict } from '#mail/verdict.ts'

const address = (text: string) => text as Address

const envelope = (...recipients: Recipient[]): Envelope => ({
  id: '0123456789abc' as MessageId,
  reversePath: address('sender@example.com'),
  recipients,
  body: '7BIT',
  smtputf8: false,
  requireTls: false,
  origin: {
    zone: 'outside',
    listener: '192.0.2.1:25',
    clientAddress: '198.51.100.7',
    clientPort: 4_711,
    helo: 'mx.example.com',
    protocol: 'ESMTP',
    session: 's1',
  },
  receivedAt: 1_000,
})

const jo: Recipient = { address: address('jo@example.org') }
const al: Recipient = { address: address('al@example.org'), notify: ['failure'] }
const pass: Verdict = { kind: 'pass', because: 'below-bands' }
const tag: Verdict = { kind: 'tag', because: 'band', from: 0.5, mark: { fields: ['X: yes'] } }
const hold: Verdict = { kind: 'hold', because: 'band', from: 0.9 }
const redirect: Verdict = {
  kind: 'redirect',
  because: 'band',
  from: 0.8,
  to: address('spam@example.net'),
  mark: { fields: [] },
}
const why = ({ kind }: Verdict) => `why ${kind}`

t.test('a message that passes for everybody keeps its envelope', async t => {
  const before = envelope(jo, al)
  t.equal(treated(before, [pass, pass], why), before)
})

t.test('recipients who are treated alike share one treatment, and who gets it as it is has none', async t => {
  const { recipients, treatments } = treated(envelope(jo, al, jo), [tag, pass, tag], why)
  t.same(
    recipients.map(({ treatment }) => treatment),
    [0, undefined, 0],
  )
  t.same(treatments, [{ kind: 'tag', mark: { fields: ['X: yes'] } }])
  t.same(recipients[1], al)
})

t.test('what is held says why, and keeps what its sender asked for', async t => {
  const { recipients, treatments } = treated(envelope(al), [hold], why)
  t.same(recipients, [{ ...al, treatment: 0 }])
  t.same(treatments, [{ kind: 'hold', why: 'why hold' }])
})

t.test('redirected mail is one copy for one address, and nobody is told of that address', async t => {
  const { recipients, treatments } = treated(envelope(jo, al), [redirect, redirect], why)
  t.same(recipients, [{ address: 'spam@example.net', notify: 'never', treatment: 0 }])
  t.same(treatments, [{ kind: 'redirect', from: [jo.address, al.address], mark: { fields: [] } }])
})

t.test('a redirected recipient keeps the original that was named, and is its own otherwise', async t => {
  const originalOf = (recipient: Recipient) =>
    treated(envelope(recipient), [redirect], why).recipients[0]!.originalRecipient
  t.equal(originalOf(jo), 'rfc822;jo@example.org')
  t.equal(originalOf({ ...jo, originalRecipient: 'rfc822;list@example.com' }), 'rfc822;list@example.com')
  t.equal(originalOf({ address: address('jö@example.org') }), 'utf-8;jö@example.org')
})
