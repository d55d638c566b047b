/**
 * Ordinary mail, as far as it was given: how often each candidate occurs in it, and how common each word is.
 *
 * Where there is little or none, the model that ships knows which words are rare: the scale of a word's slot falls with the
 * share of the mail of its training that had it.
 */
import { type Candidate, keyOf, keysIn } from '#content/spam/proposals/candidates.ts'
import type { Material } from '#content/spam/proposals/material.ts'
import { joinHashes } from '#scanner/features/hash.ts'
import { kinds } from '#scanner/features/kinds.ts'
import type { Model } from '#scanner/features/model.ts'
import { WordReader } from '#scanner/features/words.ts'

export class Background {
  readonly #wanted: ReadonlySet<string>
  readonly #starts: ReadonlySet<string>
  readonly #words: ReadonlySet<string>
  readonly #hits = new Map<string, number>()
  readonly #frequency = new Map<string, number>()
  #size = 0

  constructor(candidates: readonly Candidate[]) {
    this.#wanted = new Set(candidates.map(({ place, phrase }) => keyOf(place, phrase)))
    this.#words = new Set(candidates.flatMap(({ words }) => words))
    this.#starts = new Set(candidates.flatMap(({ words }) => words.slice(0, 1)))
  }

  /** Messages. */
  get size(): number {
    return this.#size
  }

  add(material: Material): void {
    this.#size++
    for (const key of new Set(keysIn(material, this.#wanted, this.#starts)))
      if (this.#wanted.has(key)) this.#hits.set(key, (this.#hits.get(key) ?? 0) + 1)
    const words = new Set([...material.subject, ...material.text].flatMap(run => run.map(({ text }) => text)))
    for (const word of words)
      if (this.#words.has(word)) this.#frequency.set(word, (this.#frequency.get(word) ?? 0) + 1)
  }

  hits({ place, phrase }: Candidate): number {
    return this.#hits.get(keyOf(place, phrase)) ?? 0
  }

  frequency(word: string): number {
    return this.#frequency.get(word) ?? 0
  }
}

/** How rare a word is: the natural logarithm of one by its share. */
export type Rarity = (word: string) => number

/** Fewer messages do not know which words are common; so many know it better than the model. */
const [some, enough] = [50, 1_000]
/** Of a word that nobody knows anything about. */
const unknown = 1.6
const mostOfWord = 6

/** `source` is for people. */
export function rarityOf(
  background: Background,
  model: Model | undefined,
): { readonly rarity: Rarity; readonly source: string } {
  const { size } = background
  const seen: Rarity = word => Math.log((size + 1) / (background.frequency(word) + 1))
  if (size >= enough)
    return { rarity: word => Math.min(mostOfWord, seen(word)), source: `${size} ordinary messages` }
  const known: Rarity = model === undefined ? () => unknown : word => scaleOf(model, word)
  const [words, few] = [
    model === undefined ? 'the length of phrases' : 'the words that the model knows',
    `${size} ordinary messages`,
  ]
  if (size < some) return { rarity: word => Math.min(mostOfWord, known(word)), source: words }
  // A word that is not in some hundred messages may be a common one all the same.
  const trust = Math.log(size / some)
  return {
    rarity: word => Math.min(mostOfWord, seen(word), known(word) + trust),
    source: `${few} and ${words}`,
  }
}

/** A slot without a scale is one that was never seen in training, or a word that told nothing: nobody knows which. */
function scaleOf(model: Model, word: string): number {
  let slot: number | undefined
  const [bits] = model.facts.options.bits
  const reader = new WordReader({
    word: hash => {
      slot ??= joinHashes(kinds.word[0], hash, 0) >>> (32 - bits)
    },
  })
  reader.read(Buffer.from(word))
  const scale = slot === undefined ? 0 : model.lookUp(0, Uint32Array.of(slot)).scales[0]!
  return scale === 0 ? unknown : scale
}
