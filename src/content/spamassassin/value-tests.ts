/**
 * Tests of header values by RegExp: those whose literals stand in the value are run, those that could get lost in it under
 * a clock.
 *
 * Promises: a value that no expression can match costs one pass over its octets, however many tests there are; a message
 * takes some ten milliseconds here at most, and `usualBudget` on the processor for all expressions together that could take
 * longer: those that it was spent on are named, and count as not hit. For one thread.
 */
import { usualBudget } from '#scanner/patterns/confirm.ts'
import { createInterruptible, type Interruptible } from '#scanner/patterns/interruptible.ts'
import type { Selector } from './definition.ts'
import { LiteralGate } from './literal-gate.ts'
import type { MessageView } from './message-view.ts'
import { type Value, valueReader } from './values.ts'

export interface ValueTest {
  readonly rule: number
  readonly expression: RegExp
  readonly negated: boolean
  readonly required: readonly (readonly string[])[]
  /** How many it takes at most for a value of so many octets. */
  readonly steps: (length: number) => number
  readonly multiple: boolean
  readonly most: number
}

export interface ValueGroup {
  readonly selector: Selector
  readonly tests: readonly ValueTest[]
}

/** More steps than these, of one expression in one value, may take some milliseconds: they need a clock. */
const mostSteps = 2_000_000
/** And of all that go without one. */
const mostTogether = 20_000_000
/** Hits that are counted of one expression in one value. */
const mostHits = 1_000

interface Prepared {
  readonly read: Value
  readonly tests: readonly ValueTest[]
  readonly gate: LiteralGate
  /** Tests without literals. */
  readonly always: readonly number[]
  /** Tests that are worth something else without a value than with one that they do not match. */
  readonly unusual: readonly number[]
}

interface Late {
  readonly test: ValueTest
  readonly value: string
  result: number
}

/** What a value without a match is worth to a test. */
const unmatched = ({ negated }: ValueTest): number => Number(negated)

export class ValueTests {
  readonly #groups: readonly Prepared[]
  readonly #interruptible: Interruptible = createInterruptible()
  readonly #budget: number
  #late: Late[] = []
  #steps = 0

  /** `base`: by rule, what it is worth for a message without the value. `budget` in milliseconds. */
  constructor(groups: readonly ValueGroup[], base: Float64Array, budget: number = usualBudget) {
    this.#groups = groups.map(({ selector, tests }) => ({
      read: valueReader(selector),
      tests,
      gate: new LiteralGate(tests.map(({ required }) => required)),
      always: [...tests.keys()].filter(test => tests[test]!.required.length === 0),
      unusual: [...tests.keys()].filter(test => base[tests[test]!.rule] !== unmatched(tests[test]!)),
    }))
    this.#budget = budget
  }

  /** Calls `set` with what rules are worth, where that is not their base value; gives the rules that ran out of time. */
  run(view: MessageView, set: (rule: number, value: number) => void): readonly number[] {
    this.#late = []
    this.#find(view, set, (test, value) => this.#late.push({ test, value, result: 0 }))
    if (this.#late.length === 0) return none
    const undecided = this.#runLate()
    for (const { test, result } of this.#late) set(test.rule, result)
    return undecided
  }

  /** The rules that would run under a clock, if the steps of each were so many times as many as they are. */
  late(view: MessageView, margin: number): readonly number[] {
    const rules: number[] = []
    for (const { read, tests, gate, always } of this.#groups) {
      const value = read(view)
      if (value === undefined) continue
      const candidate = (index: number): void => {
        const { rule, steps } = tests[index]!
        if (steps(value.length) * margin > mostSteps) rules.push(rule)
      }
      for (const test of always) candidate(test)
      gate.pass(value, candidate)
    }
    return rules
  }

  #find(
    view: MessageView,
    set: (rule: number, value: number) => void,
    later: (test: ValueTest, value: string) => void,
  ): void {
    this.#steps = 0
    for (const { read, tests, gate, always, unusual } of this.#groups) {
      const value = read(view)
      if (value === undefined) continue
      for (const test of unusual) set(tests[test]!.rule, unmatched(tests[test]!))
      const candidate = (index: number): void => {
        const test = tests[index]!
        const steps = test.steps(value.length)
        if (steps > mostSteps || this.#steps + steps > mostTogether) later(test, value)
        else {
          this.#steps += steps
          set(test.rule, resultOf(test, value))
        }
      }
      for (const test of always) candidate(test)
      gate.pass(value, candidate)
    }
  }

  /** A thread that waited for a processor has used nothing of its budget: what was left undone then is taken up again. */
  #within(work: () => void): boolean {
    const start = processorTime()
    let left = this.#budget
    for (let tries = 0; tries < mostTries && left >= 1; tries++) {
      if (this.#interruptible(work, left)) return true
      left = this.#budget - (processorTime() - start)
    }
    return false
  }

  #runLate(): readonly number[] {
    const late = this.#late
    let next = 0
    const work = (): void => {
      for (; next < late.length; next++) late[next]!.result = resultOf(late[next]!.test, late[next]!.value)
    }
    if (this.#within(work)) return none
    // The one that was being searched, and those that never were.
    const undecided = late.slice(next)
    for (const each of undecided) each.result = 0
    return undecided.map(({ test }) => test.rule)
  }
}

const none: readonly number[] = []
const mostTries = 10

/** Of this thread, in milliseconds. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

function resultOf({ expression, negated, multiple, most }: ValueTest, value: string): number {
  expression.lastIndex = 0
  if (!multiple || negated) return Number(expression.test(value) !== negated)
  let count = 0
  while (count < most && count < mostHits) {
    const found = expression.exec(value)
    if (found === null) break
    count++
    if (found[0] === '') expression.lastIndex++
  }
  return count
}
