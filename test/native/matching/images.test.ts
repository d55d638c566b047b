/**
 * A compiled set of patterns is taken whole or refused with a reason: torn, changed and foreign images never reach a scan.
 */
import fc from 'fast-check'
import t from 'tap'
import type { LiteralPattern, Pattern, RegexPattern } from '#scanner/pattern.ts'
import { databaseOf, loadMatching } from './native.ts'

const native = loadMatching()

const literal = (text: string, more: Partial<LiteralPattern> = {}): Pattern => ({
  kind: 'literal',
  text,
  caseless: true,
  word: 'none',
  zones: ['text'],
  ...more,
})

const expression = (source: string, more: Partial<RegexPattern> = {}): Pattern => ({
  kind: 'regex',
  source,
  caseless: false,
  dotall: false,
  multiline: false,
  unicode: false,
  zones: ['text'],
  ...more,
})

const { image } = native.compile([
  literal('free money'),
  literal('жук'),
  expression('\\d+ pills', { zones: ['wire'] }),
])

function refusalOf(octets: Uint8Array): string | undefined {
  const loaded = native.load(octets)
  if (typeof loaded === 'string') return loaded
  native.release(loaded)
  return undefined
}

t.test('a whole image is loaded', async t => {
  t.equal(refusalOf(image), undefined)
})

t.test('an image that was cut off anywhere, or has more behind it, is refused', async t => {
  const header = 120
  const lengths = [0, 1, 7, 8, 24, header - 1, header, header + 1, image.length >> 1, image.length - 1]
  for (const length of lengths) t.ok(refusalOf(image.subarray(0, length)), `${length} octets`)
  t.ok(refusalOf(Buffer.concat([image, Buffer.of(0)])))
  t.ok(refusalOf(Buffer.concat([image, image])))
})

t.test('an image in which any bit is another is refused', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: image.length * 8 - 1 }), bit => {
      const changed = Buffer.from(image)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      return refusalOf(changed) !== undefined
    }),
    { numRuns: 300 },
  )
})

t.test('an image in which a run of octets is lost, moved or zero is refused', async () => {
  const place = fc.integer({ min: 0, max: image.length - 64 })
  fc.assert(
    fc.property(place, place, fc.integer({ min: 1, max: 64 }), (from, to, length) => {
      const zeroed = Buffer.from(image).fill(0, from, from + length)
      if (!zeroed.equals(image) && refusalOf(zeroed) === undefined) return false
      const moved = Buffer.from(image)
      moved.copyWithin(to, from, from + length)
      return moved.equals(image) || refusalOf(moved) !== undefined
    }),
    { numRuns: 100 },
  )
})

t.test('an image of another library or of a processor that can do more is refused, and says so', async t => {
  const { library, features } = native.platform()
  t.equal(refusalOf(native.foreignImage(library, features)), undefined)
  t.equal(refusalOf(native.foreignImage(library, 0)), undefined, 'a processor that could do less')
  t.match(refusalOf(native.foreignImage('4.7.0 2018-01-30', features)), /compiled by Hyperscan 4\.7\.0/)
  t.match(refusalOf(native.foreignImage(library, features + 2 ** 30)), /processor that can do more/)
})

t.test('a pattern that cannot be compiled costs that pattern only, and says why', async t => {
  const patterns = [
    literal('one'),
    expression('(unclosed'),
    expression('(a)\\1b'),
    literal(''),
    literal('x'.repeat(1_025)),
    expression('fine'),
    expression('zero\0octet'),
    // What the parser lets through and the compiler does not.
    expression('(?:abcdefghij){4000}'),
    literal('two'),
  ]
  const { verdicts, image } = native.compile(patterns)
  t.strictSame(
    verdicts.map(({ handling }) => handling),
    ['direct', 'refused', 'prefilter', 'refused', 'refused', 'direct', 'refused', 'refused', 'direct'],
  )
  for (const { handling, reason } of verdicts) t.equal(reason === '', handling === 'direct', reason)
  const database = native.load(image)
  if (typeof database === 'string') throw new Error(database)
  const streams = new native.ZoneStreams(database, { kept: 100, matches: 100 })
  streams.write('text', 0, Buffer.from('one aab fine two'))
  const { matches } = streams.finish()
  t.strictSame(
    Array.from({ length: matches.length / 6 }, (_, row) => matches[row * 6]),
    [0, 2, 5, 8],
    'matches of a prefilter are rows like others',
  )
})

t.test('zones with the same patterns share one database', async t => {
  const database = databaseOf(native, [
    literal('one', { zones: ['text', 'hidden', 'header'] }),
    expression('two', { zones: ['text', 'hidden', 'header'], unicode: true }),
    literal('three', { zones: ['wire', 'attachment'] }),
  ])
  const { parts } = native.describe(database)
  t.strictSame(
    parts.map(({ zones, patterns }) => [zones, patterns]),
    [
      [0b0_0000_0111, 2],
      [0b0_1001_0000, 1],
    ],
  )
})

t.test('what one expression is can be asked without compiling it', async t => {
  t.match(native.inspect(expression('ab?c$')), {
    handling: 'direct',
    minWidth: 2,
    maxWidth: 3,
    onlyAtEnd: true,
  })
  t.match(native.inspect(expression('(?<=a)b')), { handling: 'prefilter', reason: /[a-z]/ })
  t.match(native.inspect(expression('a**')), { handling: 'refused', reason: /[a-z]/ })
})
