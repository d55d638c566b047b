/** Calibration: probabilities that come true, whatever the margins. */
import fc from 'fast-check'
import t from 'tap'
import { calibrate } from '#content/spam/training/calibration.ts'
import { createRandom } from '#content/spam/training/random.ts'

t.test('margins of a known curve give that curve back', async t => {
  const random = createRandom(5)
  const unit = () => random(1_000_000) / 1_000_000
  const margins = Float64Array.from({ length: 20_000 }, () => unit() * 4 - 2)
  const labels = Uint8Array.from(margins, margin => (unit() < 1 / (1 + Math.exp(-(3 * margin - 1))) ? 1 : 0))
  const { slope, offset } = calibrate(margins, labels)
  t.ok(Math.abs(slope - 3) < 0.15, String(slope))
  t.ok(Math.abs(offset + 1) < 0.1, String(offset))
})

t.test(
  'a larger margin is never a smaller probability, and all is finite, even where the margins tell nothing or all',
  async () => {
    const margin = fc.double({ min: -1e3, max: 1e3, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(margin, fc.constantFrom(0, 1)), { minLength: 2, maxLength: 60 }),
        list => {
          const mails: readonly (readonly [number, number])[] = [...list, [1, 0], [-1, 1]]
          const { slope, offset } = calibrate(
            Float64Array.from(mails, ([each]) => each),
            Uint8Array.from(mails, ([, label]) => label),
          )
          return slope > 0 && Number.isFinite(slope) && Number.isFinite(offset)
        },
      ),
    )
  },
)

t.test('margins that divide the kinds cleanly do not make certain of anything', async t => {
  const { slope, offset } = calibrate(Float64Array.of(-2, -1, 1, 2), Uint8Array.of(0, 0, 1, 1))
  const probability = 1 / (1 + Math.exp(-(slope * 2 + offset)))
  t.ok(probability > 0.7 && probability < 0.95, String(probability))
})
