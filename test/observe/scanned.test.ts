/** What the scan of a message found, as a sentence and as figures. */
import t from 'tap'
import type { ScanSummary } from '../../src/mail/content.ts'
import { createMessageIdSource } from '../../src/mail/message-id.ts'
import { attachCounters, createCountersMemory, readCounters } from '../../src/observe/counters.ts'
import type { TrackingEvent } from '../../src/observe/event.ts'
import { createExposition } from '../../src/observe/exposition.ts'
import { sentenceOf } from '../../src/observe/story.ts'

const id = createMessageIdSource(0, { now: () => 1_790_000_000_000 })()
const plain: Omit<ScanSummary, 'kind'> = {
  parts: 1,
  size: 4_096,
  flags: [],
  score: 0,
  rules: [],
  moreRules: 0,
  undecided: [],
  microseconds: 48,
}
const scanned = (facts: Partial<typeof plain> = {}): TrackingEvent => ({
  event: 'scanned',
  session: 's',
  id,
  ...plain,
  ...facts,
})
const notScanned = (reason: 'scanner-failed' | 'too-many-scans'): TrackingEvent => ({
  event: 'not-scanned',
  session: 's',
  id,
  reason,
})

const rows: readonly (readonly [why: string, event: TrackingEvent, sentence: string])[] = [
  ['nothing to say', scanned(), `scanned ${id} in 48 µs: 1 part`],
  [
    'form and words',
    scanned({
      parts: 5,
      flags: ['base64-character', 'boundary-near'],
      score: 2.5,
      rules: [{ rule: 'advance-fee', score: 2.5 }],
    }),
    `scanned ${id} in 48 µs: 5 parts, flags base64-character, boundary-near; rules advance-fee (2.5)`,
  ],
  [
    'more rules than anybody reads, and one in doubt',
    scanned({
      microseconds: 1_234,
      rules: [{ rule: 'one', score: -1 }],
      moreRules: 7,
      undecided: [{ rule: 'slow', reason: 'time' }],
    }),
    `scanned ${id} in 1,234 µs: 1 part; rules one (-1), 7 more; undecided slow (no time)`,
  ],
  [
    'a broken scanner',
    notScanned('scanner-failed'),
    `not scanned ${id}: the scanner failed, and the log says how`,
  ],
  [
    'too much at a time',
    notScanned('too-many-scans'),
    `not scanned ${id}: too many large messages came in at the same time`,
  ],
]

for (const [why, event, sentence] of rows)
  t.test(`the sentence of a scan: ${why}`, async t => {
    t.equal(sentenceOf({ ...event, t: 0, thread: 0 }).replace(/^\S+ /, ''), sentence)
  })

t.test('every flag is a metric from the start, and what is told is what is counted', async t => {
  const memory = createCountersMemory(2, ['nul', 'epilogue'])
  for (const thread of [0, 1]) {
    const { count } = attachCounters(memory, thread)
    count(scanned({ flags: ['epilogue', 'of-a-later-version'], microseconds: 60 }))
    count(
      scanned({
        rules: [{ rule: 'one', score: 1 }],
        moreRules: 2,
        undecided: [{ rule: 'two', reason: 'cut' }],
      }),
    )
    count(notScanned('scanner-failed'))
  }
  const figures = () => ({ threads: 2, serving: 2, restarts: 0, startedAt: 1 })
  const text = await createExposition(readCounters(memory), figures, () => 0).text()
  for (const line of [
    'sluice_messages_scanned_total 4',
    'sluice_messages_not_scanned_total{reason="scanner-failed"} 2',
    'sluice_messages_not_scanned_total{reason="too-many-scans"} 0',
    'sluice_scan_flags_total{flag="nul"} 0',
    'sluice_scan_flags_total{flag="epilogue"} 2',
    'sluice_scan_rule_hits_total 6',
    'sluice_scan_undecided_total 2',
    'sluice_scan_seconds_bucket{le="0.00005"} 2',
    'sluice_scan_seconds_bucket{le="0.0001"} 4',
    'sluice_scan_seconds_count 4',
  ])
    t.match(text, `${line}\n`)
})
