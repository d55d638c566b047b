/**
 * What several samples have in common: phrases of two to eight words, and whole values, with the samples that have them.
 *
 * Promises: a phrase of n words is only built where those of n - 1 are common already, so that long samples cost no more than
 * what they share; bounded by `mostCandidates`.
 */
import type { Material, Place } from '#content/spam/proposals/material.ts'
import { phraseOf, type Run } from '#content/spam/proposals/words.ts'

export interface Candidate {
  readonly place: Place
  readonly phrase: string
  /** Of a phrase of words; empty for a value. */
  readonly words: readonly string[]
  /** Numbers of the samples that have it. */
  readonly samples: ReadonlySet<number>
}

export const [fewestWords, mostWordsOfPhrase] = [2, 8]
/** Characters of a script without spaces say less than words. */
const mostCharacters = 16
export const mostCandidates = 200_000

export const keyOf = (place: Place, phrase: string): string => `${place}\n${phrase}`

export function commonTo(materials: readonly Material[], least: number): readonly Candidate[] {
  const found = [
    ...phrases(
      'subject',
      materials.map(({ subject }) => subject),
      least,
    ),
    ...phrases(
      'text',
      materials.map(({ text }) => text),
      least,
    ),
    ...values(materials, least),
  ]
  return found.slice(0, mostCandidates)
}

function values(materials: readonly Material[], least: number): Candidate[] {
  const found = new Map<string, { place: Place; phrase: string; words: string[]; samples: Set<number> }>()
  for (const [sample, { values }] of materials.entries())
    for (const { place, phrase } of values) {
      const key = keyOf(place, phrase)
      const known = found.get(key)
      if (known === undefined) found.set(key, { place, phrase, words: [], samples: new Set([sample]) })
      else known.samples.add(sample)
    }
  return [...found.values()].filter(({ samples }) => samples.size >= least)
}

interface Gram {
  readonly run: Run
  readonly samples: Set<number>
}

function phrases(place: Place, texts: readonly (readonly Run[])[], least: number): Candidate[] {
  const found: Candidate[] = []
  let shorter: ReadonlySet<string> | undefined
  for (let length = 1; length <= mostCharacters && found.length < mostCandidates; length++) {
    const grams = gramsOf(texts, length, shorter)
    for (const [key, { samples }] of grams) if (samples.size < least) grams.delete(key)
    if (grams.size === 0) break
    shorter = new Set(grams.keys())
    for (const [phrase, { run, samples }] of grams)
      if (isPhrase(run)) found.push({ place, phrase, words: run.map(({ text }) => text), samples })
  }
  return found
}

const isPhrase = (run: Run): boolean =>
  run[0]!.dense ? run.length >= 4 : run.length >= fewestWords && run.length <= mostWordsOfPhrase

function gramsOf(
  texts: readonly (readonly Run[])[],
  length: number,
  shorter: ReadonlySet<string> | undefined,
) {
  const grams = new Map<string, Gram>()
  for (const [sample, runs] of texts.entries())
    for (const run of runs) {
      if (length > mostWordsOfPhrase && !run[0]!.dense) continue
      for (let at = 0; at + length <= run.length; at++) {
        const words = run.slice(at, at + length)
        if (
          shorter !== undefined &&
          !(shorter.has(phraseOf(words.slice(1))) && shorter.has(phraseOf(words.slice(0, -1))))
        )
          continue
        const key = phraseOf(words)
        const known = grams.get(key)
        if (known === undefined) grams.set(key, { run: words, samples: new Set([sample]) })
        else known.samples.add(sample)
      }
    }
  return grams
}

/** Keys of the candidates that a message has, by its material. `starts`: the first words of the phrases that are looked for. */
export function* keysIn(
  material: Material,
  wanted: ReadonlySet<string>,
  starts: ReadonlySet<string>,
): Generator<string> {
  for (const { place, phrase } of material.values) yield keyOf(place, phrase)
  for (const place of ['subject', 'text'] as const)
    for (const run of material[place])
      for (let at = 0; at < run.length; at++) {
        if (!starts.has(run[at]!.text)) continue
        const longest = run[at]!.dense ? mostCharacters : mostWordsOfPhrase
        for (let length = 2; length <= longest && at + length <= run.length; length++) {
          const key = keyOf(place, phraseOf(run.slice(at, at + length)))
          if (wanted.has(key)) yield key
        }
      }
}
