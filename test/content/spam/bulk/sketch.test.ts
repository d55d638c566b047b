/** Sketches: near copies are found, other texts are not. */
import t from 'tap'
import { createBulkMemory } from '#content/spam/bulk/memory.ts'
import { agreeing, leastAlike, leastSlots, type Sketch, Sketcher } from '#content/spam/bulk/sketch.ts'
import { changed, randomOf, slotsOf, textOf } from './texts.ts'

const trials = 400

/** Found by a band, and told to be like it. */
const isFound = (one: Sketch, other: Sketch): boolean =>
  one.bands.some((band, index) => band === other.bands[index]) && agreeing(one, other.bits, 0) >= leastAlike

const kept = ({ bands, bits }: Sketch): Sketch => ({ bands: bands.slice(), bits: bits.slice() })

/** Share of pairs of texts that are taken for copies; each pair with a key of its own. */
function shareFound(pairOf: (trial: number) => readonly [readonly number[], readonly number[]]): number {
  let found = 0
  for (let trial = 0; trial < trials; trial++) {
    const sketcher = new Sketcher({ first: Math.imul(trial, 7_919), second: trial })
    const [one, other] = pairOf(trial)
    const first = kept(sketcher.sketch(slotsOf(one))!)
    if (isFound(first, sketcher.sketch(slotsOf(other))!)) found++
  }
  return found / trials
}

const copies = (share: number, length: number) =>
  shareFound(trial => {
    const random = randomOf(trial)
    const text = textOf(random, length)
    return [changed(text, share, random), text]
  })

t.test('a copy with one word in twenty changed is found 98 times in 100, long or short', async t => {
  for (const length of [60, 200, 2_000]) t.ok(copies(0.05, length) >= 0.98, `${length} words`)
})

t.test('a copy with one word in ten changed is found 93 times in 100', async t => {
  for (const length of [60, 200, 2_000]) t.ok(copies(0.1, length) >= 0.93, `${length} words`)
})

t.test('texts of the same language that say other things are not taken for copies', async t => {
  for (const length of [60, 200, 2_000])
    t.equal(
      shareFound(trial => [textOf(randomOf(trial), length), textOf(randomOf(-trial - 1), length)]),
      0,
      `${length} words`,
    )
})

t.test('an exact copy agrees in every bin, whatever the order of its words', async t => {
  const sketcher = new Sketcher(createBulkMemory().key)
  const slots = slotsOf(textOf(randomOf(5)))
  const sketch = kept(sketcher.sketch(slots)!)
  t.same(kept(sketcher.sketch(slots.toReversed())!), sketch)
  t.equal(agreeing(sketch, sketch.bits, 0), 36)
})

t.test(
  'with another key the same text has another sketch, so that nobody outside can compute one',
  async t => {
    const slots = slotsOf(textOf(randomOf(5)))
    const one = kept(new Sketcher({ first: 1, second: 2 }).sketch(slots)!)
    t.notOk(isFound(one, new Sketcher({ first: 1, second: 3 }).sketch(slots)!))
    t.notOk(isFound(one, new Sketcher({ first: 5, second: 2 }).sketch(slots)!))
  },
)

t.test('a short text has no sketch', async t => {
  const slots = slotsOf(textOf(randomOf(5)))
  const sketcher = new Sketcher({ first: 1, second: 2 })
  t.equal(sketcher.sketch(slots.subarray(0, leastSlots - 1)), undefined)
  t.ok(sketcher.sketch(slots.subarray(0, leastSlots)))
})
