/**
 * Bulk: whether many messages like this one came in lately, and from how many places.
 *
 * A newsletter comes from one provider; a botnet sends from everywhere, under many names. Weights are small: whoever knows the
 * text of an honest message can send it from many places himself, and then it counts as bulk for a day. That is the price,
 * and no symbol here turns a verdict by itself.
 * Promises: an opinion on a message counts it once. Says nothing of short texts.
 */
import type { BulkFacts, BulkWatch } from '#content/spam/bulk/memory.ts'
import { sightingOf } from '#content/spam/bulk/sighting.ts'
import type { MessageFacts } from '#content/spam/message-facts.ts'
import { evidence, type SpamHit } from '#content/spam/symbol.ts'

type Row = readonly [
  name: string,
  weight: number,
  holds: (facts: BulkFacts) => boolean,
  sentence: string,
  span: keyof BulkFacts,
]

/** The first that holds counts. */
// biome-ignore format: a table
const rows: readonly Row[] = [
  ['BULK_FROM_EVERYWHERE', 1.2, ({ hour }) => hour.clients >= 8 && hour.senders >= 4, 'Many messages like this one came within an hour, from many networks and under many names', 'hour'],
  ['BULK_SPREAD_OVER_DAY', 0.8, ({ day }) => day.clients >= 12 && day.senders >= 6, 'Many messages like this one came within a day, from many networks and under many names', 'day'],
  ['BULK_UNDER_MANY_NAMES', 0.5, ({ hour }) => hour.messages >= 10 && hour.senders >= 6, 'Messages like this one came within an hour under many names', 'hour'],
  ['BULK_FROM_ONE_SENDER', 0.2, ({ hour }) => hour.messages >= 20 && hour.senders <= 2, 'Many messages like this one came within an hour from the same sender', 'hour'],
]

export const bulkSymbols: readonly Pick<SpamHit, 'name' | 'weight' | 'sentence'>[] = rows.map(
  ([name, weight, , sentence]) => ({ name, weight, sentence }),
)

/** `words`: slots of the words and pairs of the message. */
export function bulkHits(
  watch: BulkWatch,
  message: MessageFacts,
  words: Uint32Array,
  now: number,
): readonly SpamHit[] {
  const facts = watch.see(words, sightingOf(message, watch), now)
  const row = facts && rows.find(([, , holds]) => holds(facts))
  if (row === undefined) return []
  const [name, weight, , sentence, span] = row
  return [{ name, weight, sentence, layer: 'bulk', author: 'Sluice', evidence: [seen(facts!, span)] }]
}

function seen(facts: BulkFacts, span: keyof BulkFacts) {
  const { messages, clients, senders, recipients } = facts[span]
  const networks = clients === 0 ? '' : ` from some ${clients} networks`
  return evidence(
    `within ${span === 'hour' ? 'an hour' : 'a day'}`,
    `${messages} messages${networks}, some ${senders} senders, ${recipients} recipients`,
  )
}
