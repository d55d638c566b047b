/**
 * From a handful of messages to rules of a lexicon that they share and ordinary mail does not.
 *
 * Promises: what is proposed was tried: its tests pass, and each sample and each ordinary message was scanned with it as mail
 * would be; a rule that hits more than the given share of the ordinary mail is not proposed; when nothing distinguishes the
 * samples, that is the answer. The same messages give the same rules. Bounded, whatever the messages hold.
 * Leaves out: reading files, and putting rules in force, which is for whoever has read them.
 */
import { createHash } from 'node:crypto'
import { errors } from '#config/problem.ts'
import { checkLexicon } from '#content/lexicon/check.ts'
import type { Lexicon } from '#content/lexicon/lexicon.ts'
import { readLexicon } from '#content/lexicon/read.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import { Background, rarityOf } from '#content/spam/proposals/background.ts'
import { commonTo } from '#content/spam/proposals/candidates.ts'
import { choose, type Draft } from '#content/spam/proposals/choose.ts'
import { materialOf } from '#content/spam/proposals/material.ts'
import { lexiconText, type NamedDraft, nameRules } from '#content/spam/proposals/rule-text.ts'
import { type Catch, type Mail, tryRules } from '#content/spam/proposals/trial.ts'
import type { Model } from '#scanner/features/model.ts'
import type { ScanEngine, Scanner } from '#scanner/scanner.ts'

export const mostSamples = 50

export interface ProposeOptions {
  readonly engine: ScanEngine
  /** Read twice. */
  readonly background: () => AsyncIterable<Mail>
  /** Of the background that a rule may hit, from 0 to 1. */
  readonly share: number
  readonly mostRules: number
  /** Knows rare words where the background is small. */
  readonly model?: Model
}

export interface ProposedRule {
  readonly name: string
  /** Files of the samples that it hits. */
  readonly samples: readonly string[]
  /** What it would have caught of the background. */
  readonly background: Catch
}

export interface Proposal {
  /** Empty when nothing distinguishes the samples. */
  readonly rules: readonly ProposedRule[]
  /** A lexicon; empty without rules. */
  readonly lexicon: string
  /** Files of the samples that no rule hits. */
  readonly uncovered: readonly string[]
  readonly background: number
  /** By what rare words were told: a part of a sentence. */
  readonly source: string
}

export async function propose(samples: readonly Mail[], options: ProposeOptions): Promise<Proposal> {
  const scanner = options.engine.open({})
  const materials = samples.map(mail => materialOf(factsOf(scanner, mail)))
  const least = leastOf(samples.length)
  const candidates = commonTo(materials, least)
  const background = new Background(candidates)
  const ordinary = () => without(samples, options.background())
  for await (const mail of ordinary()) background.add(materialOf(factsOf(scanner, mail)))
  const { rarity, source } = rarityOf(background, options.model)
  const { share, mostRules: most } = options
  const drafts = choose(candidates, background, rarity, { samples: samples.length, least, share, most })
  const named = nameRules(drafts, draft => weightOf(draft, samples.length, background.size))
  const proposed = await proven(named, samples, ordinary, background.size, options)
  const covered = new Set(proposed.rules.flatMap(rule => rule.samples))
  return {
    ...proposed,
    uncovered: samples.map(({ file }) => file).filter(file => !covered.has(file)),
    background: background.size,
    source,
  }
}

/** So many samples share what a rule is made of: a larger handful may be of several campaigns, and has more accidents. */
const leastOf = (samples: number): number => (samples > 8 ? 3 : Math.min(2, samples))

function factsOf(scanner: Scanner, { octets }: Mail): MessageFacts {
  const piece = 65_536
  for (let at = 0; at < octets.length; at += piece) scanner.write(octets.subarray(at, at + piece))
  return new MessageFacts(scanner.end())
}

/** A folder of recent mail often has the samples in it. */
async function* without(samples: readonly Mail[], mails: AsyncIterable<Mail>): AsyncGenerator<Mail> {
  const known = new Set(samples.map(hashOf))
  for await (const mail of mails) if (!known.has(hashOf(mail))) yield mail
}

const hashOf = ({ octets }: Mail): string => createHash('sha256').update(octets).digest('base64')

/**
 * Half of what the figures say, in log-odds: samples that somebody picked, and a background that is small, promise more than
 * the next mail keeps.
 */
function weightOf({ samples, background }: Draft, all: number, ordinary: number): number {
  const share = (samples.size + 0.5) / (all + 1)
  const elsewhere = (background + 0.5) / (Math.max(ordinary, 20) + 1)
  return Math.round(Math.min(3, Math.max(0.5, Math.log(share / elsewhere) / 2)) * 10) / 10
}

/** Those whose tests pass, and that hit no more than they may. */
async function proven(
  named: readonly NamedDraft[],
  samples: readonly Mail[],
  ordinary: () => AsyncIterable<Mail>,
  size: number,
  { engine, share }: ProposeOptions,
): Promise<Pick<Proposal, 'rules' | 'lexicon'>> {
  if (named.length === 0) return nothing
  const { right, lexicon } = await withoutWrong(named, samples.length, engine)
  if (lexicon === undefined) return nothing
  const caught = await tryRules(lexicon, engine, samples, ordinary)
  const rules = right.flatMap(({ name }): ProposedRule[] => {
    const { hits, background } = caught(name)
    return hits.length > 0 && background.count <= share * size ? [{ name, samples: hits, background }] : []
  })
  const kept = right.filter(({ name }) => rules.some(rule => rule.name === name))
  return { rules, lexicon: kept.length === 0 ? '' : lexiconText(kept, samples.length) }
}

const nothing = { rules: [], lexicon: '' } as const

/** Rules that do not read, or whose tests fail, are left out: an expectation of ours about their words was wrong. */
async function withoutWrong(
  named: readonly NamedDraft[],
  samples: number,
  engine: ScanEngine,
): Promise<{ readonly right: readonly NamedDraft[]; readonly lexicon?: Lexicon }> {
  const wrong = await wrongIn(lexiconText(named, samples), engine)
  if ('lexicon' in wrong) return { right: named, lexicon: wrong.lexicon }
  const right = named.filter(({ name }) => !wrong.rules.has(name))
  if (right.length === 0 || right.length === named.length) return { right: [] }
  return withoutWrong(right, samples, engine)
}

async function wrongIn(
  text: string,
  engine: ScanEngine,
): Promise<{ readonly lexicon: Lexicon } | { readonly rules: ReadonlySet<string> }> {
  const read = readLexicon('proposal', text)
  const problems =
    read.kind === 'invalid' ? read.problems : (await checkLexicon(read.lexicon, read.locate, engine)).problems
  const found = errors(problems)
  if (read.kind === 'ok' && found.length === 0) return { lexicon: read.lexicon }
  return { rules: new Set(found.map(({ path }) => path.split('.')[1] ?? '')) }
}
