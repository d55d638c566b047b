/** What was decided about a message, as a sentence and as figures. */
import t from 'tap'
import { createMessageIdSource } from '#mail/message-id.ts'
import { verdictKinds } from '#mail/verdict.ts'
import { attachCounters, createCountersMemory, readCounters } from '#observe/counters.ts'
import type { TrackingEvent } from '#observe/event.ts'
import { createExposition } from '#observe/exposition.ts'
import { sentenceOf } from '#observe/story.ts'

type Judged = Extract<TrackingEvent, { event: 'judged' }>

const id = createMessageIdSource(0, { now: () => 1_790_000_000_000 })()
const judged = (verdicts: Judged['verdicts'], score?: number): Judged => ({
  event: 'judged',
  session: 's',
  id,
  ...(score !== undefined && { score }),
  verdicts,
})
const sentence = (event: TrackingEvent) =>
  sentenceOf({ ...event, t: 0, thread: 0 }).slice('00:00:00.000 '.length)

t.test('a verdict is told with its reason, its score, its band and for whom it is', async t => {
  t.equal(
    sentence(judged([{ kind: 'hold', because: 'band', from: 0.9, to: ['jo@example.org'] }], 0.973_18)),
    `judged ${id}: hold: the score is in that band (0.9731, from 0.9) for <jo@example.org>`,
  )
  t.equal(
    sentence(
      judged(
        [
          {
            kind: 'redirect',
            because: 'band',
            from: 0.9,
            redirectedTo: 'q@example.org',
            to: ['a@b.example'],
          },
          { kind: 'pass', because: 'below-bands', to: ['c@d.example'] },
        ],
        0.95,
      ),
    ),
    `judged ${id}: redirect: the score is in that band (0.9500, from 0.9) to <q@example.org> for <a@b.example>; pass: the score is below every band (0.9500) for <c@d.example>`,
  )
  t.equal(
    sentence(judged([{ kind: 'tag', because: 'not-scanned', to: ['jo@example.org'] }])),
    `judged ${id}: tag: the message could not be scanned for <jo@example.org>`,
  )
})

t.test('the scan tells the score and what weighed most', async t => {
  const scanned: TrackingEvent = {
    event: 'scanned',
    session: 's',
    id,
    parts: 1,
    size: 100,
    flags: [],
    score: 0,
    rules: [],
    moreRules: 0,
    undecided: [],
    microseconds: 48,
    opinion: {
      score: 0.999_99,
      symbols: [
        { name: 'A', weight: 2 },
        { name: 'B\nC', weight: -0.5 },
      ],
    },
  }
  t.equal(sentence(scanned), `scanned ${id} in 48 µs: 1 part; score 0.9999, A +2.00, B?C -0.50`)
})

t.test('verdicts are counted by recipients, each kind for itself', async t => {
  const memory = createCountersMemory(1)
  const { count } = attachCounters(memory, 0)
  for (const [index, kind] of verdictKinds.entries())
    count(judged([{ kind, because: 'band', to: Array(index + 1).fill('jo@example.org') }], 0.9))
  const figures = () => ({ threads: 1, serving: 1, restarts: 0, startedAt: 0 })
  const text = await createExposition(readCounters(memory), figures, () => 0).text()
  for (const [index, kind] of verdictKinds.entries())
    t.match(text, `sluice_verdicts_total{verdict="${kind}"} ${index + 1}\n`)
})
