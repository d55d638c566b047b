/**
 * Literals mean the same to the native scanner and to its stand-in, and to the plainest search there is.
 */
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Zone } from '#scanner/layout.ts'
import { type LiteralPattern, type Pattern, perPattern } from '#scanner/pattern.ts'
import { caseClass, isWordCharacter } from '#scanner/typescript/matching/characters.ts'
import { makePatternSet } from '#scanner/typescript/matching/pattern-set.ts'
import { makeZoneStreams } from '#scanner/typescript/matching/zone-streams.ts'
import { databaseOf, loadMatching } from '../../../native/matching/native.ts'
import { scanZones, type Tables, type ZoneText, zoneNumber } from './message.ts'

const native = loadMatching()
const limits = { kept: 1_048_576, matches: 65_536 }

/** Few letters, so that texts overlap; some with two cases of different length, some that only look like ASCII. */
const letters = [...'aabBc  \n_-9ßẞüÜsſSkKKⱥȺжЖ́😀']
const literalText = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 5 })
  .map(some => some.join(''))
const literal = (zones: readonly Zone[]): fc.Arbitrary<LiteralPattern> =>
  fc.record({
    kind: fc.constant('literal' as const),
    text: literalText,
    caseless: fc.boolean(),
    word: fc.constantFrom('none', 'start', 'end', 'whole'),
    zones: fc.constant(zones),
  })
const text = fc.array(fc.constantFrom(...letters), { maxLength: 60 }).map(some => Buffer.from(some.join('')))
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 })

function scanBoth(
  patterns: readonly Pattern[],
  message: readonly ZoneText[],
  pieces: readonly (readonly number[])[],
  within = limits,
): readonly Tables[] {
  const database = databaseOf(native, patterns)
  const streams = new native.ZoneStreams(database, within)
  const standIn = makeZoneStreams(makePatternSet(patterns), within)
  const tables = pieces.flatMap(of => [scanZones(streams, message, of), scanZones(standIn, message, of)])
  native.release(database)
  return tables
}

/** What `pattern.ts` says, at every place of every record. */
function plainly(patterns: readonly LiteralPattern[], { zone, part, records }: ZoneText): number[][] {
  const rows: number[][] = []
  let before = 0
  let words = 0
  for (const record of records) {
    const points = [...record.toString()].map(character => character.codePointAt(0)!)
    const offsets = [0]
    for (const point of points) offsets.push(offsets.at(-1)! + Buffer.byteLength(String.fromCodePoint(point)))
    const begins = points.map((point, at) => isBlank(point) < isBlank(points[at - 1]))
    const wordsBefore = (end: number): number => words + begins.slice(0, end).filter(Boolean).length
    patterns.forEach((pattern, index) => {
      const wanted = [...pattern.text].map(character => character.codePointAt(0)!)
      const same = (a: number, b: number): boolean =>
        pattern.caseless ? caseClass(a) === caseClass(b) : a === b
      for (let at = 0; at + wanted.length <= points.length; at++) {
        const end = at + wanted.length
        if (!wanted.every((point, offset) => same(point, points[at + offset]!))) continue
        if (['start', 'whole'].includes(pattern.word) && at > 0 && isWordCharacter(points[at - 1]!)) continue
        if (['end', 'whole'].includes(pattern.word) && isWordCharacter(points[end] ?? 0x20)) continue
        rows.push([
          index,
          part,
          zoneNumber(zone),
          before + offsets[at]!,
          before + offsets[end]!,
          wordsBefore(end),
        ])
      }
    })
    before += record.length
    words = wordsBefore(points.length)
  }
  return rows.sort((a, b) => a[4]! - b[4]! || a[0]! - b[0]! || a[3]! - b[3]!)
}

const isBlank = (point: number | undefined): number =>
  point === undefined || point === 0x20 || point === 0x0a ? 1 : 0

t.test(
  'literals are found wherever they stand, overlapping, at word sides, however the text is cut',
  async () => {
    fc.assert(
      fc.property(
        fc.array(literal(['text']), { minLength: 1, maxLength: 8 }),
        fc.array(text, { minLength: 1, maxLength: 3 }),
        cuts,
        (patterns, records, pieces) => {
          const message: ZoneText[] = [{ zone: 'text', part: 0, records }]
          const expected = plainly(patterns, message[0]!)
          for (const { matches } of scanBoth(patterns, message, [[], [1], pieces]))
            deepStrictEqual(matches, expected)
        },
      ),
      { numRuns: 150 },
    )
  },
)

t.test(
  'both scanners give the same tables for messages of many zones and parts, whatever is cut or kept',
  async () => {
    const zones: readonly Zone[] = ['header', 'text', 'hidden', 'attachment', 'wire', 'url', 'filename']
    const octets = fc.oneof(
      text,
      fc.uint8Array({ maxLength: 40 }),
      fc.array(fc.constantFrom(0x61, 0x20, 0xc3, 0xbc, 0xe2, 0x80, 0xb1, 0xf0, 0x9f), { maxLength: 40 }),
    )
    const zoneText = fc.constantFrom(...zones).chain(zone =>
      fc.record({
        zone: fc.constant(zone),
        part: fc.integer({ min: 0, max: 2 }),
        records: fc.array(
          zone === 'attachment' || zone === 'wire' ? octets.map(some => Buffer.from(some)) : text,
          { maxLength: 3 },
        ),
      }),
    )
    fc.assert(
      fc.property(
        fc.array(fc.subarray([...zones]).chain(literal), { minLength: 1, maxLength: 6 }),
        fc.array(zoneText, { maxLength: 6 }),
        cuts,
        fc.integer({ min: 0, max: 100 }),
        (patterns, message, pieces, kept) => {
          const [first, ...others] = scanBoth(patterns, message, [[], pieces], { ...limits, kept })
          for (const other of others) deepStrictEqual(other, first)
        },
      ),
      { numRuns: 150 },
    )
  },
)

t.test('a text of many times what is searched at once loses nothing where the searches meet', async () => {
  const patterns: Pattern[] = ['needle', 'Ж жук', 'e', '€€'].map(text => ({
    kind: 'literal',
    text,
    caseless: true,
    word: 'whole',
    zones: ['text', 'wire', 'header'],
  }))
  const filler = 'hay €uro ⱥ '
  for (const distance of [16_384, 32_768, 49_152])
    for (const shift of [-9, -7, -5, -3, -1, 0, 1]) {
      const before = filler.repeat(5_000).slice(0, distance)
      const head = Buffer.from(before).subarray(0, distance + shift - 1)
      const record = Buffer.concat([head, Buffer.from(' needle Ж жук €€ needle')])
      const message = (['text', 'wire', 'header'] as const).map(zone => ({
        zone,
        part: 0,
        records: [record],
      }))
      const tables = scanBoth(patterns, message, [[], [700], [16_384], [16_385, 3]], {
        ...limits,
        kept: 20_000,
      })
      for (const other of tables.slice(1)) deepStrictEqual(other, tables[0])
    }
})

t.test(
  'a literal of so many spellings that only its end is searched for is found whole, and nothing else',
  async () => {
    const cyrillic = fc
      .array(fc.constantFrom(...'жЖшЯя ⱥȺßẞ'), { minLength: 5, maxLength: 9 })
      .map(some => some.join(''))
    const pattern = fc.tuple(cyrillic, fc.constantFrom('none' as const, 'whole' as const))
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 4 }),
        fc.array(cyrillic, { maxLength: 4 }),
        cuts,
        (wanted, noise, pieces) => {
          const patterns = wanted.map(([text, word]) => literalOf(text, word))
          const records = [
            ...wanted.map(([text]) => text.toUpperCase().replaceAll('SS', 'ẞ')),
            ...noise,
          ].flatMap(some =>
            [some, `ж${some}`, `${some.slice(2)} ${some}`, some.toLowerCase()].map(of => Buffer.from(of)),
          )
          const message: ZoneText[] = [{ zone: 'text', part: 0, records }]
          const expected = plainly(patterns, message[0]!)
          for (const { matches } of scanBoth(patterns, message, [[], [1], pieces]))
            deepStrictEqual(matches, expected)
        },
      ),
      { numRuns: 60 },
    )
  },
)

const literalOf = (text: string, word: LiteralPattern['word']): LiteralPattern => ({
  kind: 'literal',
  text,
  caseless: true,
  word,
  zones: ['text'],
})

t.test(
  'of one pattern no more is reported than the limit, nor of all together, and the latter is said',
  async t => {
    const patterns: Pattern[] = ['a', 'b'].map(text => ({
      kind: 'literal',
      text,
      caseless: false,
      word: 'none',
      zones: ['text', 'url'],
    }))
    const record = Buffer.from('ab'.repeat(2_000))
    const message = (['text', 'url'] as const).map(zone => ({ zone, part: 0, records: [record] }))
    for (const { matches, matchesWereCut } of scanBoth(patterns, message, [[], [77]])) {
      t.equal(matches.length, 2 * perPattern)
      t.equal(matches.at(-1)![4], 2 * perPattern, 'the first in the order of the rows')
      t.notOk(matchesWereCut)
    }
    for (const { matches, matchesWereCut } of scanBoth(patterns, message, [[], [77]], {
      ...limits,
      matches: 500,
    })) {
      t.equal(matches.length, 500)
      t.ok(matchesWereCut)
    }
  },
)

t.test(
  'case and words mean the same to both, for every character that both libraries of Unicode know',
  async t => {
    const table = native.characters(0, 0x2_0000)
    const knows = (point: number): boolean => point < 0x80 || table[point * 2 + 1] === 1
    const differing: string[] = []
    for (let point = 0; point < 0x2_0000; point++) {
      if (point >= 0xd800 && point < 0xe000) continue
      const own = point < 0x80 ? point : caseClass(point)
      const character = String.fromCodePoint(point)
      // A character that one does not know is no letter for it, and has no case.
      if (table[point * 2] !== own && knows(own) && knows(character.toUpperCase().codePointAt(0)!))
        differing.push(`case of ${character}`)
      if (isWordCharacter(point) !== (table[point * 2 + 1] === 1) && knows(point))
        differing.push(`word ${character}`)
    }
    t.strictSame(differing, [])
  },
)
