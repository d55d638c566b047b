/**
 * From the text of a file to a lexicon, or to what is wrong with it, with line, reason and suggestion.
 *
 * Promises: every text ends as one or the other, without an exception and in bounded time; all mistakes are shown in one
 * run, as far as they can be told apart.
 * Leaves out: whether the rules find what they should (`check.ts`).
 */
import { readDocument } from '#config/file/document.ts'
import { inOrder, locate } from '#config/file/locate.ts'
import { readText } from '#config/file/read.ts'
import type { Path } from '#config/json-schema.ts'
import type { Problem } from '#config/problem.ts'
import type { Lexicon } from './lexicon.ts'
import { isSection, startReading } from './reading.ts'
import { readRule } from './rule.ts'

/** A problem at a path of the file, for what is found wrong after reading. */
export type Locate = (path: Path, reason: string, suggestion?: string) => Problem

export type LexiconResult =
  | {
      readonly kind: 'ok'
      readonly lexicon: Lexicon
      readonly warnings: readonly Problem[]
      readonly locate: Locate
    }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

const mostRules = 10_000

export async function loadLexicon(file: string): Promise<LexiconResult> {
  const read = await readText(file)
  if (read.kind === 'text') return readLexicon(file, read.text)
  const { line, reason, suggestion } = read
  const problem: Problem = {
    file,
    line,
    column: 1,
    path: '',
    reason: `the file ${reason}`,
    severity: 'error',
  }
  return { kind: 'invalid', problems: [suggestion === undefined ? problem : { ...problem, suggestion }] }
}

/** `file` is only for the problems. */
export function readLexicon(file: string, text: string): LexiconResult {
  const read = readDocument(file, text)
  if (read.kind === 'invalid') return read
  const { document } = read
  const reading = startReading()
  reading.knownKeys([], document.value, ['rules'])
  const { rules: section } = document.value
  const rules =
    isSection(section) && Object.keys(section).length > 0
      ? Object.entries(section)
          .slice(0, mostRules)
          .map(([name, value]) => readRule(reading, ['rules', name], name, value))
      : [reading.complain(['rules'], 'the file has no rules', 'write "rules:" and rules below it', 'key')]
  if (isSection(section) && Object.keys(section).length > mostRules)
    reading.complain(['rules'], `the file has more than ${mostRules} rules`, 'divide it', 'key')
  const problems = inOrder(reading.findings.map(finding => locate(finding, document, [])))
  const right = rules.filter(rule => rule !== undefined)
  if (problems.some(problem => problem.severity === 'error')) return { kind: 'invalid', problems }
  return {
    kind: 'ok',
    lexicon: { rules: right },
    warnings: problems,
    locate: (path, reason, suggestion) =>
      locate(
        { path, at: 'value', reason, severity: 'error', ...(suggestion !== undefined && { suggestion }) },
        document,
        [],
      ),
  }
}
