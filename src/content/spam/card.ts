/**
 * The card of a message: why it has its score, for people and for programs. Symbols with their sentence, the words of the
 * message that show them, weight and author; and what of the message the trained model pulled at most.
 *
 * Promises: weights add up to the log-odds; as text nothing from outside moves the cursor or begins a line of its own; the
 * card itself holds the words as they are, for JSON, and is bounded.
 * Leaves out: who sees it.
 */
import { type BandVerdict, verdictOf } from '#content/spam/bands.ts'
import type { Opinion } from '#content/spam/filter.ts'
import type { SpamModel } from '#content/spam/model.ts'
import type { Evidence, SpamHit } from '#content/spam/symbol.ts'
import { printable } from '#observe/printable.ts'
import { describe } from '#scanner/features/explain.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface Card {
  readonly verdict: BandVerdict
  readonly score: number
  readonly logOdds: number
  /** What weighs most first. */
  readonly symbols: readonly SpamHit[]
  readonly model: ModelCard
}

export interface ModelCard {
  /** Empty where there is no model; `weight` is then what every message begins with. */
  readonly name: string
  readonly weight: number
  /** The strongest features first, in words, and what each adds to the weight. */
  readonly strongest: readonly { readonly what: string; readonly weight: number }[]
}

const longestFeature = 120

/** `most`: features of the model that are told. Finding them out costs many times the score; 0 costs nothing. */
export function createCard(opinion: Opinion, output: ScanOutput, model?: SpamModel, most = 10): Card {
  const { score, logOdds, hits, base } = opinion
  return {
    verdict: verdictOf(score),
    score,
    logOdds,
    symbols: byWeight(hits),
    model: {
      name: model?.facts.name ?? '',
      weight: base,
      strongest: model === undefined || most === 0 ? [] : strongestOf(model, output, most),
    },
  }
}

export const byWeight = (hits: readonly SpamHit[]): readonly SpamHit[] =>
  hits.toSorted((left, right) => Math.abs(right.weight) - Math.abs(left.weight))

const strongestOf = (model: SpamModel, output: ScanOutput, most: number): ModelCard['strongest'] =>
  model.explain(output, most).strongest.map(({ kind, text, contribution }) => ({
    what: describe({ kind, text: text.slice(0, longestFeature) }),
    weight: contribution * model.facts.calibration.slope,
  }))

/** Ends with a line end. */
export function cardAsText(card: Card): string {
  const { verdict, score, logOdds, symbols, model } = card
  return lines([
    `${verdict}: score ${shown(score)}, log-odds ${signed(logOdds)}`,
    ...modelLines(model),
    ...symbols.flatMap(symbolLines),
  ])
}

/** Below 1, as many digits as tell it from 1. */
const shown = (score: number): string => (score > 0.9999 && score < 1 ? '> 0.9999' : score.toFixed(4))

const signed = (weight: number): string => `${weight < 0 ? '' : '+'}${weight.toFixed(2)}`

function modelLines({ name, weight, strongest }: ModelCard): readonly string[] {
  const what = name === '' ? 'No model: what every message begins with' : `The trained model ${quoted(name)}`
  return [
    `${weightColumn(weight)} ${what}`,
    ...strongest.map(each => `${indent}${signed(each.weight)} ${printable(each.what)}`),
  ]
}

const symbolLines = ({ name, weight, sentence, author, evidence }: SpamHit): readonly string[] => [
  `${weightColumn(weight)} ${name}: ${printable(sentence)} (${printable(author)})`,
  ...evidence.map(each => `${indent}${evidenceLine(each)}`),
]

const evidenceLine = ({ place, text }: Evidence): string => `${place}: ${quoted(text)}`

const quoted = (text: string): string => JSON.stringify(printable(text))

const weightColumn = (weight: number): string => `  ${signed(weight).padStart(6)}`
const indent = ' '.repeat(9)

const lines = (all: readonly string[]): string => all.map(line => `${line}\n`).join('')
