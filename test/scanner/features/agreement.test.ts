/**
 * The native extractor and the TypeScript one are one: the same slots in the same order for any tables.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CharacterReader, classes, classOf, fold, scriptOf } from '#scanner/features/characters.ts'
import {
  defaultFeatureOptions,
  extractFeatures,
  type FeatureOptions,
  nameFeatures,
} from '#scanner/features/features.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import { loadComponents } from '../components.ts'
import { scanOf, soundScan, unsoundScan } from './tables.ts'

interface NativeModel {
  extract(tables: ScanOutput, options: FeatureOptions): Uint32Array[]
  characters(first: number, count: number): Uint32Array
  decode(octets: Uint8Array): Uint32Array
  /** Nanoseconds of the quickest of so many rounds. */
  time(tables: ScanOutput, options: FeatureOptions, model: undefined, rounds: number): number
}

const components = loadComponents()
const skip = typeof components === 'string' ? components : false
const native = (typeof components === 'string' ? {} : components.model) as NativeModel

const options: fc.Arbitrary<FeatureOptions> = fc.record({
  bits: fc.tuple(fc.integer({ min: 8, max: 22 }), fc.constant(20), fc.constant(16), fc.constant(12)),
  window: fc.integer({ min: 2, max: 8 }),
  carried: fc.boolean(),
})

t.test('every code point is folded and classed alike', { skip }, async t => {
  const last = 0x110000
  const theirs = native.characters(0, last)
  for (let code = 0; code < last; code++) {
    const folded = fold(code)
    const row = [folded, classes.indexOf(classOf(folded)), scriptOf(folded)]
    if (row.some((number, column) => number !== theirs[code * 3 + column]))
      t.fail(`U+${code.toString(16)}: ${row} here, ${theirs.subarray(code * 3, code * 3 + 3)} there`)
  }
})

t.test('octets that are no UTF-8 are read alike', { skip }, async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), octets => {
      const reader = new CharacterReader(octets)
      const codes: number[] = []
      while (reader.at < octets.length) codes.push(reader.next())
      assert.deepEqual(codes, [...native.decode(octets)])
    }),
    { numRuns: 2_000 },
  )
})

for (const [what, scan, numRuns] of [
  ['made by a scanner', soundScan, 1_000],
  ['that hold anything', unsoundScan, 1_000],
] as const)
  t.test(`tables ${what} give the same slots in the same order`, { skip }, async () => {
    fc.assert(
      fc.property(scan, options, (tables, options) => {
        const ours = extractFeatures(tables, options)
        assert.deepEqual(ours, native.extract(tables, options))
      }),
      { numRuns },
    )
  })

t.test('naming the features does not change them, and names each', async () => {
  fc.assert(
    fc.property(soundScan, tables => {
      const { vector, names } = nameFeatures(tables)
      assert.deepEqual(vector, extractFeatures(tables, defaultFeatureOptions))
      assert.ok(vector.every((slots, group) => slots.every(slot => names[group]!.has(slot))))
    }),
    { numRuns: 100 },
  )
})

t.test('twice the text, fields and links cost no more than three times as much', { skip }, async t => {
  const message = (size: number) =>
    scanOf([
      {
        text: Array.from({ length: size * 1_000 }, (_, index) => `word${index.toString(36)}x`).join(' '),
        fields: Array.from({ length: size * 10 }, (_, index) => ['from', `n${index} <a@b${index}.example>`]),
        urls: Array.from({ length: size * 10 }, (_, index) => `http://h${index}.example/a/b${index}?c=d`),
      },
    ])
  const [once, twice] = [message(1), message(2)].map(tables =>
    native.time(tables, defaultFeatureOptions, undefined, 200),
  )
  t.ok(twice! < once! * 3, `${once} ns and ${twice} ns`)
})
