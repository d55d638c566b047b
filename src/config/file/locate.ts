/**
 * From a finding to a problem: where it stands in the file, or that a flag or a default is meant.
 */
import type { Document } from '#config/file/document.ts'
import { printable } from '#config/grammar/reading.ts'
import type { Path } from '#config/json-schema.ts'
import { type Finding, type Problem, writePath } from '#config/problem.ts'

/** `overridden` are the paths that flags set. */
export function locate(finding: Finding, document: Document, overridden: readonly Path[]): Problem {
  const { path, reason, suggestion, severity } = finding
  return {
    ...(byFlag(path, overridden) ? { file: 'command line', line: 1, column: 1 } : inFile(finding, document)),
    path: printable(writePath(path)).slice(0, 200),
    reason: printable(reason),
    ...(suggestion !== undefined && { suggestion: printable(suggestion) }),
    severity,
  }
}

const byFlag = (path: Path, overridden: readonly Path[]): boolean =>
  overridden.some(flag => flag.every((segment, index) => segment === path[index]))

/** The nearest key above stands for what the file does not say. */
function inFile({ path, at }: Finding, { source, offset }: Document) {
  const exact = offset(path, at)
  let found = exact
  for (let length = path.length - 1; found === undefined && length > 0; length--)
    found = offset(path.slice(0, length), 'key')
  if (found === undefined) return { file: source.file, line: 1, column: 1 }
  const position = source.position(found)
  const line = source.line(position.line)
  return { file: source.file, ...position, ...(line !== undefined && { source: line }) }
}

/** By line, then column; what has no place of its own first. */
export const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
