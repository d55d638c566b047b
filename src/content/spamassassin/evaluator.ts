/**
 * A scanned message against the rules: which hit, and the score.
 *
 * Promises: what is done depends on the matches and fields of the message, not on the number of rules: rules are touched by
 * their matches, metas by what they need, and everything else stands as it does for a message without anything. Linear in
 * the matches; no exception for what stands in a message. One message at a time; an evaluator belongs to one thread.
 */
import { matchColumns, zones } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import { type MessageContext, MessageView } from './message-view.ts'
import { runProgram } from './meta.ts'
import type { Rule } from './rule.ts'
import type { Ruleset } from './ruleset.ts'
import { buildTables, type Tables } from './tables.ts'
import { ValueTests } from './value-tests.ts'

export interface Hit {
  readonly name: string
  readonly score: number
  readonly description: string
  /** How often, for rules that count; else the value of the rule, mostly 1. */
  readonly value: number
}

export interface Evaluation {
  readonly score: number
  readonly spam: boolean
  /** Rules that count, best-scored first; those with two underscores are left out. */
  readonly hits: readonly Hit[]
  /** Names of rules whose expression ran out of time in a header of this message: they count as not hit. */
  readonly undecided: readonly string[]
}

export interface Evaluator {
  /** Patterns of the rules begin at `offset` in the list that was scanned with. */
  evaluate(scan: ScanOutput, context: MessageContext): Evaluation
  /** The names of all rules that hit, those with two underscores too. For tests and explanations. */
  hitNames(): readonly string[]
}

const width = matchColumns.length
const patternColumn = matchColumns.indexOf('pattern')
const partColumn = matchColumns.indexOf('part')
const zoneColumn = matchColumns.indexOf('zone')
const endColumn = matchColumns.indexOf('end')
const headerZone = zones.indexOf('header')

export const createEvaluator = (ruleset: Ruleset, options: { readonly offset?: number } = {}): Evaluator =>
  new RuleEvaluator(ruleset, options.offset ?? 0)

class RuleEvaluator implements Evaluator {
  readonly #rules: readonly Rule[]
  readonly #required: number
  readonly #offset: number
  readonly #tables: Tables
  /** What each rule is worth now; between messages, what it is worth for a message without anything. */
  readonly #values: Float64Array
  readonly #touched: number[] = []
  readonly #isTouched: Uint8Array
  /** A bit a meta, by rank. */
  readonly #dirty: Uint32Array
  readonly #stack: Float64Array
  readonly #valueTests: ValueTests
  readonly #setValue = (rule: number, value: number): void => this.#set(rule, value)
  #hitting: readonly number[] = []

  constructor(ruleset: Ruleset, offset: number) {
    this.#rules = ruleset.rules
    this.#required = ruleset.required
    this.#offset = offset
    this.#tables = buildTables(ruleset)
    this.#values = this.#tables.base.slice()
    this.#valueTests = new ValueTests(this.#tables.values, this.#tables.base)
    this.#isTouched = new Uint8Array(ruleset.rules.length)
    this.#dirty = new Uint32Array((this.#tables.metas.length >>> 5) + 1)
    this.#stack = new Float64Array(this.#tables.deepest + 1)
  }

  evaluate(scan: ScanOutput, context: MessageContext): Evaluation {
    const view = new MessageView(scan, context)
    this.#takeMatches(view)
    this.#testFields(view)
    const undecided = this.#valueTests.run(view, this.#setValue)
    this.#callFunctions(view)
    this.#runMetas()
    const evaluation = this.#sum(undecided)
    this.#forget()
    return evaluation
  }

  hitNames(): readonly string[] {
    return this.#hitting.map(rule => this.#rules[rule]!.name)
  }

  #set(rule: number, value: number): void {
    if (this.#values[rule] === value) return
    this.#values[rule] = value
    if (this.#isTouched[rule] === 0) {
      this.#isTouched[rule] = 1
      this.#touched.push(rule)
    }
    const { dependentStart, dependents } = this.#tables
    for (let at = dependentStart[rule]!; at < dependentStart[rule + 1]!; at++) {
      const rank = dependents[at]!
      this.#dirty[rank >>> 5]! |= 1 << (rank & 31)
    }
  }

  #takeMatches(view: MessageView): void {
    const { matches } = view.scan
    const { patternRule, patternField, patternAnyPart } = this.#tables
    for (let at = 0; at < matches.length; at += width) {
      const pattern = matches[at + patternColumn]! - this.#offset
      const rule = patternRule[pattern]
      if (rule === undefined) continue
      if (matches[at + zoneColumn] === headerZone) {
        const part = matches[at + partColumn]!
        if (part !== 0 && patternAnyPart[pattern] === 0) continue
        const row = view.fieldAt(part, matches[at + endColumn]!)
        if (row < 0 || view.fieldName(row) !== patternField[pattern]) continue
      }
      this.#hit(rule)
    }
  }

  #hit(rule: number): void {
    const { multiple, most, negated } = this.#tables
    if (negated[rule] === 1) this.#set(rule, 0)
    else if (multiple[rule] === 0) this.#set(rule, 1)
    else if (this.#values[rule]! < most[rule]!) this.#set(rule, this.#values[rule]! + 1)
  }

  #testFields(view: MessageView): void {
    const { existing, existingPseudo } = this.#tables
    for (const name of view.fields.keys()) {
      const rules = existing.get(name)
      if (rules !== undefined) for (const rule of rules) this.#set(rule, 1)
    }
    for (const { rule, read } of existingPseudo) if (read(view) !== undefined) this.#set(rule, 1)
  }

  #callFunctions(view: MessageView): void {
    for (const { rule, run } of this.#tables.functions) this.#set(rule, run(view))
  }

  /** By rank: what a meta needs is settled before it. */
  #runMetas(): void {
    for (let word = 0; word < this.#dirty.length; word++) {
      while (this.#dirty[word] !== 0) {
        const bit = 31 - Math.clz32(this.#dirty[word]! & -this.#dirty[word]!)
        this.#dirty[word]! &= ~(1 << bit)
        const { rule, program } = this.#tables.metas[word * 32 + bit]!
        this.#set(rule, runProgram(program, this.#values, this.#stack))
      }
    }
  }

  #sum(undecided: readonly number[]): Evaluation {
    const hitting = this.#tables.baseHits.filter(rule => this.#values[rule] !== 0)
    for (const rule of this.#touched)
      if (this.#values[rule] !== 0 && this.#tables.base[rule] === 0) hitting.push(rule)
    this.#hitting = hitting
    const hits = hitting
      .filter(rule => !this.#rules[rule]!.name.startsWith('__'))
      .map((rule): Hit => {
        const { name, score, description } = this.#rules[rule]!
        return { name, score, description, value: this.#values[rule]! }
      })
      .sort((a, b) => Math.abs(b.score) - Math.abs(a.score) || (a.name < b.name ? -1 : 1))
    // Scores have three digits behind the point; the sum has no more.
    const score = Math.round(hits.reduce((sum, hit) => sum + hit.score, 0) * 1_000) / 1_000
    const names = undecided.map(rule => this.#rules[rule]!.name)
    return { score, spam: score >= this.#required, hits, undecided: names }
  }

  #forget(): void {
    for (const rule of this.#touched) {
      this.#values[rule] = this.#tables.base[rule]!
      this.#isTouched[rule] = 0
    }
    this.#touched.length = 0
  }
}
