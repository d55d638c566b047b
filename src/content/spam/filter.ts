/**
 * The anti-spam filter: the model's log-odds and the weights of all symbols that hit, added up to one score.
 *
 * Promises: a score between 0 and 1 in full precision, finite for every message; never an exception for what stands in a
 * message; time linear in its size; the same for the native scanner and the one in TypeScript.
 * Leaves out: what happens to a message of such a score (`bands.ts`, and policy), showing it (`card.ts`).
 */
import type { BulkWatch } from '#content/spam/bulk/memory.ts'
import { bulkHits } from '#content/spam/layers/bulk.ts'
import { type LexiconRules, lexiconHits } from '#content/spam/layers/lexicon.ts'
import { symbols as allSymbols } from '#content/spam/layers/table.ts'
import type { MessageFacts } from '#content/spam/message-facts.ts'
import type { SpamModel } from '#content/spam/model.ts'
import { type FoundSymbol, mostEvidence, type SpamHit } from '#content/spam/symbol.ts'
import { WordSlots } from '#content/spam/word-slots.ts'

export interface Opinion {
  /** 1 / (1 + exp(-logOdds)). */
  readonly score: number
  readonly logOdds: number
  /** In the order of the layers. */
  readonly hits: readonly SpamHit[]
  /** What the model said; `withoutModel` when there is none. */
  readonly base: number
  /** Whether `base` is that of a model. */
  readonly model: boolean
}

export interface FilterOptions {
  readonly model?: SpamModel
  /** Lexicons whose patterns were part of the scan. */
  readonly lexicons?: readonly LexiconRules[]
  /** The memory of recent mail: each opinion counts its message there. Needs a model, whose words it is told. */
  readonly bulk?: BulkWatch
  /** For tests; all of `layers/table.ts` by default. */
  readonly symbols?: readonly FoundSymbol[]
}

export interface SpamFilter {
  opinion(message: MessageFacts): Opinion
}

/** Without a model one symbol alone never makes a message spam: no weight is above 3. */
export const withoutModel = -3

export function createFilter(options: FilterOptions = {}): SpamFilter {
  const { model, lexicons = [], bulk, symbols = allSymbols } = options
  const words = bulk && model && new WordSlots()
  return {
    opinion(message) {
      const base = model?.logOdds(message.output, words) ?? withoutModel
      const hits = [
        ...symbolHits(symbols, message),
        ...lexiconHits(lexicons, message),
        ...(bulk && words ? bulkHits(bulk, message, words.slots, message.receivedAt ?? Date.now()) : []),
      ]
      const logOdds = hits.reduce((sum, { weight }) => sum + weight, base)
      return { score: 1 / (1 + Math.exp(-logOdds)), logOdds, hits, base, model: model !== undefined }
    },
  }
}

/** Called per message: a symbol that is not there costs its function and nothing else. */
function symbolHits(symbols: readonly FoundSymbol[], message: MessageFacts): readonly SpamHit[] {
  const hits: SpamHit[] = []
  for (const symbol of symbols) {
    const evidence = symbol.find(message)
    if (evidence === undefined) continue
    const { name, layer, weight, sentence, author } = symbol
    hits.push({ name, layer, weight, sentence, author, evidence: evidence.slice(0, mostEvidence) })
  }
  return hits
}
