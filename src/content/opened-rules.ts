/**
 * Rules as one thread scans with them: the patterns opened, a scanner for each message under way, and what the tables of a
 * scan say in the words of the rules.
 *
 * Promises: a scanner is used by one message at a time and then by another; when other rules take over, those that are out
 * end with these and are not used again.
 */
import { evaluateRules } from '#content/lexicon/evaluate.ts'
import { opinionOn } from '#content/opinion.ts'
import type { ContentRules, LexiconProgram } from '#content/rules.ts'
import type { BulkWatch } from '#content/spam/bulk/memory.ts'
import { createFilter, type SpamFilter } from '#content/spam/filter.ts'
import { openSpamModel, type SpamModel } from '#content/spam/model.ts'
import type { RuleHit, ScanSummary, UndecidedRule } from '#mail/content.ts'
import type { Envelope } from '#mail/envelope.ts'
import { briefOf } from '#scanner/brief.ts'
import type { EngineChoice } from '#scanner/engine.ts'
import { type Confirm, createConfirm, type Undecided } from '#scanner/patterns/confirm.ts'
import { openPatternsInSteps, type PreparedSet } from '#scanner/patterns/set.ts'
import { openTypescriptPatterns } from '#scanner/patterns/typescript.ts'
import type { ScanEngine, Scanner, ScanOutput } from '#scanner/scanner.ts'

export type UsableEngine = Exclude<EngineChoice, { kind: 'refused' }>
export type ScanRules = Extract<ContentRules, { kind: 'scan' }>

/** The patterns were compiled for another scanner, or damaged on the way. */
export class RulesUnusable extends Error {
  override readonly name = 'RulesUnusable'
}

/** Scanners that wait for a message. A new one takes 80 µs with patterns; one that waits is some 10 KB. */
const mostIdle = 64
/** Rules and doubts that a summary names. */
const mostNamed = 50

/** Rejects with `RulesUnusable`. The thread does other things meanwhile. */
export async function openRules(
  choice: UsableEngine | undefined,
  rules: ScanRules,
  bulk?: BulkWatch,
): Promise<OpenedRules> {
  if (choice === undefined) throw new RulesUnusable('Content cannot be scanned: no scanner serves.')
  const { lexicons } = rules
  const filter = createFilter({
    lexicons,
    ...(await modelOf(choice, rules.model)),
    ...(bulk !== undefined && { bulk }),
  })
  if (rules.patterns === undefined) return new OpenedRules(choice.engine, lexicons, undefined, filter)
  const core = choice.kind === 'native' ? choice.core : undefined
  const opened = await openPatternsInSteps(rules.patterns, core, openTypescriptPatterns)
  if (opened.kind === 'refused')
    throw new RulesUnusable(`The content rules cannot be used: ${opened.reason}.`)
  return new OpenedRules(choice.engine, lexicons, opened.set, filter)
}

async function modelOf(choice: UsableEngine, path: string | undefined): Promise<{ model?: SpamModel }> {
  if (path === undefined) return {}
  const opened = await openSpamModel(path, choice)
  if ('refusal' in opened) throw new RulesUnusable(`The model ${path} cannot be used: ${opened.refusal}.`)
  return opened
}

/** What a summary says, but for the time that it took. */
export type Findings = Omit<ScanSummary, 'kind' | 'microseconds'>

export class OpenedRules {
  readonly #engine: ScanEngine
  readonly #lexicons: readonly LexiconProgram[]
  readonly #set: PreparedSet | undefined
  readonly #filter: SpamFilter
  readonly #confirm: Confirm
  readonly #idle: Scanner[] = []
  #retired = false

  constructor(
    engine: ScanEngine,
    lexicons: readonly LexiconProgram[],
    set: PreparedSet | undefined,
    filter: SpamFilter,
  ) {
    this.#engine = engine
    this.#lexicons = lexicons
    this.#set = set
    this.#filter = filter
    this.#confirm = createConfirm(set?.confirmed ?? new Map())
  }

  get idle(): number {
    return this.#idle.length
  }

  /** Not after `retire`. */
  takeScanner(): Scanner {
    return this.#idle.pop() ?? this.#engine.open(this.#set === undefined ? {} : { patterns: this.#set })
  }

  /** One whose message ended or was abandoned; one that threw is not to be trusted again. */
  giveBack(scanner: Scanner): void {
    if (!this.#retired && this.#idle.length < mostIdle) this.#idle.push(scanner)
  }

  /** Others have taken over. Scanners that are out keep their patterns until they end. */
  retire(): void {
    this.#retired = true
    this.#idle.length = 0
    this.#set?.release()
  }

  /** The message of this scanner is complete. `envelope`: what is known of it beside its content. */
  end(scanner: Scanner, envelope: Envelope | undefined): Findings {
    return this.#read(scanner.end(), envelope)
  }

  #read(scanned: ScanOutput, envelope: Envelope | undefined): Findings {
    const { output, undecided } = this.#confirm(scanned)
    const { size, parts, flags } = briefOf(output)
    const hits = this.#hits(output)
    return {
      parts,
      size,
      flags,
      score: thousandths(hits.reduce((sum, { score }) => sum + score, 0)),
      rules: hits.slice(0, mostNamed),
      moreRules: Math.max(0, hits.length - mostNamed),
      undecided: undecided.length === 0 ? nothing : this.#doubts(undecided),
      opinion: opinionOn(output, this.#filter, envelope),
    }
  }

  #hits(output: ScanOutput): readonly RuleHit[] {
    return this.#lexicons.flatMap(({ program, first }) =>
      evaluateRules(program, output, first).hits.map(({ rule, score }) => ({ rule, score })),
    )
  }

  #doubts(undecided: readonly Undecided[]): readonly UndecidedRule[] {
    const doubts = new Map<string, UndecidedRule>()
    for (const { pattern, reason } of undecided)
      for (const { program, first } of this.#lexicons)
        for (const index of program.users[pattern - first] ?? []) {
          const rule = program.rules[index]!.name
          doubts.set(`${reason} ${rule}`, { rule, reason })
        }
    return [...doubts.values()].slice(0, mostNamed)
  }
}

const thousandths = (score: number): number => Math.round(score * 1_000) / 1_000

const nothing: readonly never[] = []
