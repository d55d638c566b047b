import fc from 'fast-check'
import t from 'tap'
import type { Scanner } from '../../src/scanner/scanner.ts'
import { engineOf, rulesFor, scanningWith, scanOf, suspicious, usableEngines, writeLexicon } from './rig.ts'

const crash = (): never => {
  throw new Error('crashed')
}

/** `time` differs from run to run. */
const timeless = (result: unknown) => ({ ...(result as object), microseconds: 0 })

for (const engine of usableEngines())
  t.test(`the ${engine.kind} scanner`, async t => {
    const directory = t.testdir()
    const elephant = await rulesFor(engine, [await writeLexicon(directory, 'elephant', 'purple elephant')])

    t.test('a report has parts, flags and rules, however the message was cut', async t => {
      const { scanning } = await scanningWith(engine, elephant)
      const whole = scanOf(scanning, suspicious)
      t.match(whole, {
        kind: 'scanned',
        parts: 3,
        size: suspicious.length,
        score: 2.5,
        rules: [{ rule: 'elephant', score: 2.5 }],
        moreRules: 0,
        undecided: [],
      })
      if (whole?.kind !== 'scanned') throw new Error('it was not scanned')
      t.ok(['base64-character', 'boundary-near'].every(flag => whole.flags.includes(flag)))
      t.equal(new Set(whole.flags).size, whole.flags.length, 'each flag once')
      fc.assert(
        fc.property(fc.array(fc.nat(suspicious.length), { maxLength: 6 }), cuts => {
          const ends = [0, ...cuts.sort((a, b) => a - b), suspicious.length]
          const pieces = ends.slice(1).map((end, index) => suspicious.subarray(ends[index], end))
          t.strictSame(timeless(scanOf(scanning, ...pieces)), timeless(whole))
        }),
        { numRuns: 50 },
      )
    })

    t.test(
      'a scan that is under way ends with the rules it began with, the next has the new ones',
      async t => {
        const { scanning } = await scanningWith(engine, elephant)
        const before = scanning.open()
        before.take(suspicious.subarray(0, 100))
        const dances = await rulesFor(engine, [await writeLexicon(directory, 'dances', 'elephant dances')])
        await scanning.use(dances)
        before.take(suspicious.subarray(100))
        t.match(before.finish(), { rules: [{ rule: 'elephant' }] })
        t.match(scanning.scanners(), { out: 0, idle: 0 }, 'its scanner is not used again')
        t.match(scanOf(scanning, suspicious), { rules: [{ rule: 'dances' }] })
      },
    )

    t.test('rules of several lexicons are told together', async t => {
      const files = [
        await writeLexicon(directory, 'one', 'purple elephant'),
        await writeLexicon(directory, 'none', 'green elephant'),
        await writeLexicon(directory, 'two', 'elephant dances'),
      ]
      const { scanning } = await scanningWith(engine, await rulesFor(engine, files))
      t.match(scanOf(scanning, suspicious), {
        score: 5,
        rules: [{ rule: 'one' }, { rule: 'two' }],
      })
    })

    t.test('scanners are used again, and as many are open as messages are under way', async t => {
      const { scanning } = await scanningWith(engine, elephant)
      const scans = Array.from({ length: 5 }, () => scanning.open())
      t.match(scanning.scanners(), { out: 0, idle: 0 }, 'none before the first octets')
      for (const scan of scans) scan.take(suspicious)
      t.match(scanning.scanners(), { out: 5, idle: 0 })
      scans[0]!.abandon()
      scans[0]!.abandon()
      for (const scan of scans.slice(1)) t.match(scan.finish(), { kind: 'scanned', parts: 3 })
      t.match(scanning.scanners(), { out: 0, idle: 5 })
      t.match(scanOf(scanning, suspicious), { parts: 3 }, 'nothing is left of the message that was abandoned')
      t.match(scanning.scanners(), { out: 0, idle: 5 })
    })
  })

const [anyEngine] = usableEngines()

t.test('nothing is scanned while that is switched off', async t => {
  const { scanning } = await scanningWith(anyEngine!, { kind: 'off' })
  t.equal(scanOf(scanning, suspicious), undefined)
  const begun = scanning.open()
  await scanning.use({ kind: 'scan', lexicons: [], patterns: undefined, model: undefined })
  begun.take(suspicious)
  t.match(begun.finish(), { kind: 'scanned' }, 'what counts is when the octets come')
})

t.test('octets under way are bounded, and what is over is free again', async t => {
  const { scanning } = await scanningWith(anyEngine!, undefined, 100)
  const [first, second] = [scanning.open(), scanning.open()]
  first.take(suspicious.subarray(0, 80))
  second.take(suspicious.subarray(0, 80))
  t.match(second.finish(), { kind: 'not-scanned', reason: 'too-many-scans' })
  t.match(scanning.scanners(), { out: 1 })
  first.abandon()
  t.match(scanOf(scanning, suspicious.subarray(0, 80)), { kind: 'scanned' })
  t.match(scanning.scanners(), { out: 0 })
})

const quiet: Scanner = { write() {}, end: crash, endInBrief: crash, abandon() {} }
const broken: readonly (readonly [where: string, scanner: () => Scanner])[] = [
  ['opening', crash],
  ['writing', () => ({ ...quiet, write: crash })],
  ['the end', () => quiet],
]

for (const [where, open] of broken)
  t.test(
    `an exception in ${where} is a report, a complaint, and a scanner that nobody uses again`,
    async t => {
      const { scanning, complaints } = await scanningWith(engineOf(open))
      t.strictSame(scanOf(scanning, suspicious, suspicious), {
        kind: 'not-scanned',
        reason: 'scanner-failed',
      })
      t.equal(complaints.length, 1)
      t.match(scanning.scanners(), { out: 0, idle: 0 })
    },
  )

t.test('an exception in abandoning is a complaint', async t => {
  const { scanning, complaints } = await scanningWith(engineOf(() => ({ ...quiet, abandon: crash })))
  const scan = scanning.open()
  scan.take(suspicious)
  scan.abandon()
  t.equal(complaints.length, 1)
  t.match(scanning.scanners(), { out: 0, idle: 0 })
})
