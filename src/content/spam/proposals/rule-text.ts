/**
 * Drafts as the text of a lexicon, with tests beside the rules.
 *
 * Every text that came from outside stands in the quotes of JSON, which YAML reads the same, and has neither control characters
 * nor line ends. Leaves out whether the tests pass: `propose.ts` runs them.
 */
import type { Candidate } from '#content/spam/proposals/candidates.ts'
import type { Draft } from '#content/spam/proposals/choose.ts'
import type { Place } from '#content/spam/proposals/material.ts'

export interface NamedDraft {
  readonly name: string
  readonly weight: number
  readonly draft: Draft
}

export function lexiconText(rules: readonly NamedDraft[], samples: number): string {
  return `rules:\n${rules.map(rule => ruleText(rule, samples)).join('')}`
}

function ruleText({ name, weight, draft: { parts, samples } }: NamedDraft, all: number): string {
  const [first, ...others] = parts as [Candidate, ...Candidate[]]
  const lines = [
    `${name}:`,
    `  sentence: Like ${samples.size} of ${all} messages that were to be blocked`,
    `  weight: ${weight}`,
    ...(others.length === 0
      ? [`  where: ${quote(first.place)}`, `  phrase: ${quote(first.phrase)}`]
      : [
          '  all:',
          ...parts.map(({ phrase, place }) => `    - {phrase: ${quote(phrase)}, where: ${quote(place)}}`),
        ]),
    '  tests:',
    '    matches:',
    `      - ${sampleOf(parts, plain)}`,
    '    passes:',
    `      - ${sampleOf(parts, near)}`,
  ]
  return lines.map(line => `  ${line}\n`).join('')
}

const quote = (text: string): string => JSON.stringify(text).replace(/[\u2028\u2029]/g, '')

/** What stands in one place, in sentences of its own. */
function sampleOf(parts: readonly Candidate[], write: (candidate: Candidate) => string): string {
  const places = new Map<Place, string[]>()
  for (const part of parts) places.set(part.place, [...(places.get(part.place) ?? []), write(part)])
  const entries = [...places].map(([place, texts]) => `${quote(place)}: ${quote(texts.join('. '))}`)
  return `{${entries.join(', ')}}`
}

function plain({ place, phrase }: Candidate): string {
  const text = phrase.replaceAll('\\*', '*')
  if (place === 'urls') return `https://${text}/`
  return place === 'from' || place === 'reply-to' ? asMailbox(text) : text
}

const asMailbox = (text: string): string => (text.startsWith('@') ? `someone${text}` : text)

/** Nearly the same, and not a match: the words but the last one, or another value of the kind. */
function near({ place, words }: Candidate): string {
  if (words.length > 1) return words.slice(0, -1).join(isDense(words) ? '' : ' ')
  return place === 'urls'
    ? 'https://www.example.org/'
    : place === 'attachment-names'
      ? 'document.txt'
      : 'someone@example.org'
}

/** Single letters of a script without spaces. */
const isDense = (words: readonly string[]): boolean =>
  words.every(word => [...word].length === 1 && word > '\u0e00')

/** `from-verify-account`; numbered where it would be empty or is taken. */
export function nameRules(
  drafts: readonly Draft[],
  weightOf: (draft: Draft) => number,
): readonly NamedDraft[] {
  const taken = new Set<string>()
  return drafts.map((draft, index) => {
    const words = draft.parts[0]!.phrase.match(/[a-z0-9]+/g)?.slice(0, 4) ?? []
    const stem = ['proposed', ...words].join('-').slice(0, 50).replace(/-+$/, '')
    const name = words.length === 0 || taken.has(stem) ? `${stem}-${index + 1}` : stem
    taken.add(name)
    return { name, weight: weightOf(draft), draft }
  })
}
