/** Models: the file, its scores in both languages, and what becomes of files that are none. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { describe, explain } from '#scanner/features/explain.ts'
import { extractFeatures } from '#scanner/features/features.ts'
import { type Model, modelOf } from '#scanner/features/model.ts'
import { type ModelWeights, type NumberFormat, numberFormats } from '#scanner/features/model-content.ts'
import { decodeModel, encodeModel, readModel, writeModel } from '#scanner/features/model-file.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import { loadComponents } from '../components.ts'
import { scanOf, soundScan } from './tables.ts'

interface NativeModel {
  open(path: string): string | Record<string, unknown>
  score(path: string, tables: ScanOutput): Float64Array
  lookUp(path: string, group: number, slots: Uint32Array): Float64Array
}

const components = loadComponents()
const skip = typeof components === 'string' ? components : false
const native = (typeof components === 'string' ? {} : components.model) as NativeModel

const bits = [12, 11, 10, 9] as const

/** Numbers that look random and are not. */
function numbers(length: number, seed: number, scale: number): Float32Array {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state / 2 ** 31 - 1) * scale
  })
}

function madeUp(scaled: boolean, carried = false): ModelWeights {
  return {
    facts: {
      name: 'made up – ünïcode',
      options: { bits, window: 3, carried },
      bias: -0.25,
      calibration: { slope: 2.5, offset: 0.125 },
      training: Uint8Array.from({ length: 32 }, (_, index) => index),
      ham: 3_486,
      spam: 1_767,
    },
    weights: bits.map((each, group) => numbers(2 ** each, group + 1, 3)),
    ...(scaled && { scales: bits.map((each, group) => numbers(2 ** each, group + 9, 8).map(Math.abs)) }),
  }
}

const read = (octets: Buffer): Model => {
  const decoded = decodeModel(octets)
  assert.ok('content' in decoded)
  return modelOf(decoded.content)
}

for (const format of numberFormats)
  for (const scaled of [true, false])
    t.test(
      `${format}${scaled ? ' with scales' : ''}: written, read, and scored alike in both languages`,
      async t => {
        const path = join(t.testdir(), 'model')
        const model = madeUp(scaled)
        await writeModel(path, model, format)
        t.same(readdirSync(join(path, '..')), ['model'], 'nothing is left beside it')
        const ours = read(readFileSync(path))
        t.same(ours.facts, model.facts)
        t.ok(isClose(ours, model, format))
        if (skip !== false) return
        const { slope, offset } = model.facts.calibration
        const { name, bias, ham, spam } = model.facts
        t.match(native.open(path), { name, bias, ham, spam, slope, offset, window: 3, carried: false, bits })
        fc.assert(
          fc.property(soundScan, tables => {
            const { margin, probability, groups } = ours.score(extractFeatures(tables, model.facts.options))
            for (const [index, number] of native.score(path, tables).entries())
              assert.ok(Math.abs(number - [margin, probability, ...groups][index]!) < 1e-6)
          }),
          { numRuns: 60 },
        )
        const slots = Uint32Array.of(0, 1, 511)
        const { weights, scales } = ours.lookUp(3, slots)
        t.same([...native.lookUp(path, 3, slots)], [...weights, ...scales])
      },
    )

/** What was read is what was written, as closely as the format has it. */
function isClose(model: Model, { weights, scales }: ModelWeights, format: NumberFormat): boolean {
  return weights.every((list, group) => {
    const read = model.lookUp(group, Uint32Array.from(list.keys()))
    const error = format === 'float32' ? 0 : format === 'float16' ? 3 / 2_048 : 3 / 127 / 2 + 1e-6
    const scaleError = format === 'float32' ? 0 : format === 'float16' ? 8 / 2_048 : 8 / 255 / 2 + 1e-6
    return list.every(
      (weight, slot) =>
        Math.abs(weight - read.weights[slot]!) <= error &&
        Math.abs((scales?.[group]?.[slot] ?? 1) - read.scales[slot]!) <= scaleError,
    )
  })
}

t.test('a file that is torn, foreign or of another version is refused with the same sentence', async t => {
  const path = join(t.testdir(), 'model')
  const whole = encodeModel(madeUp(true), 'float16')
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(whole)
    copy.writeUInt32LE(value, at)
    return copy
  }
  for (const [octets, why] of [
    [Buffer.alloc(0), /too short/],
    [Buffer.alloc(4_096), /not a model/],
    [Buffer.from('%PDF-1.7'.padEnd(500)), /not a model/],
    [changed(8, 2), /format is version 2; this program reads version 1/],
    [changed(16, 0xffffffff), /header is damaged/],
    [changed(20, 7), /header is damaged/],
    [changed(152, 0), /header is damaged/],
    [changed(whole.length - 4, 0), /table is damaged/],
    [whole.subarray(0, -1), /has \d+ octets and should have/],
    [Buffer.concat([whole, Buffer.alloc(1)]), /has \d+ octets and should have/],
  ] as const) {
    writeFileSync(path, octets)
    const ours = await readModel(path)
    t.match('refusal' in ours && ours.refusal, why)
    if (skip === false) t.equal(native.open(path), 'refusal' in ours && ours.refusal)
  }
  truncateSync(path, 100)
  t.match(await readModel(join(path, 'nowhere')), { refusal: /cannot be read/ })
  if (skip === false) t.match(native.open(join(path, 'nowhere')), /cannot be opened: /)
  if (skip === false) t.match(native.open(t.testdirName), /not a file/)
})

t.test('any octet that flips is noticed', async t => {
  const path = join(t.testdir(), 'model')
  const small: ModelWeights = {
    ...madeUp(false),
    facts: { ...madeUp(false).facts, options: { bits: [8, 8, 8, 8], window: 2, carried: true } },
    weights: [1, 2, 3, 4].map(seed => numbers(256, seed, 1)),
  }
  const whole = encodeModel(small, 'int8')
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const copy = Buffer.from(whole)
      copy[at]! ^= flip
      const ours = decodeModel(copy)
      assert.ok('refusal' in ours)
      if (skip !== false) return
      writeFileSync(path, copy)
      assert.equal(native.open(path), ours.refusal)
    }),
    { numRuns: 200 },
  )
})

t.test('a model that nobody could use is not written', async t => {
  const model = madeUp(true)
  const broken = (change: (weights: Float32Array) => void) => {
    const weights = model.weights.map(list => Float32Array.from(list))
    change(weights[1]!)
    return { ...model, weights }
  }
  t.throws(
    () =>
      encodeModel(
        broken(list => list.fill(Number.NaN)),
        'float32',
      ),
    /no number/,
  )
  t.throws(
    () =>
      encodeModel(
        broken(list => list.fill(70_000)),
        'float16',
      ),
    /too large for float16/,
  )
  t.throws(() => encodeModel({ ...model, weights: model.weights.slice(1) }, 'float32'), /needs 4096 weights/)
  t.throws(() => encodeModel({ ...model, scales: model.weights }, 'float32'), /below 0/)
  t.throws(() => encodeModel({ ...model, facts: { ...model.facts, name: 'x'.repeat(256) } }, 'int8'), /name/)
  t.throws(() => encodeModel({ ...model, facts: { ...model.facts, bias: Number.NaN } }, 'int8'), /bias/)
  await t.rejects(writeModel('/nowhere/model', model, 'int8'))
})

t.test('an explanation adds up to the score and names what pulled most', async t => {
  const model = read(encodeModel(madeUp(true), 'float32'))
  const scan = scanOf([
    {
      fields: [
        ['subject', 'Cheap wätches'],
        ['from', '"Straße" <a@example.com>'],
      ],
      text: 'Buy now, wätches!',
      urls: ['http://shop.example.net/pay.php?id=1'],
    },
  ])
  const { score, strongest, features, known } = explain(scan, model, 10_000)
  const sum = strongest.reduce((total, { contribution }) => total + contribution, model.facts.bias)
  t.ok(Math.abs(sum - score.margin) < 1e-9)
  t.ok(features >= known && known === strongest.length)
  const told = strongest.map(describe)
  for (const name of [
    'word “wätches”',
    'words “buy now”',
    'word in field “subject: wätches”',
    'words in field “subject: cheap wätches”',
    'word in field “from: straße”',
    'host of a link “example.net”',
    'file name of a link ends with “.php”',
    'parameter of a link “id”',
    'number “words: 3”',
  ])
    t.ok(told.includes(name), name)
  t.equal(explain(scan, model, 3).strongest.length, 3)
})
