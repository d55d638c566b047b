/**
 * Regular expressions mean the same to the native scanner and to its stand-in, as far as `pattern.ts` promises.
 */
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { none, type Zone } from '#scanner/layout.ts'
import type { RegexPattern } from '#scanner/pattern.ts'
import { makePatternSet } from '#scanner/typescript/matching/pattern-set.ts'
import { makeZoneStreams } from '#scanner/typescript/matching/zone-streams.ts'
import { databaseOf, loadMatching } from '../../../native/matching/native.ts'
import { scanZones, type Tables, type ZoneText } from './message.ts'

const native = loadMatching()
const limits = { kept: 1_048_576, matches: 65_536 }

function expression(source: string, more: Partial<RegexPattern> = {}): RegexPattern {
  return {
    kind: 'regex',
    source,
    caseless: false,
    dotall: false,
    multiline: false,
    unicode: false,
    zones: ['text', 'header', 'wire'],
    ...more,
  }
}

/** `$` of PCRE stands before a line feed at the end, too; that of JavaScript does not. Anchors, classes, alternatives, repetitions, and those that match nothing at all. */
const expressions: readonly RegexPattern[] = [
  expression('^a'),
  expression('b$', { script: 'b(?=\\n?$(?![^]))' }),
  expression('^ab$', { multiline: true }),
  expression('^', {}),
  expression('$', {}),
  expression('x*'),
  expression('(?:a|b)?'),
  expression('a.b'),
  expression('a.b', { dotall: true }),
  expression('AB', { caseless: true }),
  expression('[^a]b'),
  expression('\\ba', {}),
  expression('a\\b'),
  expression('a{2,3}b+'),
  expression('ü', { unicode: true }),
  expression('[äöü]a', { unicode: true }),
  expression('.a', { unicode: true }),
  expression('^.$', { script: '^.(?=\\n?$(?![^]))', unicode: true, dotall: true }),
  expression('Ü', { unicode: true, caseless: true }),
  expression('ü+'),
  expression('a+', { every: true }),
  expression('ab', { every: true }),
  expression('[ab]+ ', { every: true }),
  expression('a\\n', { every: true }),
  expression('ü+', { every: true, unicode: true }),
]

const streams = new native.ZoneStreams(databaseOf(native, expressions), limits)
const standIn = makeZoneStreams(makePatternSet(expressions), limits)

const letters = ['a', 'a', 'b', 'b', 'A', 'B', 'x', ' ', '\n', 'ü', 'Ü', 'ä']
const text = fc.array(fc.constantFrom(...letters), { maxLength: 30 }).map(some => Buffer.from(some.join('')))
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 })

function scanBoth(
  message: readonly ZoneText[],
  pieces: readonly (readonly number[])[],
): readonly { readonly native: Tables; readonly standIn: Tables }[] {
  return pieces.map(of => ({
    native: scanZones(streams, message, of),
    standIn: scanZones(standIn, message, of),
  }))
}

/** Pattern and part of each row; of those with a start, start and end too. */
function comparable(tables: Tables): readonly string[] {
  return tables.matches
    .map(([pattern, part, , start, end]) =>
      start === none ? `${pattern} in part ${part}` : `${pattern} in part ${part} at ${start}-${end}`,
    )
    .sort()
}

const countByPattern = ({ matches }: Tables): readonly number[] =>
  expressions.map((_, index) => matches.filter(row => row[0] === index).length)

t.test('an expression is found in the same records by both, however the text is cut', async t => {
  const { verdicts } = native.compile(expressions)
  t.strictSame(
    expressions.filter((_, index) => verdicts[index]!.handling !== 'direct').map(({ source }) => source),
    [],
    'all of them without confirmation',
  )
  fc.assert(
    fc.property(
      fc.constantFrom<Zone>('text', 'header', 'wire'),
      fc.array(text, { minLength: 1, maxLength: 4 }),
      cuts,
      (zone, records, pieces) => {
        const apart = records.map((record, part) => ({ zone, part, records: [record] }))
        const results = scanBoth(apart, [[], [1], pieces])
        const [first] = results
        const expected = comparable(first!.standIn)
        for (const of of results) {
          deepStrictEqual(comparable(of.native), expected)
          deepStrictEqual(of.standIn, first!.standIn)
          deepStrictEqual(of.native, first!.native, 'the very same tables for any cuts')
        }
        const counts = countByPattern(first!.native)
        for (const of of scanBoth([{ zone, part: 0, records }], [[], pieces])) {
          deepStrictEqual(countByPattern(of.native), counts, 'records of one part are as apart as parts')
          deepStrictEqual(countByPattern(of.standIn), counts)
        }
      },
    ),
    { numRuns: 50 },
  )
})

t.test(
  'an expression that backtracks without end costs its message a limited time, and that is said',
  async t => {
    const patterns = [expression('^(a+)+$'), expression('b')]
    const streams = makeZoneStreams(makePatternSet(patterns), limits)
    const record = Buffer.from(`${'a'.repeat(60)}b`)
    const start = performance.now()
    const hostile = scanZones(streams, [{ zone: 'text', part: 0, records: [record, record, record] }], [])
    t.ok(performance.now() - start < 20_000)
    t.ok(hostile.matchesWereCut)
    const next = scanZones(streams, [{ zone: 'text', part: 0, records: [Buffer.from('b')] }], [])
    t.strictSame(next.matches, [[1, 0, 1, none, 1, 1]], 'the next message has its own time')
    t.notOk(next.matchesWereCut)
  },
)

t.test('what RegExp cannot do is refused by name, and the rest is looked for', async t => {
  const set = makePatternSet([expression('(unclosed'), expression('(?i)a', { zones: [] }), expression('b')])
  t.strictSame(
    set.refused.map(({ pattern }) => pattern),
    [0],
  )
  t.ok(set.refused[0]!.reason)
  const { matches } = scanZones(
    makeZoneStreams(set, limits),
    [{ zone: 'text', part: 0, records: [Buffer.from('ab')] }],
    [],
  )
  t.strictSame(matches, [[2, 0, 1, none, 2, 1]])
})
