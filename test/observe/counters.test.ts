import t from 'tap'
import { createMessageIdSource } from '../../src/mail/message-id.ts'
import { reasons } from '../../src/mail/reason.ts'
import {
  attachCounters,
  clearGauges,
  createCountersMemory,
  readCounters,
} from '../../src/observe/counters.ts'
import { createExposition } from '../../src/observe/exposition.ts'

const id = createMessageIdSource(0, { now: () => 1_790_000_000_000 })()
const figures = () => ({ threads: 2, serving: 2, restarts: 0, startedAt: 1 })

t.test('what two threads count is one sum, and a dead thread has no open sessions', t => {
  const memory = createCountersMemory(2)
  const reading = readCounters(memory)
  for (const thread of [0, 1]) {
    const counters = attachCounters(memory, thread)
    counters.count({
      event: 'connected',
      session: 's',
      zone: 'inside',
      listener: 'l',
      client: 'c',
      port: 1,
    })
    counters.queue({ messages: 5, held: 1, delivering: 1, octets: 100, oldest: 1_000 * (thread + 1) })
  }
  t.equal(reading.total('sessionsInside'), 2)
  t.equal(reading.gauge('sessionsOpen'), 2)
  t.equal(reading.gauge('queueMessages'), 10)
  t.equal(reading.oldest(), 1_000)
  clearGauges(memory, 0)
  t.equal(reading.gauge('sessionsOpen'), 1)
  t.equal(reading.total('sessionsInside'), 2, 'totals only ever grow')
  t.equal(reading.oldest(), 2_000)
  t.end()
})

t.test('every reason for a refusal is a metric from the start', async t => {
  const memory = createCountersMemory(1)
  attachCounters(memory, 0).count({
    event: 'refused',
    session: 's',
    client: 'c',
    stage: 'rcpt',
    reason: 'relay-denied',
    reply: '550',
  })
  const text = await createExposition(readCounters(memory), figures, () => 0).text()
  for (const reason of Object.keys(reasons))
    t.match(text, `sluice_refusals_total{reason="${reason}"} ${reason === 'relay-denied' ? 1 : 0}\n`)
})

t.test('a histogram is cumulative, in seconds, and ends with +Inf, _sum and _count', async t => {
  const memory = createCountersMemory(1)
  const counters = attachCounters(memory, 0)
  for (const commit of [0.4, 3, 60_000])
    counters.count({
      event: 'accepted',
      session: 's',
      id,
      client: 'c',
      helo: 'h',
      from: 'a@x.test',
      to: ['b@y.test', 'c@y.test'],
      size: 10,
      commit,
    })
  const text = await createExposition(readCounters(memory), figures, () => 0).text()
  t.match(text, '# TYPE sluice_commit_seconds histogram\n')
  t.match(text, 'sluice_commit_seconds_bucket{le="0.0005"} 1\n')
  t.match(text, 'sluice_commit_seconds_bucket{le="0.003"} 2\n')
  t.match(text, 'sluice_commit_seconds_bucket{le="+Inf"} 3\n')
  t.match(text, 'sluice_commit_seconds_count 3\n')
  t.match(text, 'sluice_commit_seconds_sum 60.0034\n')
  t.match(text, 'sluice_recipients_accepted_total 6\n')
})
