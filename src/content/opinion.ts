/**
 * The opinion on a message as the session hears it: the score of the filter, and what it is made of, strongest first.
 *
 * Leaves out: forming it (`spam/filter.ts`), the words of the message that show it (`spam/card.ts`).
 */
import type { ConnectionFacts } from '#content/spam/connection-facts.ts'
import type { Opinion as FilterOpinion, SpamFilter } from '#content/spam/filter.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { Opinion, SpamSymbol } from '#mail/opinion.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

/** Symbols that an opinion names. */
const mostSymbols = 50

export function opinionOn(output: ScanOutput, filter: SpamFilter, envelope: Envelope | undefined): Opinion {
  const facts = new MessageFacts(output, envelope === undefined ? {} : circumstancesOf(envelope))
  const opinion = filter.opinion(facts)
  const symbols = [baseOf(opinion), ...opinion.hits.map(symbolOf)]
  return {
    score: opinion.score,
    symbols: symbols
      .sort((left, right) => Math.abs(right.weight) - Math.abs(left.weight))
      .slice(0, mostSymbols),
  }
}

/** What the others are added to. */
const baseOf = ({ base, model }: FilterOpinion): SpamSymbol =>
  model
    ? { name: 'MODEL', weight: base, sentence: 'the trained model, by words, header, links and form' }
    : { name: 'NO_MODEL', weight: base, sentence: 'there is no trained model, and most mail is honest' }

const symbolOf = ({ name, weight, sentence }: SpamSymbol): SpamSymbol => ({ name, weight, sentence })

const circumstancesOf = (envelope: Envelope) => ({
  receivedAt: envelope.receivedAt,
  ...connectionOf(envelope),
})

/** Of strangers only: a mail program or a server of ours may call itself what it likes. */
function connectionOf({ origin, reversePath, recipients }: Envelope): { connection?: ConnectionFacts } {
  if (origin.zone !== 'outside' || origin.user !== undefined || origin.certificate !== undefined) return {}
  const connection = {
    clientAddress: origin.clientAddress,
    helo: origin.helo,
    envelopeSender: reversePath,
    recipients: recipients.map(({ address }) => address),
  }
  return { connection }
}
