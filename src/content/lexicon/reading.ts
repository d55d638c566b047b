/**
 * What every reader of a lexicon needs: a list of findings, and values of a wanted kind at a path or a finding instead.
 *
 * Promises: nothing here throws, whatever the values; a reader that finds something wrong says so and goes on, so that one
 * run shows all mistakes (up to a limit).
 */
import { type Flaw, isFlaw, quoted } from '#config/grammar/reading.ts'
import type { Path } from '#config/json-schema.ts'
import { nearest } from '#config/nearest.ts'
import type { Finding } from '#config/problem.ts'

export type Section = Readonly<Record<string, unknown>>

const mostFindings = 50

export interface Reading {
  readonly findings: readonly Finding[]
  /** Always undefined, for the place of the value that there is none of. */
  complain(path: Path, reason: string, suggestion?: string, at?: Finding['at']): undefined
  warn(path: Path, reason: string, suggestion?: string): void
  /** The flaw as a finding, the value as it is. */
  take<Value>(path: Path, value: Value | Flaw): Value | undefined
  /** Complains of every key that is not in `known`. */
  knownKeys(path: Path, section: Section, known: readonly string[]): void
  text(path: Path, value: unknown): string | undefined
  number(path: Path, value: unknown, range: Range): number | undefined
  boolean(path: Path, value: unknown): boolean | undefined
}

export interface Range {
  readonly from: number
  readonly to: number
  readonly whole?: boolean
}

export const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function startReading(): Reading {
  const findings: Finding[] = []
  const add = (finding: Finding): void => {
    if (findings.length < mostFindings) findings.push(finding)
  }
  const complain: Reading['complain'] = (path, reason, suggestion, at = 'value') =>
    void add({ path, at, reason, severity: 'error', ...(suggestion !== undefined && { suggestion }) })
  return {
    findings,
    complain,
    warn: (path, reason, suggestion) =>
      add({
        path,
        at: 'key',
        reason,
        severity: 'warning',
        ...(suggestion !== undefined && { suggestion }),
      }),
    take: (path, value) =>
      isFlaw(value) ? complain(path, value.reason, value.suggestion) : (value as Exclude<typeof value, Flaw>),
    knownKeys(path, section, known) {
      for (const key of Object.keys(section))
        if (!known.includes(key))
          complain([...path, key], 'unknown key', nearest(key, known) ?? `one of ${known.join(', ')}`, 'key')
    },
    text(path, value) {
      if (typeof value === 'string') return value
      const advice = value === null || typeof value === 'object' ? undefined : `put it in quotes: "${value}"`
      return complain(path, `${shown(value)} is no text`, advice)
    },
    number(path, value, { from, to, whole }) {
      const right = typeof value === 'number' && value >= from && value <= to
      if (right && (!whole || Number.isInteger(value))) return value
      return complain(path, `${shown(value)} is not a ${whole ? 'whole ' : ''}number from ${from} to ${to}`)
    },
    boolean: (path, value) =>
      typeof value === 'boolean' ? value : complain(path, `${shown(value)} is neither true nor false`),
  }
}

const shown = (value: unknown): string =>
  value === null || value === undefined
    ? 'nothing'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'a section'
        : quoted(value)
