/**
 * When the running gateway asks its mirror.
 */
import t from 'tap'
import { untilNext } from '../../src/engine/updates.ts'

const hour = 3_600_000

t.test('at once when it never asked, and when it is overdue', async t => {
  t.equal(untilNext(5 * hour, undefined, hour, 0.5), 0)
  t.equal(untilNext(5 * hour, 3 * hour, hour, 1), 0)
})

t.test('after the span, and up to a tenth of it later', async t => {
  t.equal(untilNext(5 * hour, 5 * hour, hour, 0), hour)
  t.equal(untilNext(5 * hour, 5 * hour, hour, 1), 66 * 60_000)
})

t.test('a clock that was put back does not keep updates away', async t => {
  t.equal(untilNext(5 * hour, 6 * hour, hour, 0), 0)
})
