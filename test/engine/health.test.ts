import t from 'tap'
import type { EngineStatus } from '../../src/control/protocol.ts'
import { healthOf } from '../../src/engine/health.ts'

const status = (change: Partial<EngineStatus>): EngineStatus => ({
  pid: 1,
  version: '1',
  startedAt: 0,
  hostname: 'h',
  dataDirectory: '/d',
  state: 'serving',
  threads: [
    { thread: 0, state: 'serving', restarts: 0 },
    { thread: 1, state: 'serving', restarts: 3 },
  ],
  listeners: [],
  storage: 'well',
  configurationProblems: [],
  restartNeeded: [],
  ...change,
})

const absent = [
  { thread: 0, state: 'serving', restarts: 0 },
  { thread: 1, state: 'absent', restarts: 3 },
] as const

// Why each matters: a balancer in front takes a gateway out of use when it is not healthy.
const rows: readonly (readonly [
  what: string,
  change: Partial<EngineStatus>,
  healthy: boolean,
  line: RegExp,
])[] = [
  ['all threads serve', {}, true, /^serving: 2 of 2/],
  ['one is being replaced', { state: 'impaired', threads: absent }, false, /^impaired: engine thread 1 of 2/],
  [
    'the disk is full: connecting elsewhere is better than 452',
    { storage: 'full' },
    false,
    /^impaired: the disk has no room/,
  ],
  ['the end is near', { state: 'draining' }, false, /^draining/],
  ['not yet', { state: 'starting' }, false, /^starting/],
  ['a reload failed: it serves as before', { configurationProblems: ['a: b\nc'] }, true, /^serving/],
]
for (const [what, change, healthy, line] of rows)
  t.test(what, t => {
    const health = healthOf(status(change))
    t.equal(health.healthy, healthy)
    t.match(health.lines[0], line)
    for (const each of health.lines) t.notMatch(each, /\n/)
    t.end()
  })
