/**
 * Rules as one thread scans with them: the patterns opened, a scanner for each message under way, and what the tables of a
 * scan say in the words of the rules.
 *
 * Promises: a scanner is used by one message at a time and then by another; when other rules take over, those that are out
 * end with these and are not used again.
 */
import { evaluateRules } from '#content/lexicon/evaluate.ts'
import type { ContentRules, LexiconProgram } from '#content/rules.ts'
import type { RuleHit, ScanSummary, UndecidedRule } from '#mail/content.ts'
import { briefOf } from '#scanner/brief.ts'
import type { EngineChoice } from '#scanner/engine.ts'
import { type Confirm, createConfirm, type Undecided } from '#scanner/patterns/confirm.ts'
import { openPatternsInSteps, type PreparedSet } from '#scanner/patterns/set.ts'
import { openTypescriptPatterns } from '#scanner/patterns/typescript.ts'
import type { ScanBrief, ScanEngine, Scanner, ScanOutput } from '#scanner/scanner.ts'

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
export async function openRules(choice: UsableEngine | undefined, rules: ScanRules): Promise<OpenedRules> {
  if (choice === undefined) throw new RulesUnusable('Content cannot be scanned: no scanner serves.')
  if (rules.patterns === undefined) return new OpenedRules(choice.engine, rules.lexicons, undefined)
  const core = choice.kind === 'native' ? choice.core : undefined
  const opened = await openPatternsInSteps(rules.patterns, core, openTypescriptPatterns)
  if (opened.kind === 'refused')
    throw new RulesUnusable(`The content rules cannot be used: ${opened.reason}.`)
  return new OpenedRules(choice.engine, rules.lexicons, opened.set)
}

/** What a summary says, but for the time that it took. */
export type Findings = Omit<ScanSummary, 'kind' | 'microseconds'>

export class OpenedRules {
  readonly #engine: ScanEngine
  readonly #lexicons: readonly LexiconProgram[]
  readonly #set: PreparedSet | undefined
  readonly #confirm: Confirm
  readonly #idle: Scanner[] = []
  #retired = false

  constructor(engine: ScanEngine, lexicons: readonly LexiconProgram[], set: PreparedSet | undefined) {
    this.#engine = engine
    this.#lexicons = lexicons
    this.#set = set
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

  /** The message of this scanner is complete. Called per message: its tables are handed over only where rules read them. */
  end(scanner: Scanner): Findings {
    return this.#lexicons.length === 0 ? withoutRules(scanner.endInBrief()) : this.#read(scanner.end())
  }

  #read(scanned: ScanOutput): Findings {
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

const withoutRules = ({ size, parts, flags }: ScanBrief): Findings => ({
  parts,
  size,
  flags,
  score: 0,
  rules: nothing,
  moreRules: 0,
  undecided: nothing,
})
