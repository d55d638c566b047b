/**
 * A symbol: one thing that speaks for or against a message being spam, with what it weighs and a sentence that says so to
 * people; and a hit: a symbol that was found, with the words or values of the message that show it.
 *
 * Promises: a weight is a natural logarithm of odds, so that weights add up; above 0 towards spam. Evidence is bounded, and
 * its text comes from outside: it may hold anything, and whoever shows it makes it printable.
 * Leaves out: which symbols there are (`layers/table.ts`), what they add up to (`filter.ts`).
 */
import type { MessageFacts } from '#content/spam/message-facts.ts'

/** Cheapest first, which is the order in which they are asked. */
export const layerNames = ['connection', 'header', 'form', 'link', 'text', 'lexicon', 'bulk'] as const
export type LayerName = (typeof layerNames)[number]

export interface SpamSymbol {
  /** In the style of the field: FROM_NAME_IS_ADDRESS. */
  readonly name: string
  readonly layer: LayerName
  readonly weight: number
  /** Plain language, without its full stop. */
  readonly sentence: string
  /** Who wrote it: `Sluice`, or the file of rules that it stands in. */
  readonly author: string
}

export interface Evidence {
  /** Where it stands, in our words: `subject`, `link`, `file name`. */
  readonly place: string
  /** From outside. */
  readonly text: string
}

export interface SpamHit extends SpamSymbol {
  /** Empty for what is seen by something that is absent. */
  readonly evidence: readonly Evidence[]
}

/** Looks for one symbol: what shows that it is there, or undefined. Pure, linear, never an exception. */
export type Find = (message: MessageFacts) => readonly Evidence[] | undefined

/** A symbol and how it is found. */
export interface FoundSymbol extends SpamSymbol {
  readonly find: Find
}

export const mostEvidence = 5
/** Characters of one piece of evidence. */
export const longestEvidence = 200

/** The words of the message, no more than a card has room for. */
export const evidence = (place: string, text: string): Evidence => ({
  place,
  text: text.length > longestEvidence ? `${text.slice(0, longestEvidence)}…` : text,
})
