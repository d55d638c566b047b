/**
 * The rules that cost little: a selection for machines that have thousands of mails a second to judge.
 *
 * A rule is left out when
 * - its expression must be confirmed by RegExp, or is looked for in the whole message as it came;
 * - its pattern costs more than `limit` microseconds per megabyte of ordinary text;
 * - its RegExp could get lost in the header of an ordinary message, so that it would run under a clock there;
 * - no rule that counts needs it.
 * What needs a rule that is left out is resolved again, as for a rule that is refused.
 *
 * Promises: the same choice for the same rules and the same ledger; every rule that is left out says why.
 */
import { createHash } from 'node:crypto'
import type { Selection } from '#scanner/patterns/compile.ts'
import type { Trial } from '#scanner/patterns/ledger.ts'
import { typescriptEngine } from '#scanner/typescript-scanner.ts'
import { MessageView } from './message-view.ts'
import { namesIn } from './meta.ts'
import { ordinaryMessages } from './ordinary.ts'
import type { Rule } from './rule.ts'
import { isSubrule, type Ruleset, withoutPatterns, withoutRules } from './ruleset.ts'
import { buildTables } from './tables.ts'
import { ValueTests } from './value-tests.ts'

/**
 * Microseconds per megabyte of ordinary text: two in a mail of 20 KB, if it were alone. Of Debian's patterns half cost 80 or
 * less, and three fifths 100; with those up to 300 a mail takes a quarter longer, for 514 rules with a score rather than 445.
 */
export const usualLimit = 100

const getsLost = 'not cheap: its RegExp could take long in an ordinary header'
const unneeded = 'not cheap: no rule that counts needs it'

/** Without header rules that would run under a clock in an ordinary message. */
export function withoutLateValues(ruleset: Ruleset): Ruleset {
  const { values, base } = buildTables(ruleset)
  const tests = new ValueTests(values, base)
  const late = new Set(
    ordinaryMessages().flatMap(message => {
      const scanner = typescriptEngine.open({})
      scanner.write(message)
      const view = new MessageView(scanner.end(), {
        header: message,
        envelopeFrom: 'bounce-4711@lists.example.com',
        client: {
          address: '203.0.113.7',
          name: 'mail-7.lists.example.com',
          helo: 'mail-7.lists.example.com',
        },
        receivedBy: 'mx.example.org',
      })
      return tests.late(view, margin)
    }),
  )
  const names = new Set([...late].map(rule => ruleset.rules[rule]!.name))
  return withoutRules(ruleset, ({ name }) => (names.has(name) ? getsLost : undefined))
}

/** Headers may be more than the ordinary ones, before a clock is needed. */
const margin = 8

/** Which patterns of the ruleset are left out. `limit` as `usualLimit`. */
export function cheapSelection(ruleset: Ruleset, limit: number): Selection {
  const { source, rules } = ruleset
  const identity = rules.map(({ name, score, pattern, status }) => {
    const body = source.definitions.get(name)?.body
    return [name, score, pattern, status, body?.kind === 'meta' ? body.expression : '']
  })
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, 22)
  return {
    name: `cheap ${limit} ${digest}`,
    leaveOut(trials) {
      const left = new Map<number, string>()
      ruleset.patterns.forEach(({ zones }, pattern) => {
        const reason = zones.includes('wire')
          ? 'it is looked for in the whole message as it came'
          : whyNotCheap(trials.get(pattern), limit)
        if (reason !== undefined) left.set(pattern, `not cheap: ${reason}`)
      })
      const needed = neededRules(withoutPatterns(ruleset, left))
      for (const { name, pattern } of rules)
        if (pattern !== undefined && !left.has(pattern) && !needed.has(name)) left.set(pattern, unneeded)
      return left
    },
  }
}

function whyNotCheap(trial: Trial | undefined, limit: number): string | undefined {
  if (trial === undefined) return undefined
  if (trial.handling === 'prefilter') return 'it must be confirmed by RegExp'
  return trial.ordinary > limit
    ? `its expression costs much: ${trial.ordinary} µs per megabyte of ordinary text`
    : undefined
}

/** Without tests whose outcome nobody asks for. */
export function withoutUnneeded(ruleset: Ruleset): Ruleset {
  const needed = neededRules(ruleset)
  return withoutRules(ruleset, ({ name }) => (needed.has(name) ? undefined : unneeded))
}

export interface Choice {
  /** Rules that are tested. */
  readonly tested: number
  /** Of them, those that have a score of their own. */
  readonly scored: number
  /** By the kind of their reason, rules that would be tested if all were. */
  readonly leftOut: ReadonlyMap<string, number>
}

/** What became of the rules that `all` tests. */
export function choiceOf(all: Ruleset, { rules }: Ruleset): Choice {
  const tested = rules.filter(isTested)
  const leftOut = new Map<string, number>()
  const before = new Set(all.rules.filter(isTested).map(({ name }) => name))
  for (const rule of rules) {
    if (isTested(rule) || !before.has(rule.name)) continue
    const kind = rule.reasons[0]?.replace(/^not cheap: /, '').split(': ')[0] ?? ''
    leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1)
  }
  return { tested: tested.length, scored: tested.filter(({ name }) => !isSubrule(name)).length, leftOut }
}

const isTested = ({ test, meta }: Rule): boolean => test !== undefined || meta !== undefined

/** Names of the rules that count, and of what they need. */
function neededRules({ rules }: Ruleset): ReadonlySet<string> {
  const byName = new Map(rules.map(rule => [rule.name, rule]))
  const needed = new Set(
    rules.filter(rule => isTested(rule) && !isSubrule(rule.name) && rule.score !== 0).map(({ name }) => name),
  )
  for (const name of needed) {
    const expression = byName.get(name)?.meta?.expression
    if (expression !== undefined) for (const need of namesIn(expression)) needed.add(need)
  }
  return needed
}
