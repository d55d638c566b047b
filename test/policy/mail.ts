/** Envelopes and opinions for the tests of the policy. */
import type { Address } from '#mail/address.ts'
import type { ScanResult } from '#mail/content.ts'
import type { Envelope, Origin } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Opinion, SpamSymbol } from '#mail/opinion.ts'

export const address = (text: string) => text as Address

const stranger: Origin = {
  zone: 'outside',
  listener: '192.0.2.1:25',
  clientAddress: '198.51.100.7',
  clientPort: 4_711,
  helo: 'mx.example.com',
  protocol: 'ESMTP',
  session: 's1',
}

export const envelopeFor = (recipients: readonly string[], origin: Partial<Origin> = {}): Envelope => ({
  id: '0123456789abc' as MessageId,
  reversePath: address('sender@example.com'),
  recipients: recipients.map(text => ({ address: address(text) })),
  body: '7BIT',
  smtputf8: false,
  requireTls: false,
  origin: { ...stranger, ...origin },
  receivedAt: 1_000,
})

export const opinionOf = (score: number, symbols: readonly SpamSymbol[] = []): Opinion => ({ score, symbols })

export const scanned = (opinion?: Opinion): ScanResult => ({
  kind: 'scanned',
  parts: 1,
  size: 100,
  flags: [],
  score: 0,
  rules: [],
  moreRules: 0,
  undecided: [],
  microseconds: 10,
  ...(opinion !== undefined && { opinion }),
})
