/**
 * Errors of YAML as sentences for somebody who does not know YAML's grammar, with a guess at what was meant.
 */
import type { YAMLError } from 'yaml'
import { printable } from '#config/grammar/reading.ts'

const sentences = new Map<string, readonly [reason: string, suggestion?: string]>([
  ['TAB_AS_INDENT', ['a tab indents this line; YAML indents with spaces', 'replace the tab by spaces']],
  ['BAD_INDENT', ['the indentation fits no line above', 'indent it like its neighbours']],
  ['MULTIPLE_DOCS', ['the file holds more than one document', 'remove the line ---']],
  ['BAD_DIRECTIVE', ['a line that begins with % is a YAML directive', 'put the text in quotes']],
  ['TAG_RESOLVE_FAILED', ['tags (!…) mean nothing here', 'put the text in quotes']],
  ['NON_STRING_KEY', ['a key is a plain word', 'put it in quotes']],
  [
    'BLOCK_AS_IMPLICIT_KEY',
    ['more than one "key: value" stands on this line', 'one on each line, or put the text in quotes'],
  ],
  ['KEY_OVER_1024_CHARS', ['a key is longer than 1024 characters']],
  ['RESOURCE_EXHAUSTION', ['the values are nested too deeply']],
])

/** Texts that YAML reads as something else when they are not in quotes. */
const unquoted: readonly (readonly [pattern: RegExp, suggestion: (found: string) => string])[] = [
  [/(?<!")(\[[0-9a-fA-F:.]+\]:\d+)/, found => `put it in quotes: "${found}"`],
  [/^\s*(\*)\s*:/, found => `put it in quotes: "${found}"`],
]

/** `line` is the text of the line in which the error was found. */
export function explainSyntax(
  error: YAMLError,
  line: string,
): { readonly reason: string; readonly suggestion?: string } {
  const [reason, advice] = sentences.get(error.code) ?? [librarySentence(error.message)]
  for (const [pattern, quote] of unquoted) {
    const found = pattern.exec(line)?.[1]
    if (found !== undefined)
      return { reason: `${JSON.stringify(found)} means something else in YAML`, suggestion: quote(found) }
  }
  return { reason, ...(advice !== undefined && { suggestion: advice }) }
}

const librarySentence = (message: string): string => {
  const first = printable(message.split('\n')[0]!).slice(0, 160)
  return `this is not YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`
}
