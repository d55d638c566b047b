/** What a site learns from its users, and what one of them cannot do to the others. */
import t from 'tap'
import { learn } from '#content/spam/learning/batches.ts'
import { type Correction, correctedLogOdds, messageOf, noCorrection } from '#content/spam/learning/message.ts'
import { administrator } from '#content/spam/learning/report.ts'
import { randomOf } from '../bulk/texts.ts'
import { campaign, copyOf, letter, model, now, reported, user } from './site.ts'

const scoreOf = (words: readonly number[], correction: Correction = noCorrection(model)): number =>
  1 / (1 + Math.exp(-correctedLogOdds(messageOf(reported('a@b', true, words), model), correction)))

const random = randomOf(3)
const hour = 3_600_000
const day = 24 * hour
const count = <Item>(number: number, of: (each: number) => Item) =>
  Array.from({ length: number }, (_, each) => of(each))
const letters = count(120, () => letter(random))
const copies = count(40, () => copyOf(campaign(1), random))
const offer = campaign(1)

t.setTimeout(120_000)

t.test(
  'twenty users report a new campaign: its copies score above 0.9, and other mail stays where it is',
  async t => {
    t.ok(scoreOf(offer) < 0.5, `the model does not know it: ${scoreOf(offer)}`)
    const { correction, lessons, rejected } = learn(
      count(20, each => reported(user(each), true, copyOf(offer, random))),
      model,
    )
    t.same([lessons.length, rejected.length], [1, 0])
    for (const copy of count(20, () => copyOf(offer, random))) t.ok(scoreOf(copy, correction) > 0.9)
    for (const each of letters) {
      const moved = Math.abs(scoreOf(each, correction) - scoreOf(each))
      t.ok(moved <= 0.02, `unrelated ham moves by ${moved}`)
    }
  },
)

t.test('a newsletter that the filter holds is ham when users say so', async t => {
  const newsletter = campaign(2).map((word, at) => (at % 4 === 0 ? Math.ceil(word / 10) * 10 : word))
  const before = scoreOf(newsletter)
  t.ok(before > 0.5, `${before}`)
  const { correction } = learn(
    count(8, each => reported(user(each), false, newsletter)),
    model,
  )
  t.ok(scoreOf(newsletter, correction) < 0.2)
})

t.test('1,000 false reports of one user move nobody’s verdict', async t => {
  const false_ = count(1_000, each => reported(user(666), true, letters[each % letters.length]!, now + each))
  const { correction, lessons, waiting } = learn(false_, model)
  t.equal(lessons.length, 0)
  t.ok(waiting > 100)
  for (const each of letters) t.equal(scoreOf(each, correction), scoreOf(each))
})

t.test(
  '1,000 false reports of one user beside those of an honest majority change nothing of what it learns',
  async t => {
    const honest = count(20, each => reported(user(each), true, copyOf(offer, random)))
    const false_ = [
      ...count(500, each => reported(user(666), true, letters[each % letters.length]!, now + each)),
      ...count(500, each => reported(user(666), false, copies[each % copies.length]!, now + each)),
    ]
    const { correction } = learn([...honest, ...false_], model)
    t.ok(scoreOf(offer, correction) > 0.9)
    for (const each of letters) {
      const [before, after] = [scoreOf(each), scoreOf(each, correction)]
      t.equal(after > 0.5, before > 0.5)
      t.ok(Math.abs(after - before) <= 0.02)
    }
  },
)

t.test('many addresses of one user are one reporter', async t => {
  const same = count(20, each => reported(`User1+${each}@Example.org`, true, offer))
  t.equal(learn(same, model).lessons.length, 0)
})

t.test('fewer than three reporters teach nothing; the administrator alone does', async t => {
  const two = count(2, each => reported(user(each), true, offer))
  t.match(learn(two, model), { lessons: [], waiting: 1 })
  const { correction } = learn([reported(administrator, true, offer)], model)
  t.ok(scoreOf(offer, correction) > 0.8)
})

t.test('what reporters contradict each other about is held out, and told', async t => {
  const split = count(10, each => reported(user(each), each % 2 === 0, offer))
  t.match(learn(split, model), { lessons: [], contradicted: 1, waiting: 0 })
  t.match(
    learn([...split, reported(administrator, false, offer)], model),
    { contradicted: 0 },
    'until the administrator says what it is',
  )
})

t.test('who changes his mind has the voice that he gave last', async t => {
  const reports = count(4, each => reported(user(each), true, offer))
  const later = count(4, each => reported(user(each), false, offer, now + hour))
  const [lesson] = learn([...later, ...reports], model).lessons
  t.equal(lesson?.spam, false)
})

t.test('a batch that would undo what was learned before is rejected, and said why', async t => {
  const honest = count(12, each => reported(user(each), true, offer))
  // Words of the campaign in texts that are no copies of it, by three users who work together.
  const conspiracy = count(3, each =>
    count(12, part => {
      const words = [...offer.slice(part * 9, part * 9 + 45), ...campaign(20 + part, 75)]
      return reported(user(100 + each), false, words, now + day)
    }),
  ).flat()
  const { correction, rejected } = learn([...honest, ...conspiracy], model)
  t.ok(scoreOf(offer, correction) > 0.9)
  t.match(rejected, [
    { day: '2026-05-02', reason: /^12 reports that were learned before would be judged wrong/ },
  ])
  t.same(rejected[0]!.reporters, [user(100), user(101), user(102)])
})

t.test('a batch that makes reference mails wrong is rejected', async t => {
  const dear = letters[0]!
  const reports = count(5, each => reported(user(each), true, dear))
  t.equal(learn(reports, model).rejected.length, 0, 'without a reference nobody contradicts')
  const { rejected, correction } = learn(reports, model, [reported('a@b', false, dear)])
  t.match(rejected, [{ lessons: 1, reason: '1 of the reference mails would be judged wrong' }])
  t.equal(scoreOf(dear, correction), scoreOf(dear))
})

t.test(
  'a batch that makes the reports of two others wrong is rejected; one alone, or two of them against many, cannot keep others from learning',
  async t => {
    const near = [...offer.slice(0, 50), ...campaign(5).slice(0, 70)]
    const other = [...offer.slice(0, 50), ...campaign(6).slice(0, 70)]
    const batch = count(4, each => reported(user(each), true, offer, now + day))
    t.equal(learn([...batch, reported(user(50), false, near)], model).rejected.length, 0)
    const { rejected } = learn(
      [...batch, reported(user(50), false, near), reported(user(51), false, other)],
      model,
    )
    t.match(rejected, [{ reason: '2 other reporters would see their own reports judged wrong' }])
    const many = count(20, each => reported(user(each), true, offer, now + day))
    const objecting = [reported(user(50), false, near), reported(user(51), false, other)]
    t.equal(learn([...many, ...objecting], model).rejected.length, 0)
  },
)

t.test('the same reports give the same correction, in whatever order they stand in the journal', async t => {
  const reports = [
    ...count(6, each => reported(user(each), true, copyOf(offer, random))),
    ...count(6, each => reported(user(each), false, campaign(4), now + each)),
  ]
  const one = learn(reports, model)
  const other = learn(reports.toReversed(), model)
  t.same(other.correction, one.correction)
  t.same(
    other.lessons.map(({ weight }) => weight),
    one.lessons.map(({ weight }) => weight),
  )
})

t.test('no reporter counts more for reporting more', async t => {
  const flood = count(60, each =>
    count(4, reporter => reported(user(reporter), true, campaign(100 + each), now)),
  ).flat()
  const weights = learn(flood, model).lessons.map(({ weight }) => weight)
  t.ok(weights.length > 50)
  t.ok(
    weights.every(weight => weight <= 1.1),
    'three voices beside the heaviest, a third each',
  )
})
