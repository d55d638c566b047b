/**
 * Rules of lexicons as symbols: what a rule found, in the words of the message.
 *
 * Promises: a message is judged by rules for what it says, not for what it carries. The points of a rule are natural
 * logarithms of odds already, when they are as small as the manual asks; many rules about the same fraud do not pile up:
 * all together weigh `mostTogether` at most, each in proportion.
 */
import { evaluateRules, type LexiconHit, type LexiconPlace } from '#content/lexicon/evaluate.ts'
import type { Program } from '#content/lexicon/program.ts'
import type { MessageFacts } from '#content/spam/message-facts.ts'
import { unicode } from '#content/spam/own-header.ts'
import { type Evidence, evidence, mostEvidence, type SpamHit } from '#content/spam/symbol.ts'
import { matchColumns } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface LexiconRules {
  readonly program: Program
  /** Number of its first pattern among those of the scan. */
  readonly first: number
  /** Of the rules, for people: the name of the file. */
  readonly author: string
}

export const mostTogether = 4

export function lexiconHits(lexicons: readonly LexiconRules[], message: MessageFacts): readonly SpamHit[] {
  if (lexicons.length === 0) return []
  const output = judgedMatches(message)
  const hits = lexicons.flatMap(({ program, first, author }) =>
    evaluateRules(program, output, first).hits.map(hit => symbolOf(hit, author, message)),
  )
  const sum = hits.reduce((total, { weight }) => total + weight, 0)
  const share = sum > mostTogether ? mostTogether / sum : 1
  return share === 1 ? hits : hits.map(hit => ({ ...hit, weight: hit.weight * share }))
}

const symbolOf = (hit: LexiconHit, author: string, message: MessageFacts): SpamHit => ({
  name: symbolName(hit.rule),
  layer: 'lexicon',
  weight: hit.score,
  sentence: hit.sentence,
  author,
  evidence: hit.places.slice(0, mostEvidence).map(place => seenAt(place, message)),
})

/** `advance-fee` → `LEXICON_ADVANCE_FEE` */
export const symbolName = (rule: string): string => `LEXICON_${rule.toUpperCase().replaceAll('-', '_')}`

/** The words of the message where they are known, else those of the rule. */
function seenAt({ term, part, zone, start, end }: LexiconPlace, { view }: MessageFacts): Evidence {
  const found = start === undefined ? '' : unicode(view.record(part, zone, start, Math.min(end, start + 400)))
  return evidence(zone, found || term)
}

/** Most messages carry nothing, and stay as they are. */
function judgedMatches(message: MessageFacts): ScanOutput {
  if (!message.view.carries) return message.output
  const { matches } = message.output
  const width = matchColumns.length
  const kept: number[] = []
  for (let row = 0; row + width <= matches.length; row += width)
    if (message.view.judged(matches[row + 1]!)) kept.push(...matches.subarray(row, row + width))
  return { ...message.output, matches: Uint32Array.from(kept) }
}
