/** What a site has learned, as text and as JSON. */
import t from 'tap'
import { learnedAsJson, learnedAsText } from '#commands/learn-report.ts'
import { learn } from '#content/spam/learning/batches.ts'
import { campaign, model, reported, user } from '../content/spam/learning/site.ts'

const offer = campaign(1)
const learned = learn(
  [...[0, 1, 2].map(each => reported(user(each), true, offer)), reported(user(3), false, campaign(2))],
  model,
  [reported('a@b', false, offer)],
)
const told = { learned, lost: 7, written: true }

t.test('a rejected batch is told with its day, its reporters and the reason', async t => {
  t.equal(
    learnedAsText(told),
    [
      '4 reports of 4 reporters.',
      '0 messages are learned: 0 spam, 0 ham.',
      '1 wait for more reporters; 0 are held out, because reporters contradict each other.',
      'Rejected: 1 of 2026-05-01, by user0@example.org, user1@example.org, user2@example.org: 1 of the reference mails would be judged wrong.',
      '7 octets of the journal belong to no whole report and were left out.',
      'Wrote site.model.',
      '',
    ].join('\n'),
  )
})

t.test('the JSON says the same', async t => {
  t.match(JSON.parse(learnedAsJson(told)), {
    reports: 4,
    learned: { spam: 0, ham: 0 },
    waiting: 1,
    rejected: [{ day: '2026-05-01', lessons: 1 }],
    lost: 7,
    written: true,
  })
})
