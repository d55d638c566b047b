/**
 * Both scanners find the same literals at the same places and the same expressions in the same records, in made-up messages
 * cut in any way. Where in a record an expression is reported, `pattern.ts` leaves open.
 *
 * Leaves out: expressions with `every`; patterns one by one (`../typescript/matching/`, `../patterns/expression.test.ts`).
 */
import fc from 'fast-check'
import t from 'tap'
import { matchColumns, type Zone, zones } from '#scanner/layout.ts'
import { nativeEngine } from '#scanner/native-scanner.ts'
import type { Pattern } from '#scanner/pattern.ts'
import type { PatternSet, ScanOutput } from '#scanner/scanner.ts'
import { makePatternSet } from '#scanner/typescript/matching/pattern-set.ts'
import { typescriptEngine } from '#scanner/typescript-scanner.ts'
import { difference, scan } from '../difference.ts'
import { loadTested } from '../engines.ts'
import { cuts, message } from '../messages.ts'

const literal = (text: string, more: Partial<Pattern> = {}): Pattern =>
  ({ kind: 'literal', text, caseless: true, word: 'none', zones, ...more }) as Pattern
const regex = (source: string, more: Partial<Pattern> = {}): Pattern =>
  ({
    kind: 'regex',
    source,
    caseless: false,
    dotall: false,
    multiline: false,
    unicode: true,
    zones,
    ...more,
  }) as Pattern

const words = ['whole', 'start', 'end', 'none'] as const
const readable: readonly Zone[] = ['header', 'text', 'hidden']
const patterns: readonly Pattern[] = [
  ...words.flatMap(word =>
    ['invoice', 'the', 'e', 'überweisung', 'ДАННЫЕ', 'don’t', 'x_y'].map(text => literal(text, { word })),
  ),
  literal('Hello', { caseless: false }),
  literal('cheap watches', { zones: readable }),
  literal('会議', { zones: ['text'] }),
  literal('example.com', { zones: ['url'] }),
  literal('exe', { zones: ['filename'], word: 'end' }),
  literal('\r\n--b', { zones: ['wire'] }),
  regex('inv[a-z]*e'),
  regex('^[A-Z]'),
  regex('\\d{2,}$'),
  regex('^.{1,3}$'),
  regex('^.{1,3}$', { unicode: false, multiline: true }),
  regex('h.{0,20}p', { caseless: true, dotall: true }),
]

const width = matchColumns.length
/** Rows of literals as they are; of expressions how many each has in each zone of each part, which is one a record. */
function settled(output: ScanOutput) {
  const rows = Array.from({ length: output.matches.length / width }, (_, row) =>
    output.matches.subarray(row * width, (row + 1) * width),
  )
  const isLiteral = ([pattern]: Uint32Array) => patterns[pattern!]!.kind === 'literal'
  const records = Map.groupBy(
    rows.filter(row => !isLiteral(row)),
    ([pattern, part, zone]) => `expression ${pattern} in ${zones[zone!]} of part ${part}`,
  )
  const literals = Uint32Array.from(rows.filter(isLiteral).flatMap(row => [...row]))
  const expressions = [...records].map(([where, { length }]) => `${where}: ${length}`).sort()
  return { output: { ...output, matches: literals }, expressions: expressions.join('\n') }
}

const native = loadTested()

t.test('both scanners find the same', { skip: 'reason' in native && native.reason }, async t => {
  if ('reason' in native) return
  const { image, verdicts } = native.core.compilePatterns(patterns)
  t.strictSame(
    verdicts.filter(({ handling }) => handling !== 'direct'),
    [],
  )
  const database = native.core.loadPatterns(image!)
  if (typeof database === 'string') throw new Error(database)
  const limits = { matches: 100_000 }
  const ours = nativeEngine(native.core).open({ patterns: { patterns, database } as PatternSet, limits })
  const theirs = typescriptEngine.open({ patterns: makePatternSet(patterns), limits })
  let found = 0
  const property = fc.property(message, cuts, (message, cut) => {
    const one = settled(scan(ours, message, cut(message.length)))
    const other = settled(scan(theirs, message))
    found += one.output.matches.length
    const different =
      difference(one.output, other.output) ??
      (one.expressions === other.expressions ? undefined : `${one.expressions}\n+\n${other.expressions}`)
    if (different !== undefined) throw new Error(`- native, in pieces, + typescript\n${different}`)
  })
  fc.assert(property, { numRuns: 120 })
  t.ok(found > 1_000, 'there was something to find')
})
