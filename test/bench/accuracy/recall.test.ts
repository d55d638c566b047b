/** Recall at a share of false positives: what decides is a ham's own score, and who is level with it is not flagged. */
import t from 'tap'
import { flagged, type Judged, recallAt, thresholdAt } from '../../../bench/accuracy/recall.ts'

const judged = (label: Judged['label'], ...scores: readonly number[]): readonly Judged[] =>
  scores.map(score => ({ label, score }))

const hundred = Array.from({ length: 1_000 }, (_, index) => index / 1_000)

t.test('of a thousand ham at 0.1 % one may be flagged: the second highest is the threshold', async t => {
  const all = [...judged('ham', ...hundred), ...judged('spam', 0.998, 0.9985, 0.999, 2)]
  t.equal(thresholdAt(all, 0.001), 0.998)
  t.equal(recallAt(all, 0.001), 0.75)
})

t.test('999 ham at 0.1 % are too few for one that is flagged', async t => {
  const all = [...judged('ham', ...hundred.slice(1)), ...judged('spam', 0.9985, 0.9995)]
  t.equal(thresholdAt(all, 0.001), 0.999)
  t.equal(recallAt(all, 0.001), 0.5)
})

t.test('spam with the score of a ham that must pass is not found', async t => {
  const all = [...judged('ham', 0, 5, 5), ...judged('spam', 5, 5, 5, 6)]
  t.equal(recallAt(all, 0.34), 0.25)
})

t.test('ham level with the threshold is not flagged either, so never more than the share', async t => {
  const ham = judged('ham', ...hundred.map(score => Math.round(score * 10)))
  for (const share of [0, 0.001, 0.005, 0.03, 0.2])
    t.ok(flagged(ham, thresholdAt(ham, share)) <= share, `${share}`)
})

t.test('where every ham may be flagged, or there is none, all spam is found', async t => {
  t.equal(recallAt([...judged('ham', 1), ...judged('spam', 0, 1)], 1), 1)
  t.equal(recallAt(judged('spam', -3), 0.001), 1)
  t.equal(recallAt(judged('ham', 1), 0.001), 0, 'and without spam there is nothing to find')
})
