/** Expressions over a small alphabet, generated: what a few octets can be made to do to a backtracking engine. */
import fc from 'fast-check'
import { parseDelimited } from '../../../../src/content/spamassassin/regex/delimited.ts'
import { simplify } from '../../../../src/content/spamassassin/regex/properties.ts'
import { RegexProblem } from '../../../../src/content/spamassassin/regex/reader.ts'
import type { Node } from '../../../../src/content/spamassassin/regex/tree.ts'

const atom = fc.constantFrom(
  'a',
  'b',
  'B',
  'ab',
  'bca',
  '[ab]',
  '[^a]',
  '.',
  '\\w',
  'c',
  '\\xe9',
  '\\b',
  '^',
  '$',
)
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{1,3}', '{2,}', '++')
const open = fc.constantFrom('(', '(?:', '(?i:', '(?=', '(?!', '(?>')

/** As it stands between the delimiters of a rule. */
export const expressions: fc.Arbitrary<string> = fc.letrec<{ piece: string; sequence: string }>(tie => ({
  piece: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(atom, quantifier).map(([text, many]) => (/^(?:\\b|[\^$])$/.test(text) ? text : text + many)),
    fc
      .tuple(open, fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }), quantifier)
      .map(
        ([start, alternatives, many]) =>
          `${start}${alternatives.join('|')})${/^\(\?[=!]/.test(start) ? '' : many}`,
      ),
    fc.tuple(tie('sequence'), tie('piece')).map(([group, behind]) => `(${group})${behind}`),
  ),
  sequence: fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map(pieces => pieces.join('')),
})).sequence

export function treeOf(expression: string): Node {
  const parsed = parseDelimited(`m\x01${expression}\x01`)
  if (parsed instanceof RegexProblem) throw new Error(`${expression}: ${parsed.message}`)
  return simplify(parsed.root)
}
