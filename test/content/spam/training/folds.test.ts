/** Folds and measures: senders stay together, and recall is counted as it is told. */
import { createHash } from 'node:crypto'
import t from 'tap'
import { foldsOf } from '#content/spam/training/folds.ts'
import { measure } from '#content/spam/training/measure.ts'

const mails = 400
const hashes = new Uint8Array(
  Buffer.concat(
    Array.from({ length: mails }, (_, mail) => createHash('sha256').update(String(mail)).digest()),
  ),
)
const label = Uint8Array.from({ length: mails }, (_, mail) => mail % 2)

t.test('mails of one source are in one fold, and every fold has both kinds', async t => {
  const source = Uint32Array.from({ length: mails }, (_, mail) => 1_000 + Math.floor(mail / 4))
  const folds = foldsOf({ label, source, hashes }, 5)
  for (let mail = 0; mail < mails; mail++) t.equal(folds[mail], folds[mail - (mail % 4)])
  for (const kind of [0, 1]) t.equal(new Set(folds.filter((_, mail) => label[mail] === kind)).size, 5)
})

t.test(
  'a source that has a tenth of its kind is split, and one source for all is no reason to have no folds',
  async t => {
    const large = Uint32Array.from({ length: mails }, (_, mail) =>
      mail % 2 === 0 && mail < 100 ? 7 : 1_000 + mail,
    )
    const folds = foldsOf({ label, source: large, hashes }, 5)
    t.equal(new Set(folds.filter((_, mail) => large[mail] === 7)).size, 5)
    const one = foldsOf({ label, source: new Uint32Array(mails), hashes }, 5)
    t.equal(new Set(one).size, 5)
  },
)

t.test('few mails of a kind are dealt out one by one', async t => {
  const few = { label: label.subarray(0, 10), source: new Uint32Array(10), hashes }
  t.same([...foldsOf(few, 5)], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
})

t.test('recall is the share of spam above all but so many ham; a tie counts for the ham', async t => {
  const margins = Float64Array.from({ length: 2_000 }, (_, mail) => mail % 1_000)
  const labels = Uint8Array.from({ length: 2_000 }, (_, mail) => (mail < 1_000 ? 0 : 1))
  const { ham, spam, points } = measure(margins, labels)
  t.same([ham, spam], [1_000, 1_000])
  // Of 1,000 ham one may be above: the threshold is the second of them.
  t.same(
    points.map(({ falsePositives, threshold, recall }) => [falsePositives, threshold, recall]),
    [
      [0.001, 998, 0.001],
      [0.005, 994, 0.005],
    ],
  )
})
