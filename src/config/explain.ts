/**
 * Problems as text and as JSON.
 *
 * Promises: one problem is one paragraph that begins `FILE:LINE:COLUMN  PATH: reason`, as editors and compilers know
 * it, followed by the line itself with a caret; nothing from the file reaches the terminal but printable characters.
 */
import type { Problem } from '#config/problem.ts'

/** Ends in a line feed unless there are no problems. */
export const explainProblems = (problems: readonly Problem[]): string => problems.map(explainProblem).join('')

export function explainProblem(problem: Problem): string {
  const { file, line, column, path, reason, severity, source } = problem
  const place = source === undefined ? file : `${file}:${line}:${column}`
  const head = [path === '' ? '' : `${path}: `, severity === 'warning' ? 'warning: ' : '', reason].join('')
  return `${place}  ${head}${advice(problem)}\n${source === undefined ? '' : excerpt(line, column, source)}`
}

/** One word to write instead becomes a question; anything longer is an advice as it stands. */
function advice({ reason, suggestion }: Problem): string {
  if (suggestion === undefined) return ''
  const isUnknown = reason === 'unknown key'
  return isUnknown || !/[ "]/.test(suggestion) ? ` — did you mean "${suggestion}"?` : ` — ${suggestion}`
}

const widest = 100

/** A long line is shown around the column. */
function excerpt(line: number, column: number, source: string): string {
  const from = column > widest - 20 ? column - widest / 2 : 0
  const shown = source.slice(from, from + widest)
  const margin = `${line} | `
  return `  ${margin}${shown}\n  ${' '.repeat(margin.length + column - 1 - from)}^\n`
}

/** `{"valid": false, "file": …, "problems": [...]}` with the fields of Problem; one line. */
export const problemsAsJson = (
  file: string | undefined,
  valid: boolean,
  problems: readonly Problem[],
): string => `${JSON.stringify({ valid, file: file ?? null, problems })}\n`

/** `2 problems and 1 warning` */
export function countProblems(problems: readonly Problem[]): string {
  const wrong = problems.filter(problem => problem.severity === 'error').length
  const parts = [
    ...(wrong > 0 ? [`${wrong} ${wrong === 1 ? 'problem' : 'problems'}`] : []),
    ...(problems.length > wrong
      ? [`${problems.length - wrong} ${problems.length - wrong === 1 ? 'warning' : 'warnings'}`]
      : []),
  ]
  return parts.length === 0 ? 'no problems' : parts.join(' and ')
}
