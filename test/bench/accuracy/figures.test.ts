/** From scores to published figures, and from what contestants print to scores. */
import t from 'tap'
import { childSeconds, numbersOf } from '../../../bench/accuracy/contestant.ts'
import { costsOf, type Measured, recallsOf, subsetsOf } from '../../../bench/accuracy/figures.ts'
import type { Mail } from '../../../bench/accuracy/mail.ts'

const mail = (label: Mail['label'], subset: string, year: number): Mail => ({
  path: 'x.eml',
  label,
  subset,
  year,
  measureOnly: false,
  sender: 'example.com',
  text: '',
})

const fold = (scores: readonly number[], mails: readonly Mail[], cpuSeconds = 1): Measured => ({
  contestant: 'bogofilter',
  mails,
  training: { mails: 100, cpuSeconds },
  scores: { bogofilter: scores },
  costs: { bogofilter: { mails: mails.length, cpuSeconds } },
})

const old = [mail('ham', 'SA-easy_ham', 2002), mail('spam', 'SA-spam', 2002)]
const ours = [mail('ham', 'markup-optin', 2019), mail('spam', 'cw-l', 0)]

t.test('one threshold serves all folds, and the mean of the folds is told beside it', async t => {
  const results = [fold([0.9, 0.95], old), fold([0.1, 0.5], ours)]
  const { recall, recallOfFolds } = recallsOf(results, ['bogofilter'])
  t.match(recall.bogofilter, { 'at0.1': 0.5, 'at0.5': 0.5, modern: 1 })
  t.match(recallOfFolds.bogofilter, { 'at0.1': 1, 'at0.5': 1 })
})

t.test('a subset is told with the share that the threshold of all flags', async t => {
  const results = [fold([0.9, 0.95], old), fold([0.1, 0.5], ours)]
  t.strictSame(subsetsOf(results, ['bogofilter']), {
    'SA-easy_ham': { label: 'ham', mails: 1, bogofilter: 0 },
    'markup-optin': { label: 'ham', mails: 1, bogofilter: 0 },
    'SA-spam': { label: 'spam', mails: 1, bogofilter: 1 },
    'cw-l': { label: 'spam', mails: 1, bogofilter: 0 },
  })
})

t.test('CPU is per 1,000 mails of all folds together', async t => {
  const results = [fold([0, 1], old, 1), fold([0, 1], ours, 3)]
  t.strictSame(costsOf(results, ['bogofilter']), { bogofilter: { train: 20, score: 1_000 } })
})

t.test('a file that a contestant gives no number for fails the run', async t => {
  t.strictSame(numbersOf('a 0.5\nb\t0.25\t7\n', ['b', 'a']), [0.25, 0.5])
  t.throws(() => numbersOf('a 0.5\n', ['a', 'b']), /no score for b/)
  t.throws(() => numbersOf('a nan\n', ['a']), /no score for a/)
})

t.test('CPU of children is the last line of what `times` says', async t => {
  t.equal(childSeconds('a warning\n0m0.01s 0m0.02s\n1m2.50s 0m0.25s\n'), 62.75)
})
