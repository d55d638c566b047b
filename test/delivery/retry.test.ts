import fc from 'fast-check'
import t from 'tap'
import { nextAttemptAt, pauseAfter } from '#delivery/retry.ts'

const minute = 60_000

t.test('waits follow the schedule, and the last one repeats', t => {
  const waits = [0, 1, 2, 9].map(attempts =>
    nextAttemptAt([minute, 5 * minute, 30 * minute], attempts, 0, 1e9, () => 0.5),
  )
  t.same(waits, [minute, 5 * minute, 30 * minute, 30 * minute])
  t.end()
})

t.test('a wait is varied by ten per cent at most', t => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 1e8 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (wait, lot) => {
        const next = nextAttemptAt([wait], 0, 0, Number.MAX_SAFE_INTEGER, () => lot)
        return next >= Math.floor(wait * 0.9) && next <= Math.ceil(wait * 1.1)
      },
    ),
  )
  t.end()
})

t.test('the last try is at the end of life', t => {
  t.equal(
    nextAttemptAt([4 * 60 * minute], 9, 100, 5_000, () => 0.5),
    5_000,
  )
  t.equal(
    nextAttemptAt([1_000], 0, 100, 5_000, () => 0.5),
    1_100,
  )
  t.end()
})

t.test('a pause grows with the failures in a row, to a quarter of an hour', t => {
  const schedule = [minute, 5 * minute, 60 * minute]
  t.same(
    [1, 2, 3, 50].map(failures => pauseAfter(schedule, failures, () => 0.5)),
    [minute, 5 * minute, 15 * minute, 15 * minute],
  )
  t.end()
})
