/**
 * What is wrong with a configuration, as a value: where, why, and what would be right.
 */
import type { Path } from '#config/json-schema.ts'

export interface Problem {
  /** Path of the file; `command line` for a flag; `defaults` where there is no file. */
  readonly file: string
  /** Both begin at 1; a column counts UTF-16 units. 1:1 where there is no better place. */
  readonly line: number
  readonly column: number
  /** `zones.outside.listen[0]`, `domains["example.org"].nextHop`; empty for the file as a whole. */
  readonly path: string
  /** A sentence without its full stop. Printable: no control character, whatever the file holds. */
  readonly reason: string
  /** What to write instead, or what to do. */
  readonly suggestion?: string
  /** A warning does not keep the configuration from being used. */
  readonly severity: 'error' | 'warning'
  /** The line of the file, printable. */
  readonly source?: string
}

/** A problem before it is known where in the file it stands. */
export interface Finding {
  readonly path: Path
  /** Whether the key or its value is wrong. */
  readonly at: 'key' | 'value'
  readonly reason: string
  readonly suggestion?: string
  readonly severity: 'error' | 'warning'
}

export const errors = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter(problem => problem.severity === 'error')

export function writePath(path: Path): string {
  return path
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`
      if (!/^[A-Za-z_][\w-]*$/.test(segment)) return `[${JSON.stringify(segment)}]`
      return index === 0 ? segment : `.${segment}`
    })
    .join('')
}
