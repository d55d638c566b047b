/**
 * Few rules that cover the samples: again and again the one that covers most of those that are left.
 *
 * A rule looks for one thing, or for two or three together where one alone is not rare enough. Of equals the rarer wins up to
 * what is enough, then the shorter: a long phrase is lost with the first word that the sender changes.
 */
import type { Background, Rarity } from '#content/spam/proposals/background.ts'
import type { Candidate } from '#content/spam/proposals/candidates.ts'

export interface Draft {
  /** All of them must be there. */
  readonly parts: readonly Candidate[]
  readonly samples: ReadonlySet<number>
  /** Messages of the background that have all of them, at most. */
  readonly background: number
}

export interface ChooseOptions {
  readonly samples: number
  /** A rule covers so many samples at least. */
  readonly least: number
  /** Of the background that a rule may hit, from 0 to 1. */
  readonly share: number
  readonly most: number
}

/** Sum of the rarities of the words that a rule asks for: one in three thousand, were they independent. */
const enough = 8
const plenty = 14
const mostParts = 3
/** A host, a file name or a program says more than a word; how much, only ordinary mail can tell. */
const [valueAtLeast, valueAtMost, valueUnknown] = [3, 9, 5]

export function choose(
  candidates: readonly Candidate[],
  background: Background,
  rarity: Rarity,
  options: ChooseOptions,
): readonly Draft[] {
  const allowed = Math.floor(options.share * background.size)
  const rated = candidates
    .filter(candidate => background.hits(candidate) <= allowed)
    .map(candidate => ({ candidate, strength: strengthOf(candidate, rarity, background) }))
  const left = new Set(Array.from({ length: options.samples }, (_, sample) => sample))
  const drafts: Draft[] = []
  while (left.size > 0 && drafts.length < options.most) {
    const draft = bestFor(left, rated, background, options)
    if (draft === undefined) break
    drafts.push(draft)
    for (const sample of draft.samples) left.delete(sample)
  }
  return drafts
}

interface Rated {
  readonly candidate: Candidate
  readonly strength: number
}

function strengthOf(candidate: Candidate, rarity: Rarity, background: Background): number {
  const { words } = candidate
  if (words.length === 0) {
    if (background.size === 0) return valueUnknown
    const seen = Math.log((background.size + 1) / (background.hits(candidate) + 1))
    return Math.min(valueAtMost, valueAtLeast + seen)
  }
  return [...new Set(words)].reduce((sum, word) => sum + rarity(word), 0)
}

function bestFor(
  left: ReadonlySet<number>,
  rated: readonly Rated[],
  background: Background,
  { least }: ChooseOptions,
): Draft | undefined {
  const ordered = rated
    .map(each => ({ ...each, covers: countIn(each.candidate.samples, left) }))
    .filter(({ candidate, covers }) => covers > 0 && candidate.samples.size >= least)
    .sort(
      (a, b) =>
        b.covers - a.covers ||
        Math.min(b.strength, plenty) - Math.min(a.strength, plenty) ||
        a.candidate.phrase.length - b.candidate.phrase.length ||
        (a.candidate.phrase < b.candidate.phrase ? -1 : 1),
    )
  for (const first of ordered.slice(0, mostTried)) {
    const parts = completed(first, ordered)
    if (parts !== undefined)
      return {
        parts: parts.map(({ candidate }) => candidate),
        samples: first.candidate.samples,
        background: Math.min(...parts.map(({ candidate }) => background.hits(candidate))),
      }
  }
  return undefined
}

const mostTried = 500

/** With what the same samples have too, until it is rare enough; undefined when it does not become so. */
function completed(first: Rated, ordered: readonly Rated[]): readonly Rated[] | undefined {
  const parts = [first]
  let strength = first.strength
  for (const other of ordered) {
    if (strength >= enough || parts.length === mostParts) break
    if (parts.some(part => overlap(part.candidate, other.candidate))) continue
    if (countIn(first.candidate.samples, other.candidate.samples) < first.candidate.samples.size) continue
    parts.push(other)
    strength += other.strength
  }
  return strength >= enough ? parts : undefined
}

/** Two pieces of one sentence are no two signs. */
function overlap(a: Candidate, b: Candidate): boolean {
  if (a.words.length === 0 || b.words.length === 0) return a.place === b.place
  return a.words.some(word => b.words.includes(word))
}

function countIn(samples: ReadonlySet<number>, others: ReadonlySet<number>): number {
  let count = 0
  for (const sample of samples) if (others.has(sample)) count++
  return count
}
