/**
 * A rule between settings, or between a setting and the machine. The table (`table.ts`) is all of them.
 */
import type { Path } from '#config/json-schema.ts'
import type { Finding } from '#config/problem.ts'
import type { Machine } from '#config/rules/machine.ts'
import type { Configuration } from '#config/schema.ts'

export interface Rule {
  /** What must hold, as a sentence; tests and the manual show it. */
  readonly rule: string
  /** What goes wrong where it does not hold. */
  readonly because: string
  readonly check: (configuration: Configuration, machine: Machine) => readonly Finding[]
}

export const error = (path: Path, reason: string, suggestion?: string): Finding =>
  finding('error', path, reason, suggestion)

export const warning = (path: Path, reason: string, suggestion?: string): Finding =>
  finding('warning', path, reason, suggestion)

const finding = (
  severity: Finding['severity'],
  path: Path,
  reason: string,
  suggestion?: string,
): Finding => ({
  path,
  at: 'value',
  reason,
  ...(suggestion !== undefined && { suggestion }),
  severity,
})
