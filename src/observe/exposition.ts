/**
 * The figures in the text format of Prometheus.
 *
 * The Counter, Gauge and Histogram of prom-client keep their values in objects of their own, and a Histogram can only
 * be fed one observation at a time; ours lie in memory shared by all threads. So each metric is registered as an object
 * with `get`, which is all that the Registry asks of one, and reads the shared memory when it is scraped.
 */
import { type Metric, type MetricType, type MetricValueWithName, Registry } from 'prom-client'
import { type Reason, reasons } from '#mail/reason.ts'
import { buckets, type CountersReading, type HistogramName } from '#observe/counters.ts'

/** What only the supervisor knows. */
export interface EngineFigures {
  readonly threads: number
  readonly serving: number
  readonly restarts: number
  /** Seconds since 1970. */
  readonly startedAt: number
}

export interface Exposition {
  readonly contentType: string
  text(): Promise<string>
}

interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
  /** Appended to the name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string
}

interface Definition {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly samples: () => readonly Sample[]
}

export function createExposition(
  counters: CountersReading,
  figures: () => EngineFigures,
  now: () => number,
): Exposition {
  const registry = new Registry()
  for (const definition of [
    ...sessionMetrics(counters),
    ...scanMetrics(counters),
    ...deliveryMetrics(counters),
    ...queueMetrics(counters, now),
    ...processMetrics(counters, figures),
  ])
    registry.registerMetric(metricOf(definition))
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

function metricOf({ name, help, type, samples }: Definition): Metric {
  const get = async () => ({
    name,
    help,
    type: type as unknown as MetricType,
    aggregator: 'sum' as const,
    values: samples().map(
      ({ labels = {}, value, suffix }): MetricValueWithName<string> => ({
        labels,
        value,
        metricName: `${name}${suffix ?? ''}`,
      }),
    ),
  })
  // The declared type names the three classes; the Registry uses `name` and `get` (prom-client 15, lib/registry.js).
  return { name, get } as unknown as Metric
}

const one = (value: () => number) => () => [{ value: value() }]

const labelled =
  (label: string, values: Readonly<Record<string, () => number>>): (() => Sample[]) =>
  () =>
    Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value: value() }))

const sessionMetrics = (counters: CountersReading): Definition[] => [
  {
    name: 'sluice_sessions_total',
    help: 'SMTP connections accepted, by zone.',
    type: 'counter',
    samples: labelled('zone', {
      outside: () => counters.total('sessionsOutside'),
      inside: () => counters.total('sessionsInside'),
    }),
  },
  {
    name: 'sluice_sessions_open',
    help: 'SMTP sessions that are open now.',
    type: 'gauge',
    samples: one(() => counters.gauge('sessionsOpen')),
  },
  {
    name: 'sluice_authentications_total',
    help: 'Successful AUTH commands.',
    type: 'counter',
    samples: one(() => counters.total('authentications')),
  },
  {
    name: 'sluice_messages_accepted_total',
    help: 'Messages that were written to disk and acknowledged.',
    type: 'counter',
    samples: one(() => counters.total('acceptedMessages')),
  },
  {
    name: 'sluice_recipients_accepted_total',
    help: 'Recipients of the messages that were acknowledged.',
    type: 'counter',
    samples: one(() => counters.total('acceptedRecipients')),
  },
  {
    name: 'sluice_octets_accepted_total',
    help: 'Octets of the messages that were acknowledged.',
    type: 'counter',
    samples: one(() => counters.total('acceptedOctets')),
  },
  {
    name: 'sluice_refusals_total',
    help: 'Refusals of connections, commands and messages, by reason.',
    type: 'counter',
    samples: () =>
      (Object.keys(reasons) as Reason[]).map(reason => ({
        labels: { reason },
        value: counters.refusals(reason),
      })),
  },
  histogramOf(counters, 'commit', 'sluice_commit_seconds', 'From end of data until the message is on disk.'),
]

const scanMetrics = (counters: CountersReading): Definition[] => [
  {
    name: 'sluice_messages_scanned_total',
    help: 'Messages whose content was scanned on its way to the disk.',
    type: 'counter',
    samples: one(() => counters.total('scans')),
  },
  {
    name: 'sluice_messages_not_scanned_total',
    help: 'Messages that went on without the scan that they should have had, by reason; the log and the tracking say more.',
    type: 'counter',
    samples: labelled('reason', {
      'scanner-failed': () => counters.total('notScannedFailed'),
      'too-many-scans': () => counters.total('notScannedTooMany'),
    }),
  },
  {
    name: 'sluice_scan_flags_total',
    help: 'Messages with something ambiguous, broken or suspicious in their form, by what it is.',
    type: 'counter',
    samples: () => [...counters.flags()].map(([flag, value]) => ({ labels: { flag }, value })),
  },
  {
    name: 'sluice_scan_rule_hits_total',
    help: 'Rules of lexicons that hit a message.',
    type: 'counter',
    samples: one(() => counters.total('scanRuleHits')),
  },
  {
    name: 'sluice_scan_undecided_total',
    help: 'Messages of which it is not known whether a rule hits: its time was spent, or the text was too long.',
    type: 'counter',
    samples: one(() => counters.total('scanUndecided')),
  },
  {
    name: 'sluice_verdicts_total',
    help: 'Recipients of messages that were judged by their score, by what was decided.',
    type: 'counter',
    samples: labelled('verdict', {
      pass: () => counters.total('verdictsPass'),
      tag: () => counters.total('verdictsTag'),
      redirect: () => counters.total('verdictsRedirect'),
      hold: () => counters.total('verdictsHold'),
      refuse: () => counters.total('verdictsRefuse'),
      discard: () => counters.total('verdictsDiscard'),
      defer: () => counters.total('verdictsDefer'),
    }),
  },
  histogramOf(counters, 'scan', 'sluice_scan_seconds', 'Time that the scan of a message took in its thread.'),
]

const deliveryMetrics = (counters: CountersReading): Definition[] => [
  {
    name: 'sluice_delivery_attempts_total',
    help: 'Delivery attempts; one covers all recipients of a message in one domain.',
    type: 'counter',
    samples: one(() => counters.total('attempts')),
  },
  {
    name: 'sluice_delivery_recipients_total',
    help: 'Recipients tried, by outcome.',
    type: 'counter',
    samples: labelled('outcome', {
      delivered: () => counters.total('recipientsDelivered'),
      deferred: () => counters.total('recipientsDeferred'),
      failed: () => counters.total('recipientsFailed'),
    }),
  },
  {
    name: 'sluice_notifications_total',
    help: 'Delivery status notifications sent, by kind.',
    type: 'counter',
    samples: labelled('kind', {
      failed: () => counters.total('notifiedFailed'),
      delayed: () => counters.total('notifiedDelayed'),
      success: () => counters.total('notifiedSuccess'),
    }),
  },
  {
    name: 'sluice_failures_untold_total',
    help: 'Failed recipients of whom nobody was told: a notification itself, or NOTIFY=NEVER.',
    type: 'counter',
    samples: one(() => counters.total('dropped')),
  },
  {
    name: 'sluice_messages_done_total',
    help: 'Messages that left the queue with nothing left to do.',
    type: 'counter',
    samples: one(() => counters.total('done')),
  },
  histogramOf(counters, 'attempt', 'sluice_delivery_attempt_seconds', 'Duration of a delivery attempt.'),
]

const queueMetrics = (counters: CountersReading, now: () => number): Definition[] => [
  {
    name: 'sluice_queue_messages',
    help: 'Messages in the queue, by state.',
    type: 'gauge',
    samples: labelled('state', {
      waiting: () =>
        Math.max(
          0,
          counters.gauge('queueMessages') - counters.gauge('queueHeld') - counters.gauge('queueDelivering'),
        ),
      delivering: () => counters.gauge('queueDelivering'),
      held: () => counters.gauge('queueHeld'),
    }),
  },
  {
    name: 'sluice_queue_octets',
    help: 'Octets of content in the queue.',
    type: 'gauge',
    samples: one(() => counters.gauge('queueOctets')),
  },
  {
    name: 'sluice_queue_oldest_age_seconds',
    help: 'Age of the oldest message in the queue; 0 when it is empty.',
    type: 'gauge',
    samples: one(() => {
      const oldest = counters.oldest()
      return oldest === undefined ? 0 : Math.max(0, (now() - oldest) / 1_000)
    }),
  },
  {
    name: 'sluice_storage_refusing_threads',
    help: 'Engine threads that refuse new mail because of the disk: it is full (452) or it fails (451).',
    type: 'gauge',
    samples: labelled('reason', {
      full: () => counters.gauge('storageFull'),
      failed: () => counters.gauge('storageFailed'),
    }),
  },
  {
    name: 'sluice_queue_operations_total',
    help: 'Messages that an operator held, released, retried or removed.',
    type: 'counter',
    samples: one(() => counters.total('operatorActions')),
  },
]

const processMetrics = (counters: CountersReading, figures: () => EngineFigures): Definition[] => [
  {
    name: 'sluice_tracking_lost_lines_total',
    help: 'Tracking lines dropped because the disk failed or did not keep up.',
    type: 'counter',
    samples: one(() => counters.total('trackingLost')),
  },
  {
    name: 'sluice_threads',
    help: 'Engine threads, by state.',
    type: 'gauge',
    samples: labelled('state', {
      serving: () => figures().serving,
      absent: () => figures().threads - figures().serving,
    }),
  },
  {
    name: 'sluice_thread_restarts_total',
    help: 'Engine threads that died and were replaced.',
    type: 'counter',
    samples: one(() => figures().restarts),
  },
  {
    name: 'process_cpu_seconds_total',
    help: 'Processor time of all threads, user and system.',
    type: 'counter',
    samples: one(() => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    }),
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory.',
    type: 'gauge',
    samples: one(() => process.memoryUsage.rss()),
  },
  {
    name: 'process_start_time_seconds',
    help: 'Start of the process, seconds since 1970.',
    type: 'gauge',
    samples: one(() => figures().startedAt),
  },
]

function histogramOf(
  counters: CountersReading,
  histogram: HistogramName,
  name: string,
  help: string,
): Definition {
  const samples = () => {
    const { counts, sum } = counters.histogram(histogram)
    let below = 0
    const bucketSamples = counts.map((count, index): Sample => {
      below += count
      const bound = buckets[index]
      return {
        suffix: '_bucket',
        labels: { le: bound === undefined ? '+Inf' : String(bound / 1_000) },
        value: below,
      }
    })
    return [...bucketSamples, { suffix: '_sum', value: sum / 1_000 }, { suffix: '_count', value: below }]
  }
  return { name, help, type: 'histogram', samples }
}
