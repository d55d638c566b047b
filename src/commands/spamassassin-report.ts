/**
 * What became of SpamAssassin's rules, for a terminal and as JSON.
 *
 * Promises: every rule is counted once; what came from files cannot move the cursor.
 */
import type { Choice } from '#content/spamassassin/cheap.ts'
import type { FileResult } from '#content/spamassassin/files.ts'
import type { Rule, Status } from '#content/spamassassin/rule.ts'
import type { Ruleset } from '#content/spamassassin/ruleset.ts'
import type { PatternReport } from '#scanner/patterns/report.ts'
import { printable } from './printable.ts'

type Unreadable = Extract<FileResult, { kind: 'problem' }>

const statuses: readonly (readonly [Status, string])[] = [
  ['loads', 'load'],
  ['approximated', 'are approximated'],
  ['off', 'are off by their score'],
  ['refused', 'are refused'],
]

const number = (value: number): string => value.toLocaleString('en-US')
const counted = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? '' : 's'}`
const withStatus = ({ rules }: Ruleset, status: Status): readonly Rule[] =>
  rules.filter(rule => rule.status === status)

export interface Found {
  readonly ruleset: Ruleset
  /** When patterns were compiled. */
  readonly report: PatternReport | undefined
  /** When only rules that cost little were. */
  readonly choice: Choice | undefined
}

export function rulesReport({ ruleset, report, choice }: Found, verbose: boolean): string {
  const { source, rules, scoreSet, required } = ruleset
  const files = `${counted(source.files, 'file')}, ${counted(source.lines, 'line')}`
  const head = `${files}: ${counted(rules.length, 'rule')} (scores: ${scoreSet}; spam from ${required} points)\n`
  const counts = statuses.map(([status, words]) => line(withStatus(ruleset, status).length, words)).join('')
  return [
    head,
    counts,
    section('Approximated', groupedReasons(withStatus(ruleset, 'approximated'))),
    section('Refused', groupedReasons(withStatus(ruleset, 'refused'))),
    section('Lines that have no effect here', [...source.ignored]),
    report === undefined ? '' : patternReport(report),
    choice === undefined ? '' : choiceReport(choice),
    verbose ? everyRule(ruleset) : '',
  ].join('')
}

const line = (count: number, words: string): string => `${number(count).padStart(8)} ${printable(words)}\n`

const section = (title: string, counts: readonly (readonly [string, number])[]): string =>
  counts.length === 0
    ? ''
    : `\n${title}:\n${[...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([words, count]) => line(count, words))
        .join('')}`

/** A reason begins with its kind; what stands behind a colon is the case. */
function groupedReasons(rules: readonly Rule[]): (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const { reasons } of rules) {
    const kind = reasons[0]?.split(': ')[0] ?? ''
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts]
}

function patternReport({
  patterns,
  confirmed,
  refused,
  expensive,
  source,
  milliseconds,
  size,
}: PatternReport): string {
  const left = expensive.filter(({ leftOut }) => leftOut).length
  const how = source === 'cache' ? 'from the cache' : `compiled in ${(milliseconds / 1_000).toFixed(0)} s`
  return [
    `\nPatterns, ${how}, ${(size / 2 ** 20).toFixed(1)} MiB:\n`,
    line(patterns, 'in all'),
    line(confirmed.length, 'found by Hyperscan and confirmed by RegExp'),
    line(refused.length, 'refused'),
    line(expensive.length, left === 0 ? 'expensive' : `expensive, ${number(left)} of them left out`),
  ].join('')
}

function choiceReport({ tested, scored, leftOut }: Choice): string {
  const left = [...leftOut.values()].reduce((sum, count) => sum + count, 0)
  return [
    `\nRules that cost little:\n`,
    line(tested, 'are tested'),
    line(scored, 'of them have a score of their own'),
    line(left, 'more would be tested if all were'),
    section('Left out', [...leftOut]),
  ].join('')
}

const everyRule = ({ rules }: Ruleset): string =>
  `\n${rules
    .filter(({ status }) => status === 'approximated' || status === 'refused')
    .map(({ name, place, status, reasons }) =>
      printable(`${place.file}:${place.line}: ${name} ${status}: ${reasons.join('; ')}`),
    )
    .join('\n')}\n`

/** Lines that could not be read, each with its place. */
export function fileProblems({ source }: Ruleset, unreadable: readonly Unreadable[]): string {
  const lines = [
    ...unreadable.map(({ path, reason }) => `${path}: ${reason}`),
    ...source.problems.map(({ place, message }) => `${place.file}:${place.line}: ${message}`),
    ...[...source.broken].map(
      ([name, { place, message }]) => `${place.file}:${place.line}: ${name}: ${message}`,
    ),
  ]
  return lines.map(text => `${printable(text)}\n`).join('')
}

export function rulesAsJson(
  { ruleset: { source, rules, scoreSet, required }, report, choice }: Found,
  unreadable: readonly Unreadable[],
): string {
  const value = {
    files: source.files,
    lines: source.lines,
    scores: scoreSet,
    required,
    counts: Object.fromEntries(
      statuses.map(([status]) => [status, rules.filter(rule => rule.status === status).length]),
    ),
    ignored: Object.fromEntries(source.ignored),
    unreadable: unreadable.map(({ path, reason }) => ({ path, reason })),
    problems: source.problems.map(({ place, message }) => ({ ...place, message })),
    rules: rules.map(({ name, place, status, reasons, score, description }) => ({
      name,
      ...place,
      status,
      reasons,
      score,
      description,
    })),
    ...(report !== undefined && { patterns: report }),
    ...(choice !== undefined && { cheap: { ...choice, leftOut: Object.fromEntries(choice.leftOut) } }),
  }
  return `${JSON.stringify(value)}\n`
}
