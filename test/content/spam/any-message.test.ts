/**
 * For any message at all: a finite score between 0 and 1, evidence within bounds, and the same from both scanners.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Card, cardAsText, createCard } from '#content/spam/card.ts'
import { createFilter } from '#content/spam/filter.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import { longestEvidence, mostEvidence } from '#content/spam/symbol.ts'
import { soundScan, unsoundScan } from '../../scanner/features/tables.ts'
import { engines, scan } from './mails.ts'

t.setTimeout(120_000)

const filter = createFilter()
const cardOf = (output: Parameters<typeof createCard>[1]): Card =>
  createCard(filter.opinion(new MessageFacts(output)), output)

/** Pieces of which messages are made, and what attackers put between them. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'From: "PayPal" <a@gmail.com>',
      'Reply-To: b@web.de',
      'Subject: Re: FREE MONEY NOW!!!',
      'Date: x -1700',
    ],
    ...[
      'Content-Type: text/html',
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: message/rfc822',
    ],
    ...[
      '',
      '--b',
      '--b--',
      'http://раypal.com:81@1.2.3.4/x.exe#a@b.example',
      'https://bit.ly/x',
      '<form><input>',
    ],
    ...[
      'Content-Disposition: attachment; filename="a.pdf.exe"',
      '<div style=display:none>',
      '&#8203;a&#8203;b',
    ],
    ...[
      'Message-ID: <>',
      'X-Priority: 1',
      '\u202e\u200b\ud83d\ude00',
      '𝐫𝐢𝐜𝐡 рassword',
      '=?utf-8?q?=D1=80ay?=',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
)
const message = fc.array(piece, { maxLength: 30 }).map(pieces => Buffer.from(pieces.join('\r\n')))

function assertSound(card: Card): void {
  assert.ok(card.score >= 0 && card.score <= 1 && Number.isFinite(card.logOdds))
  for (const { evidence } of card.symbols) {
    assert.ok(evidence.length <= mostEvidence)
    assert.ok(evidence.every(({ text }) => text.length <= longestEvidence + 1))
  }
  assert.doesNotMatch(cardAsText(card), /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
}

t.test(
  'every message has a sound opinion and a card that moves no cursor, the same from both scanners',
  async () => {
    fc.assert(
      fc.property(message, octets => {
        const [first, ...others] = engines.map(engine => cardOf(scan(engine, octets)))
        assertSound(first!)
        for (const other of others) assert.deepEqual(other, first)
      }),
      { numRuns: 500 },
    )
  },
)

for (const [what, tables] of [
  ['made by a scanner', soundScan],
  ['that hold anything', unsoundScan],
] as const)
  t.test(`tables ${what} have a sound opinion`, async () => {
    fc.assert(
      fc.property(tables, output => assertSound(cardOf(output))),
      { numRuns: 300 },
    )
  })
